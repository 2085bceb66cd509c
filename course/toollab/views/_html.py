"""Turn plain text into small pieces of HTML that survive without their styles.

Notebook pages are light or dark, and some strip every `style`: so colours come from the page,
borders and washes are half transparent, and the words alone must tell everything.
"""

from __future__ import annotations

import re

from toollab.views._svg import clean, escape

__all__ = ("badge", "box", "cap", "inline", "prose")

_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```[ \t]*$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_TONES = {
    "good": ("#00664b", "rgba(0,158,115,.13)"),
    "bad": ("#a33f00", "rgba(213,94,0,.13)"),
    "idle": ("#505a66", "rgba(127,127,127,.12)"),
    "doubt": ("#7a3a66", "rgba(204,121,167,.15)"),
    "info": ("#0b5c94", "rgba(0,114,178,.13)"),
}


def cap(value: object, most: int) -> str:
    """Return clean text of at most `most` characters, saying so when something is left out."""
    plain = clean(value).strip()
    if len(plain) <= most:
        return plain
    return f"{plain[:most].rstrip()}… ({len(plain) - most} more characters)"


def prose(plain: object) -> str:
    """Return paragraphs: blank lines part them, `code` and **bold** and ``` fences are kept."""
    pieces = _FENCE.split(clean(plain))
    html = []
    for index, piece in enumerate(pieces):
        if index % 2:
            html.append(f'<pre style="margin:.35em 0">{escape(piece.rstrip())}</pre>')
        else:
            html += [
                f'<p style="margin:.35em 0">{_inline(p.strip())}</p>'
                for p in re.split(r"\n\s*\n", piece)
                if p.strip()
            ]
    return "".join(html)


def inline(plain: object) -> str:
    """Return one line of text: `code` and **bold** are kept, line breaks too."""
    return _inline(clean(plain).strip())


def _inline(plain: str) -> str:
    pieces = _CODE.split(escape(plain))
    for index, piece in enumerate(pieces):
        bold = _BOLD.sub(r"<strong>\1</strong>", piece)
        pieces[index] = f"<code>{piece}</code>" if index % 2 else bold
    return "".join(pieces).replace("\n", "<br>")


def badge(words: str, tone: str) -> str:
    """Return a word or two on a coloured ground; without styles, the bold words remain."""
    ground = _TONES[tone][0]
    return (
        f'<strong style="background:{ground};color:#fff;border-radius:9px;padding:1px 9px;'
        f'font-size:.87em;font-weight:600;white-space:nowrap">{escape(words)}</strong>'
    )


def box(html: str, tone: str) -> str:
    """Return a note with a coloured edge and a faint wash that suits light and dark pages."""
    edge, wash = _TONES[tone]
    return (
        f'<div style="border-left:4px solid {edge};background:{wash};border-radius:4px;'
        f'padding:6px 12px;margin:6px 0;overflow-wrap:anywhere">{html}</div>'
    )
