"""What was found, for readers and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from autograder.detection.detecting import Found, Pair, detect
from autograder.detection.reading import MalformedError, record
from autograder.detection.reference import Detector

__all__ = ("as_json", "as_text", "told")


def told(
    lines: Iterable[bytes], by: Detector, *, as_lines: bool = False, strict: bool = False
) -> Iterator[tuple[str, bool]]:
    """Yield what to say about each line, and whether it is a problem.

    A malformed line is named by its number and skipped; so is one nested too deep to walk.
    """
    tell = as_json if as_lines else as_text
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = detect(record(line), by, strict=strict)
        except MalformedError as error:
            yield f"line {number}: skipped: {error}.", True
            continue
        except RecursionError:
            yield f"line {number}: skipped: its arguments are nested too deep.", True
            continue
        yield tell(found), False
        for cycle in found.cycles:
            yield f"line {number}: {found.id} has a cycle: {' → '.join(cycle)}.", True
        for call, argument, reference in found.dangling:
            where = f"{argument} of {call}"
            yield f"line {number}: {found.id}: {reference} in {where} leads to no call.", True


def as_json(found: Found) -> str:
    """Return one line: `id`, `edges`, `waves`, `cycles`, `conflicts`, and what they rest on."""
    facts: dict[str, Any] = {
        "id": found.id,
        "edges": found.edges,
        "waves": found.waves,
        "cycles": found.cycles,
        "conflicts": found.conflicts,
        "undecided": found.undecided,
        "broad": found.broad,
        "stuck": found.stuck,
        "dangling": found.dangling,
        "reasons": {f"{one}->{other}": why for (one, other), why in found.reasons.items()},
    }
    return json.dumps(facts)


def as_text(found: Found) -> str:
    """Return a few lines for a reader."""
    waves = [f"{n}: {', '.join(wave)}" for n, wave in enumerate(found.waves, 1)]
    lines = [
        found.id,
        _line("edges", _pairs(found.edges, found)),
        _line("waves", waves, " | "),
        _line("cycles", [" → ".join(cycle) for cycle in found.cycles]),
        _line("conflicts", _pairs(found.conflicts, found)),
    ]
    if found.undecided:
        pairs = ", ".join(f"{one} and {other}" for one, other in found.undecided)
        lines.append(f"  undecided: {pairs} (no tool here declares what it touches)")
    if found.stuck:
        lines.append(_line("never run", found.stuck))
    if found.dangling:
        lines.append(_line("lead nowhere", [f"{ref} in {call}" for call, _, ref in found.dangling]))
    return "\n".join(lines)


def _pairs(pairs: Sequence[Pair], found: Found) -> list[str]:
    return [f"{one} → {other} ({', '.join(found.reasons[one, other])})" for one, other in pairs]


def _line(name: str, items: Sequence[str], joint: str = ", ") -> str:
    return f"  {name}: {joint.join(items) or 'none'}"
