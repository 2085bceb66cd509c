"""Hidden tests inside a source: the lines between two delimiters."""

from __future__ import annotations

__all__ = ("split",)

_SHORTEST = 10
"""Characters of a hidden line that give something away; `report` alone does not."""


def split(source: str, begin: str, end: str) -> tuple[str, set[str]]:
    """Return a source without its hidden regions, and the telling lines of these regions."""
    kept, hidden, inside = [], set(), False
    for line in source.split("\n"):
        inside = inside or begin in line
        if not inside:
            kept.append(line)
        elif len(line.strip()) >= _SHORTEST:
            hidden.add(line.strip())
        inside = inside and end not in line
    return "\n".join(kept), hidden
