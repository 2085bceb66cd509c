"""What Markdown and HTML say: headings, code blocks, and which pictures can be heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

from markdown_it import MarkdownIt

__all__ = ("Picture", "code_blocks", "headings", "html_pictures", "markdown_pictures")

_MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: where it comes from, and the text that stands for it."""

    source: str
    alt: str


def headings(text: str) -> Iterator[tuple[int, str]]:
    """Yield `(level, text)` of every heading."""
    tokens = _MARKDOWN.parse(text)
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            yield int(token.tag[1:]), inline.content


def code_blocks(text: str) -> Iterator[str]:
    """Yield the content of every fenced or indented code block."""
    for token in _MARKDOWN.parse(text):
        if token.type in {"fence", "code_block"}:
            yield token.content


def markdown_pictures(text: str) -> Iterator[Picture]:
    """Yield the pictures of a Markdown text, those written as HTML included."""
    for token in _MARKDOWN.parse(text):
        if token.type == "html_block":
            yield from html_pictures(token.content)
        for child in token.children or ():
            if child.type == "image":
                yield Picture(str(child.attrs.get("src", "")), child.content)
            elif child.type == "html_inline":
                yield from html_pictures(child.content)


def html_pictures(html: str) -> Iterator[Picture]:
    """Yield every `img` and every outermost `svg` of an HTML or SVG text.

    The text of an `svg` is its `aria-label` or its `title`, and counts only with `role="img"`.
    What is hidden from screen readers on purpose (`aria-hidden`) is left out.
    """
    parser = _Pictures()
    parser.feed(html)
    parser.close()
    yield from parser.found


class _Pictures(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Picture] = []
        self._open: list[str] = []
        self._svg: dict[str, str] | None = None
        self._title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "img" and given.get("aria-hidden") != "true":
            self.found.append(Picture(given.get("src", ""), given.get("alt", "")))
        if tag == "svg" and self._svg is None:
            self._svg, self._title, self._open = given, "", []
        elif self._svg is not None:
            self._open.append(tag)

    def handle_data(self, data: str) -> None:
        if self._svg is not None and self._open == ["title"]:
            self._title += data

    def handle_endtag(self, tag: str) -> None:
        if self._svg is None:
            return
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        elif tag == "svg":
            self._close()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def close(self) -> None:
        super().close()
        if self._svg is not None:
            self._close()

    def _close(self) -> None:
        given, self._svg = self._svg or {}, None
        if given.get("aria-hidden") == "true":
            return
        alt = given.get("aria-label") or self._title
        self.found.append(Picture("svg", alt if given.get("role") == "img" else ""))
