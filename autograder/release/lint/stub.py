"""The rule that runs the learner's notebook untouched, as many learners do first."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.release.kernel import CellError, run
from autograder.release.lint.model import Finding, Source, is_check
from autograder.release.lint.outputs import stub_earns_nothing

__all__ = ("stub_runs_to_its_end",)


def stub_runs_to_its_end(source: Source) -> Iterator[Finding]:
    """Run All on the untouched notebook raises nothing, and every check shows zero points."""
    try:
        executed = run(source.released, source.folder)
    except CellError as error:
        yield Finding(
            error.cell_id,
            f"With the stubs untouched, Run All stops here: {error.what}",
            "a stub fails only when it is called, and a check says 'not attempted'",
        )
        return
    for cell in executed.cells:
        if cell.cell_type == "code" and is_check(cell):
            yield from stub_earns_nothing(cell)
