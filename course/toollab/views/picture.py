"""A picture and its text form, shown by whatever the page can show."""

from __future__ import annotations

import re
from dataclasses import dataclass

from toollab.views._svg import escape

__all__ = ("Picture",)

_SIZE = re.compile(r' width="([\d.]+)" height="[\d.]+"', re.ASCII)


@dataclass(frozen=True, slots=True)
class Picture:
    """One finished picture: `svg` for eyes, `text` with the same facts for everything else.

    `alt` is one sentence: what the picture is, and its main facts.
    """

    svg: str
    text: str
    alt: str

    @property
    def drawing(self) -> str:
        """The SVG alone as HTML that grows and shrinks with the page.

        A notebook that is not trusted loses the drawing but keeps its words; the zero font size
        hides those.
        """
        svg = _SIZE.sub(' width="100%"', self.svg, count=1)
        return f'<div style="font-size:0;max-width:760px">{svg}</div>'

    @property
    def html(self) -> str:
        """The drawing, and its text form to be opened beneath."""
        return (
            f"{self.drawing}<details><summary>Text form</summary>"
            f"<pre>{escape(self.text)}</pre></details>"
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Offer HTML to Jupyter, SVG to converters, text to terminals and tests."""
        del include, exclude
        return {"text/html": self.html, "image/svg+xml": self.svg, "text/plain": self.text}

    def __str__(self) -> str:
        return self.text
