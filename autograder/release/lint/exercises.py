"""Rules about exercises: card, stub, hints and check fit together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

from autograder.release.lint.markup import code_blocks
from autograder.release.lint.model import Exercise, Finding, Source, bound_names, grading, tree

__all__ = (
    "cards_carry_metadata",
    "cards_show_the_signature",
    "cards_state_the_facts",
    "checks_end_in_a_report",
    "exercises_are_complete",
    "helpers_survive_until_the_check",
    "hints_are_three",
    "minutes_add_up",
    "points_add_up",
    "stubs_wait_to_be_called",
)

_SHORTEST, _LONGEST = 45, 75
_FLAGS = {
    "card": (False, False, True),
    "stub": (False, True, False),
    "check": (True, False, True),
}
"""`grade`, `solution` and `locked` of the cells that nbgrader knows."""
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def exercises_are_complete(source: Source) -> Iterator[Finding]:
    """Demand that an exercise is card, stub, hints and check, with no other one's cell between."""
    order = {cell.id: index for index, cell in enumerate(source.notebook.cells)}
    end = -1
    for exercise in source.exercises:
        parts = {part: getattr(exercise, part) for part in ("card", "stub", "hints", "check")}
        for part, cell in parts.items():
            if cell is None:
                name = exercise.id if part == "stub" else f"{exercise.id}-{part}"
                yield Finding(exercise.id, f"The exercise has no {part} cell", f"add cell {name}")
        places = [order[cell.id] for cell in parts.values() if cell is not None]
        if places != sorted(places) or (places and places[0] < end):
            yield Finding(
                exercise.id,
                "Its cells are not in the order card, stub, hints, check",
                "move them together",
            )
        end = max([end, *places])
        yield from _flags(exercise)


def _flags(exercise: Exercise) -> Iterator[Finding]:
    for part, (grade, solution, locked) in _FLAGS.items():
        cell = getattr(exercise, part)
        if cell is None:
            continue
        known = grading(cell)
        wanted = {"grade": grade, "solution": solution, "locked": locked}
        if {key: known.get(key) for key in wanted} != wanted:
            yield Finding(
                cell.id,
                f"Its nbgrader metadata is not that of a {part} cell",
                "set " + ", ".join(f"{key}: {value}".lower() for key, value in wanted.items()),
            )


def cards_carry_metadata(source: Source) -> Iterator[Finding]:
    """Demand that a card's metadata has name, minutes, points and difficulty, each of its kind."""
    for exercise in source.exercises:
        if exercise.card is None:
            continue
        facts = _facts(exercise)
        good = (
            isinstance(facts.get("name"), str)
            and _positive(facts.get("minutes"))
            and _positive(facts.get("points"))
            and facts.get("difficulty") in {1, 2, 3, 4, 5}
        )
        if not good:
            yield Finding(
                exercise.card.id,
                "The card's metadata toollab.exercise is incomplete",
                "give name, minutes, points and difficulty (1 to 5)",
            )


def cards_state_the_facts(source: Source) -> Iterator[Finding]:
    """Demand that a card says in its text what its metadata says: minutes, points, difficulty."""
    for exercise in source.exercises:
        if exercise.card is None:
            continue
        text = re.sub(r"[*_`]", "", exercise.card.source)
        facts = _facts(exercise)
        level = facts.get("difficulty", 0)
        stars = "★" * level if isinstance(level, int) else ""
        patterns = {
            "minutes": rf"\b{facts.get('minutes')}\s*min",
            "points": rf"\b{facts.get('points')}\s*points?\b",
            "difficulty": rf"(?i:difficulty)\W{{0,3}}(?:{level}\b|{stars}(?!★))",
        }
        for fact, pattern in patterns.items():
            if fact in facts and not re.search(pattern, text):
                yield Finding(
                    exercise.card.id,
                    f"The card does not state its {fact} ({facts[fact]})",
                    "write it as in '12 minutes · 6 points · difficulty 2'",
                )


def cards_show_the_signature(source: Source) -> Iterator[Finding]:
    """Demand that a card shows, in a code block, the very signature that the stub has."""
    for exercise in source.exercises:
        if exercise.card is None or exercise.stub is None:
            continue
        name = str(_facts(exercise).get("name"))
        wanted = _signature(exercise.stub.source, name)
        if wanted is None:
            yield Finding(
                exercise.stub.id,
                f"The cell defines no {name}",
                "define what the card's metadata names",
            )
        elif wanted not in [_signature(block, name) for block in code_blocks(exercise.card.source)]:
            yield Finding(
                exercise.card.id,
                f"No code block shows the signature of the stub: {wanted}",
                "copy the stub's first line into a code block, types included",
            )


def _signature(code: str, name: str) -> str | None:
    """Return the first line of the definition of `name` in one normal form."""
    text = code.rstrip().removesuffix(":").removesuffix("...").rstrip().removesuffix(":")
    for attempt in (code, f"{text}: ..."):
        try:
            body = ast.parse(attempt).body
        except SyntaxError:
            continue
        for node in body:
            if isinstance(node, _DEFINITIONS) and node.name == name:
                node.body, node.decorator_list = [ast.Expr(ast.Constant(...))], []
                return ast.unparse(ast.fix_missing_locations(node)).split("\n")[0].rstrip(":")
    return None


def stubs_wait_to_be_called(source: Source) -> Iterator[Finding]:
    """Demand that a stub says what it shall do, and fails only when it is called."""
    cells = {cell.id: cell for cell in source.released.cells}
    for exercise in source.exercises:
        if exercise.stub is None:
            continue
        body = tree(cells[exercise.stub.id]).body
        defined = [node for node in body if isinstance(node, _DEFINITIONS)]
        if any(isinstance(node, ast.Raise) for node in body) or not defined:
            yield Finding(
                exercise.stub.id,
                "The stub fails when its cell is run",
                "put BEGIN SOLUTION and END SOLUTION inside the function",
            )
        for node in defined:
            if ast.get_docstring(node) is None:
                yield Finding(
                    exercise.stub.id,
                    f"The stub of {node.name} has no docstring",
                    "say in one line what it returns, before BEGIN SOLUTION",
                )


def hints_are_three(source: Source) -> Iterator[Finding]:
    """Demand that the hints cell is one call with three texts: a question, a pointer, a sketch."""
    for exercise in source.exercises:
        if exercise.hints is None:
            continue
        body = tree(exercise.hints).body
        call = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
        given = call.args if isinstance(call, ast.Call) and _is(call.func, "hints") else []
        texts = [arg.value for arg in given if isinstance(arg, ast.Constant)]
        if len(texts) != 3 or not all(isinstance(text, str) and text.strip() for text in texts):
            yield Finding(
                exercise.hints.id,
                "The cell does not end in hints() with three texts",
                'write hints("a question", "a pointer", "a sketch")',
            )


def checks_end_in_a_report(source: Source) -> Iterator[Finding]:
    """Demand that a check cell makes a report, adds the hidden tests to it, and shows it."""
    for exercise in source.exercises:
        if exercise.check is None:
            continue
        body = tree(exercise.check).body
        last = body[-1] if body else None
        if not (isinstance(last, ast.Expr) and _is(last.value, "report")):
            yield Finding(
                exercise.check.id,
                "The cell does not end with a bare report",
                "make report its last line: its value is the points earned",
            )
        hidden = exercise.check.source.partition("### BEGIN HIDDEN TESTS")[2]
        if "report &=" not in hidden.partition("### END HIDDEN TESTS")[0]:
            yield Finding(
                exercise.check.id,
                "The cell has no hidden tests that add to the report",
                "write 'report &= …' between BEGIN and END HIDDEN TESTS",
            )


def helpers_survive_until_the_check(source: Source) -> Iterator[Finding]:
    """Demand that no cell between a stub and its check takes a name a learner may have used.

    A helper function called `run`, written beside the answer, is gone once a cell after it says
    `run = …`; the check then fails honest work.
    """
    order = {cell.id: index for index, cell in enumerate(source.notebook.cells)}
    for exercise in source.exercises:
        if exercise.stub is None or exercise.check is None:
            continue
        between = source.notebook.cells[order[exercise.stub.id] + 1 : order[exercise.check.id]]
        for cell in between:
            taken = sorted(name for name in bound_names(cell) if not name.startswith("_"))
            if taken:
                yield Finding(
                    cell.id,
                    f"It binds {', '.join(taken)} between {exercise.id} and its check",
                    "begin such names with an underscore, or show the value without a name",
                )


def points_add_up(source: Source) -> Iterator[Finding]:
    """Demand that a check cell is worth what its card promises."""
    for exercise in source.exercises:
        if exercise.card is None or exercise.check is None:
            continue
        promised, worth = _facts(exercise).get("points"), grading(exercise.check).get("points")
        if promised != worth:
            yield Finding(
                exercise.check.id,
                f"The check is worth {worth} points and the card promises {promised}",
                "make both the same",
            )


def minutes_add_up(source: Source) -> Iterator[Finding]:
    """Demand that a notebook takes 45 to 75 minutes, says so, and its exercises fit into them."""
    minutes = source.notebook.metadata.get("toollab", {}).get("minutes")
    first = source.notebook.cells[0] if source.notebook.cells else None
    if not isinstance(minutes, int) or not _SHORTEST <= minutes <= _LONGEST:
        yield Finding(
            "notebook",
            f"It takes {minutes} minutes by its metadata",
            f'put "toollab": {{"minutes": N}} there, N from {_SHORTEST} to {_LONGEST}',
        )
        return
    if first is None or not re.search(rf"\b{minutes}\s*min", first.source):
        yield Finding(
            first.id if first else "notebook",
            f"The first cell does not say that the notebook takes {minutes} minutes",
            f"write '{minutes} minutes' under the title",
        )
    total = sum(_facts(exercise).get("minutes", 0) for exercise in source.exercises)
    if total > minutes:
        yield Finding(
            "notebook",
            f"The exercises alone take {total} of {minutes} minutes",
            "change the cards' minutes or the notebook's",
        )


def _facts(exercise: Exercise) -> dict[str, Any]:
    card: NotebookNode | None = exercise.card
    return dict(card.metadata.get("toollab", {}).get("exercise", {})) if card else {}


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
