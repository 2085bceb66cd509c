"""The one form of a stored notebook."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.release.canonical import canonical, keep_real_time
from autograder.release.course import to_bytes

WIDGET = "application/vnd.jupyter.widget-view+json"
TEXT = st.text("ab1 \n", max_size=6)

streams = st.fixed_dictionaries(
    {
        "output_type": st.just("stream"),
        "name": st.sampled_from(["stdout", "stderr"]),
        "text": TEXT,
    }
)
data = st.fixed_dictionaries(
    {"text/plain": TEXT}, optional={WIDGET: st.just({"model_id": "1"})}
) | st.just({WIDGET: {"model_id": "2"}})
shows = st.fixed_dictionaries(
    {"output_type": st.just("display_data"), "data": data, "metadata": st.just({})}
)
results = st.fixed_dictionaries(
    {
        "output_type": st.just("execute_result"),
        "data": data,
        "metadata": st.just({}),
        "execution_count": st.integers(1, 99),
    }
)
cell_metadata = st.fixed_dictionaries(
    {}, optional={"execution": st.just({}), "scrolled": st.booleans(), "collapsed": st.booleans()}
)
cells = st.fixed_dictionaries(
    {
        "cell_type": st.just("code"),
        "source": st.just("1"),
        "execution_count": st.none() | st.integers(1, 99),
        "metadata": cell_metadata,
        "outputs": st.lists(streams | shows | results, max_size=5),
    }
)
metadata = st.fixed_dictionaries(
    {},
    optional={
        "widgets": st.just({"application/vnd.jupyter.widget-state+json": {}}),
        "toollab": st.just({"minutes": 50}),
        "kernelspec": st.just({"name": "conda-env", "display_name": "Mine"}),
    },
)


@st.composite
def _notebooks(draw):
    """Draw a notebook as an editor may have saved it."""
    drawn = draw(st.lists(cells, max_size=3))
    for index, cell in enumerate(drawn):
        cell["id"] = f"cell-{index}"
    about = {"nbformat": 4, "nbformat_minor": 4 + bool(drawn), "metadata": draw(metadata)}
    return from_dict(about | {"cells": drawn})


notebooks = _notebooks()


@given(notebooks)
def test_idempotent(notebook):
    """What is canonical already stays as it is, to the byte."""
    once = canonical(notebook)
    assert to_bytes(canonical(once)) == to_bytes(once)


@given(notebooks)
def test_source_is_left_alone(notebook):
    """Making a canonical form does not change what it is made from."""
    before = to_bytes(notebook)
    canonical(notebook)
    assert to_bytes(notebook) == before


@given(notebooks)
def test_nothing_live_is_kept(notebook):
    """No widget, timing or editor state is kept; the course's own metadata is."""
    result = canonical(notebook)
    text = to_bytes(result).decode()
    assert WIDGET not in text
    assert "scrolled" not in text
    assert set(result.metadata) <= {"kernelspec", "language_info", "toollab"}
    assert result.metadata.kernelspec.name == "python3"
    assert ("toollab" in result.metadata) == ("toollab" in notebook.metadata)


@given(notebooks)
def test_counts_run_from_one(notebook):
    """Execution counts are 1, 2, 3 … over the executed cells, and their results agree."""
    executed = [cell for cell in canonical(notebook).cells if cell.execution_count is not None]
    assert [cell.execution_count for cell in executed] == list(range(1, len(executed) + 1))
    for cell in executed:
        counts = {
            out.execution_count for out in cell.outputs if out.output_type == "execute_result"
        }
        assert counts <= {cell.execution_count}


@given(notebooks)
def test_streams_are_joined_and_lose_nothing(notebook):
    """Neighbouring pieces of one stream become one, with every character in its place."""
    for old, new in zip(notebook.cells, canonical(notebook).cells, strict=True):
        kinds = [(out.output_type, out.get("name")) for out in new.outputs]
        assert all(a != b for a, b in pairwise(kinds) if a[0] == "stream")
        for name in ("stdout", "stderr"):
            said = [
                "".join(out.text for out in cell.outputs if out.get("name") == name)
                for cell in (old, new)
            ]
            assert said[0] == said[1]


def timed(text: str, tags=("nbval-ignore-output",)):
    """Return a notebook whose one cell shows a time."""
    output = new_output("display_data", data={"text/plain": text})
    cell = new_code_cell("", id="x", outputs=[output], metadata={"tags": list(tags)})
    return new_notebook(cells=[cell])


def shown(notebook) -> str:
    """Return what the one cell shows."""
    return notebook.cells[0].outputs[0].data["text/plain"]


def test_real_time_is_kept_while_only_numbers_differ():
    """A marked cell keeps its stored output while a new run differs in nothing but numbers."""
    assert shown(keep_real_time(timed("0.31 s"), timed("0.3 s"))) == "0.3 s"
    assert shown(keep_real_time(timed("0.31 seconds"), timed("0.3 s"))) == "0.31 seconds"


def test_real_time_can_be_ignored():
    """For a comparison, a marked cell keeps its stored output however it differs."""
    assert shown(keep_real_time(timed("new"), timed("old"), always=True)) == "old"


def test_only_marked_cells_keep_their_outputs():
    """A cell that is not marked shows what its last run gave."""
    assert shown(keep_real_time(timed("0.31 s", ()), timed("0.3 s", ()), always=True)) == "0.31 s"


def test_an_output_that_was_never_stored_is_taken():
    """A marked cell without stored output gets the one of the run."""
    stored = timed("")
    stored.cells[0].outputs = []
    assert shown(keep_real_time(timed("0.31 s"), stored, always=True)) == "0.31 s"
