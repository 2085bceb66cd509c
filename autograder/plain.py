"""Names and texts of learners, as a terminal, a page and a spreadsheet may show them.

A control character can clear a terminal, write to its clipboard or hide what stands before it; one
that turns the direction of writing makes a text look like another; half a surrogate pair cannot
be written at all.
"""

from __future__ import annotations

import re

__all__ = ("plain", "shown_name")

_LONGEST_NAME = 100
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but for tabs and new lines
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # of writing from right to left
    "\u2028\u2029\ud800-\udfff]"  # other ends of lines, halves of pairs
)


def plain(text: str) -> str:
    """Return a text of several lines without characters that do something to their reader."""
    return _ODD.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def shown_name(name: str) -> str:
    """Return a file's name on one line, with escapes for what cannot be seen."""
    seen = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)
    return seen if len(seen) <= _LONGEST_NAME else f"{seen[:_LONGEST_NAME]}…"
