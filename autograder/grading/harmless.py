"""What a learner's notebook shows, without what could act on whoever looks at it.

nbgrader's formgrader puts outputs, Markdown and raw cells into a page of the teacher's own
JupyterLab as they are.  A script there could do all that the teacher can.  Kept are texts, images,
and HTML of elements and attributes that only show something; of the rest the plain text is left.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from typing import Any

__all__ = ("make_harmless",)

_TAGS = (
    "a b blockquote br button caption circle clippath code col colgroup dd defs desc details div dl"
    " dt ellipse em figcaption figure g h1 h2 h3 h4 h5 h6 hr i img kbd li line lineargradient"
    " marker mark ol p path pattern polygon polyline pre q rect s samp section small span stop"
    " strong sub summary sup svg table tbody td text tfoot th thead title tr tspan u ul var"
)
_TAG = re.compile(rf"</?(?:{'|'.join(_TAGS.split())})(?=[\s>/])", re.IGNORECASE)
_OPENS = re.compile(r"<(?=[^\s\d=<])")
_WHOLE = re.compile(
    r"""</?[a-z][\w-]*+(?:\s++[\w:.-]++"""
    r"""(?:\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>]++))?+)*+\s*+/?>""",
    re.IGNORECASE,
)
_SAFE = re.compile(
    r"""\shref=(["'])(?:https?://[^"'<>&]*|#[\w-]*)\1"""
    r"""|\ssrc=(["'])data:image/(?:svg\+xml|png|jpeg|gif);base64,[A-Za-z0-9+/=]*\2""",
    re.IGNORECASE,
)
"""Addresses that lead to a page, or hold a picture: in an `img` no picture can act."""
# Anything else that names an address, a handler, or a rule that could name one; and what could
# lie over what others say: a place of its own, a class that the page around it knows.
_ACTS = re.compile(
    r"[\s/\"']on[a-z]+\s*=|\b(?:href|src|srcset|srcdoc|action|formaction|data|background|poster)\s*="
    r"|url\s*\(|expression\s*\(|@import|behavior\s*:|-moz-binding"
    r"|\b(?:position|transform|translate|inset|zoom|scale|rotate|text-indent)\s*:"
    r"|\boverflow(?:-[xy])?\s*[:=]\s*[\"']?\s*visible"
    r"|\bdata-[\w-]*\s*=|\bclass\s*=(?!\s*[\"']?dataframe[\"'\s>])"
    r"|<[!?]",
    re.IGNORECASE,
)
_STYLE = re.compile(r"\bstyle\s*=|<style", re.IGNORECASE)
_HIDES = re.compile(r"\\|/\*")  # in a style, both can stand between the letters of a word
_MARGIN = re.compile(r"\bmargin[a-z-]*\s*:", re.IGNORECASE)
_INWARDS = re.compile(
    r"\bmargin[a-z-]*\s*:\s*(?:(?:[\d.]{1,8}(?:px|em|rem|pt|%)?|auto)\s{0,3}){1,4}(?=[;\"'!}>]|$)",
    re.IGNORECASE,
)
# Without any element, too: a link of Markdown, and what MathJax makes of a formula.
_SCRIPT = re.compile(r"(?:java|vb)script:", re.IGNORECASE)
_NOT_SEEN = re.compile(r"[\\\s\x00-\x20\u200b-\u200f\ufeff]")
_TEX = re.compile(r"\\(?:href|url|style|class|cssid|require|bbox|csname)(?![a-z])", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_MARKUP = ("text/html", "image/svg+xml", "text/markdown", "text/latex")
_IMAGES = ("image/png", "image/jpeg", "image/gif")
_LEFT_OUT = "(What was shown here could act on its reader; it was left out.)"


def make_harmless(
    notebook: dict[str, Any], *, checks: Collection[str], released: Collection[str]
) -> None:
    """Change a notebook in place.

    Reports of `checks` come from outside the wall, and texts that were `released` are not the
    learner's: they stay as they are.
    """
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            if not (cell["source"] in released or _only_shows(cell["source"])):
                cell["source"] = _as_code(cell["source"])
        elif cell["metadata"].get("nbgrader", {}).get("grade_id") not in checks:
            cell["outputs"] = [_output(output) for output in cell["outputs"]]


def _output(output: dict[str, Any]) -> dict[str, Any]:
    data = output.get("data")
    if not isinstance(data, dict):
        return output
    kept = {mime: value for mime, value in data.items() if _may_stay(mime, value)}
    if not kept and data:
        kept = {"text/plain": _LEFT_OUT}
    return {**output, "data": kept, "metadata": {}}


def _may_stay(mime: str, value: Any) -> bool:
    if mime in _MARKUP:
        return isinstance(value, str) and _only_shows(value)
    if mime in _IMAGES:
        return isinstance(value, str) and _BASE64.fullmatch(value) is not None
    return mime in {"text/plain", "application/json"}


def _only_shows(markup: str) -> bool:
    """Tell whether a piece of HTML, or of Markdown with some in it, can do nothing but be seen."""
    read = html.unescape(markup)
    if _SCRIPT.search(_NOT_SEEN.sub("", read)) or _TEX.search(read):
        return False
    if "<" not in markup:
        return True
    plain = _SAFE.sub("", markup)
    read = html.unescape(plain)
    opened = len(_OPENS.findall(plain))
    whole = _WHOLE.findall(plain)
    tags = "".join(whole) if len(whole) == opened else plain
    return (
        _ACTS.search(read) is None
        and not (_STYLE.search(read) and _HIDES.search(html.unescape(tags)))
        and len(_MARGIN.findall(read)) == len(_INWARDS.findall(read))
        and opened == len(_TAG.findall(plain))
    )


def _as_code(text: str) -> str:
    """Return a text as a block of code: nothing in it is a link, an element or a formula."""
    return "\n".join(f"    {line}" for line in text.replace("<", "&lt;").splitlines())
