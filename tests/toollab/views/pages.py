"""Readers of SVG and HTML that accept only what the course's pages may hold."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # our own pictures, not a stranger's
from html.parser import HTMLParser

from toollab.views._svg import text_width

NAMESPACE = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "rect", "path", "g", "text"}
FORBIDDEN = re.compile(r"^(style|id|class|href|on.*|.*href)$")
VOID = {"br", "img"}
TAGS = {
    *("br", "code", "details", "div", "img", "li", "p", "pre", "span", "strong", "summary", "ul"),
    *ELEMENTS,
}


def read_svg(svg: str) -> ET.Element:
    """Parse a picture; fail if it holds what a code-hosting site would strip."""
    root = ET.fromstring(svg)  # noqa: S314
    for element in root.iter():
        assert element.tag.removeprefix(NAMESPACE) in ELEMENTS
        for name in element.attrib:
            assert not FORBIDDEN.match(name), name
    return root


def inside(root: ET.Element) -> None:
    """Fail if a box or a line of text leaves the paper."""
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    for box in root.iter(f"{NAMESPACE}rect"):
        x, y = float(box.get("x", "0")), float(box.get("y", "0"))
        if x or y > 0:  # the legend's sample is placed by its group
            assert -0.1 <= x <= x + float(box.get("width", "")) <= width + 0.1, box.attrib
            assert y + float(box.get("height", "")) <= height, box.attrib
    for line in root.iter(f"{NAMESPACE}text"):
        wide = text_width(line.text or "", float(line.get("font-size", "")))
        shift = {"middle": wide / 2, "end": wide}.get(line.get("text-anchor", ""), 0.0)
        left = float(line.get("x", "")) - shift
        assert -1 <= left <= left + wide <= width + 1, (line.text, left, wide)
        assert 0 < float(line.get("y", "")) < height, line.text


def texts(root: ET.Element, tag: str = "text") -> list[str]:
    """Return the words of all elements of one kind."""
    return [element.text or "" for element in root.iter(f"{NAMESPACE}{tag}")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read_html(html: str) -> str:
    """Return a page's words; fail if a tag is unknown, unclosed or closed out of turn."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    for name, value in reader.attributes:
        assert name not in {"id", "class"}
        assert not name.startswith("on")
        assert name != "src" or value.startswith("data:image/svg+xml;base64,")
    return "".join(reader.words)
