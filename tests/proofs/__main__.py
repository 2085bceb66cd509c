"""Print the proof as a table: `python -m tests.proofs [part of a notebook's or exercise's name …]`.

Give an exercise's name to see what each of its answers earned, and which mutants live.
"""

# ruff: noqa: T201 - a command speaks by printing

from __future__ import annotations

import sys

from tests.proofs.corpus import COURSE, Exercise
from tests.proofs.mutate import mutants
from tests.proofs.prove import (
    enough_answers,
    fates,
    right_faults,
    solution_faults,
    stub_faults,
    wrong_faults,
)


def main(words: list[str]) -> int:
    """Prove the chosen exercises; return 1 if a proof failed."""
    chosen = COURSE.select(words)
    rows, faults = [], []
    for exercise in chosen:
        print(f"… {exercise.label}", file=sys.stderr)
        row, found = _prove(exercise)
        rows.append(row)
        faults += found
    head = ("exercise", "wrong", "right", "mutants", "killed", "listed", "unlisted")
    table = [head, *rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(head))]
    for row in table:
        first, *rest = (
            cell.ljust(w) if i == 0 else cell.rjust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join((first, *rest)))
    for fault in faults:
        print(f"\n{fault}")
    return 1 if faults else 0


def _prove(exercise: Exercise) -> tuple[tuple[str, ...], list[str]]:
    wrong = {f"wrong/{a.name}": wrong_faults(exercise, a) for a in exercise.wrong}
    right = {f"right/{a.name}": right_faults(exercise, a) for a in exercise.right}
    other = {
        "solution": solution_faults(exercise),
        "stub": stub_faults(exercise),
        "answers": enough_answers(exercise),
    }
    found = fates(exercise, mutants(exercise.solution))
    unlisted = [name for name in found.alive if name not in exercise.survivors]
    faults = [
        f"{exercise.label}/{name}: " + "\n".join(texts)
        for name, texts in (wrong | right | other).items()
        if texts
    ]
    faults += [f"{exercise.label}: survives, and is not listed: {name}" for name in unlisted]
    faults += [
        f"{exercise.label}: listed as surviving, but is killed or gone: {name}"
        for name in exercise.survivors
        if name not in found.alive
    ]
    row = (
        exercise.label,
        f"{sum(not texts for texts in wrong.values())}/{len(wrong)}",
        f"{sum(not texts for texts in right.values())}/{len(right)}",
        str(len(found.killed) + len(found.alive)),
        str(len(found.killed)),
        str(len(found.alive) - len(unlisted)),
        str(len(unlisted)),
    )
    return row, faults


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
