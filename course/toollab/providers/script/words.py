"""Small readings of plain text: lists of names, an e-mail address, a weather report."""

from __future__ import annotations

import re

__all__ = ("as_clause", "find_email", "join_names", "listed_after", "looks_like_error", "transient")

_NAME = r"[A-Z0-9][\w.'’-]*(?: [A-Z0-9][\w.'’-]*)*"


def listed_after(cue: str, words: str) -> list[str]:
    """Return the capitalised names listed after `cue`: `in Beijing and LA` gives two.

    A few small words may stand between the cue and the first name.
    """
    pattern = rf"\b(?i:{cue})\b (?:[a-z]+:? ){{0,4}}?({_NAME}(?:(?:,? and |, | or ){_NAME})*)"
    names = [
        name.strip(" .")
        for listed in re.findall(pattern, words)
        for name in re.split(r",? and |, | or ", listed)
    ]
    return list(dict.fromkeys(name for name in names if name))


def find_email(text: str) -> str:
    """Return the first e-mail address in `text`, or nothing."""
    found = re.search(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text)
    return found.group() if found else ""


def as_clause(report: str) -> str:
    """Turn `cloudy, 5 degrees` into `cloudy at 5 degrees`; leave any other text alone."""
    found = re.fullmatch(r"\s*([\w ]+), (-?\d+(?:\.\d+)? degrees\b.*)", report, re.DOTALL)
    return f"{found[1]} at {found[2].strip()}" if found else report.strip()


def join_names(names: list[str]) -> str:
    """Join names as a sentence does: `a`, `a and b`, `a, b and c`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def looks_like_error(content: str) -> bool:
    """Tell whether a result speaks of a failure, for APIs that have no flag for it."""
    return bool(
        re.match(r'\s*(?:error\b|\{\s*"error"|\w*(?:Error|Exception)\b)', content, re.IGNORECASE)
    )


def transient(content: str) -> bool:
    """Tell whether an error is worth another try: a timeout, a busy service, a call not run."""
    return bool(
        re.search(
            r"time[d-]? ?out|try again|temporar|unavailable|overloaded|rate.?limit|not executed"
            r"|cancelled|\b(?:429|503|529)\b",
            content,
            re.IGNORECASE,
        )
    )
