"""A picture and its text form, shown by whatever the page can show."""

from __future__ import annotations

import base64
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
        """The SVG alone, as HTML that grows and shrinks with the page."""
        svg = _SIZE.sub(' width="100%"', self.svg, count=1)
        return f'<div style="font-size:0;max-width:760px">{svg}</div>'

    @property
    def html(self) -> str:
        """The drawing, and its text form to be opened beneath, fit to be stored.

        In a notebook that is not trusted, JupyterLab drops the tags of a drawing and keeps what
        they hold.  So the description holds the same picture as an image, which no page shows
        there but which is then all that remains; the zero font size hides the stray words.
        """
        data = base64.b64encode(self.svg.encode()).decode()
        image = (
            f'<img width="100%" alt="{escape(self.alt)}" src="data:image/svg+xml;base64,{data}">'
        )
        return (
            f"{self.drawing.replace('<desc>', f'<desc>{image}', 1)}"
            "<details><summary>Text form</summary>"
            f"<pre>{escape(self.text)}</pre></details>"
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Offer HTML to Jupyter, SVG to converters, text to terminals and tests."""
        del include, exclude
        return {"text/html": self.html, "image/svg+xml": self.svg, "text/plain": self.text}

    def __str__(self) -> str:
        return self.text
