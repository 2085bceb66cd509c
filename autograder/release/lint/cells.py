"""Rules about cells: ids, headings, pictures, tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from nbformat import NotebookNode

from autograder.release.canonical import REAL_TIME
from autograder.release.lint.markup import (
    Picture,
    headings,
    html_pictures,
    markdown_pictures,
)
from autograder.release.lint.model import Finding, Source, grading

__all__ = (
    "grade_ids_match",
    "headings_never_skip",
    "ids_are_kebab_case",
    "ids_are_unique",
    "one_title",
    "pictures_are_there",
    "pictures_have_a_text",
    "tags_are_known",
)

_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_RANDOM = re.compile(r"(?=.*\d)[0-9a-f]{8}(-[0-9a-f]{4}){0,3}(-[0-9a-f]{12})?")
_TAGS = {REAL_TIME, "given", "raises-exception"}
"""`given` marks a cell that an exercise needs: whoever judges answers alone runs it first."""
_RASTER = ("image/png", "image/jpeg", "image/gif")


def ids_are_kebab_case(source: Source) -> Iterator[Finding]:
    """Demand that a cell's id is a name a person gave it: messages and grades point with it."""
    for cell in source.notebook.cells:
        name = cell.get("id", "")
        if not _KEBAB.fullmatch(name) or len(name) > 64 or _RANDOM.fullmatch(name):
            yield Finding(
                name or "notebook",
                f"The cell id {name!r} is not a name in kebab-case",
                "call the cell for what it shows, for example first-picture",
            )


def ids_are_unique(source: Source) -> Iterator[Finding]:
    """Demand that no two cells have the same id."""
    for name, count in Counter(cell.get("id") for cell in source.notebook.cells).items():
        if count > 1:
            yield Finding(str(name), f"{count} cells have this id", "give each its own")


def grade_ids_match(source: Source) -> Iterator[Finding]:
    """Demand that what nbgrader calls a cell is what the notebook calls it."""
    for cell in source.notebook.cells:
        known = grading(cell)
        if not known:
            continue
        if known.get("grade_id") != cell.id:
            yield Finding(
                cell.id,
                f"Its grade_id is {known.get('grade_id')!r}",
                "give grade_id and cell id the same value",
            )
        if known.get("schema_version") != 3:
            yield Finding(
                cell.id,
                "Its nbgrader metadata has not schema_version 3",
                "run nbgrader update on the notebook",
            )


def one_title(source: Source) -> Iterator[Finding]:
    """Demand that a notebook has one heading of level 1, and begins with it."""
    titles = [cell.id for cell, level in _headings(source) if level == 1]
    first = source.notebook.cells[0].id if source.notebook.cells else "notebook"
    if titles[:1] != [first]:
        yield Finding(first, "The notebook does not begin with a title", "write '# Title' here")
    for extra in titles[1:]:
        yield Finding(extra, "This is a second title", "make it a heading of level 2")


def headings_never_skip(source: Source) -> Iterator[Finding]:
    """Demand that a heading is at most one level below the one before it."""
    above = 0
    for cell, level in _headings(source):
        if level > above + 1:
            yield Finding(
                cell.id,
                f"A heading of level {level} follows one of level {above}",
                f"make it level {above + 1}",
            )
        above = level


def _headings(source: Source) -> Iterator[tuple[NotebookNode, int]]:
    for cell in source.notebook.cells:
        if cell.cell_type == "markdown":
            for level, _ in headings(cell.source):
                yield cell, level


def pictures_have_a_text(source: Source) -> Iterator[Finding]:
    """Demand that every picture, in the text and among the outputs, can be read aloud."""
    for cell in source.notebook.cells:
        for picture in _pictures(cell):
            if not picture.alt.strip():
                yield Finding(
                    cell.id,
                    f"A picture ({picture.source or 'no source'}) has no text that stands for it",
                    'write an alt text; an SVG needs role="img" with an aria-label or a title',
                )


def _pictures(cell: NotebookNode) -> Iterator[Picture]:
    if cell.cell_type == "markdown":
        yield from markdown_pictures(cell.source)
    for output in cell.get("outputs", ()):
        data, about = output.get("data", {}), output.get("metadata", {})
        for mime in ("text/html", "image/svg+xml"):
            yield from html_pictures(data.get(mime, ""))
        yield from markdown_pictures(data.get("text/markdown", ""))
        for mime in _RASTER:
            if mime in data:
                yield Picture(mime, str(about.get(mime, {}).get("alt", "")))


def pictures_are_there(source: Source) -> Iterator[Finding]:
    """Demand that a picture which the text shows from a file lies beside the notebook."""
    for cell in source.notebook.cells:
        if cell.cell_type != "markdown":
            continue
        for picture in markdown_pictures(cell.source):
            local = picture.source and ":" not in picture.source and picture.source != "svg"
            if local and not (source.folder / picture.source).is_file():
                yield Finding(
                    cell.id,
                    f"There is no file {picture.source}",
                    "put it beside the source notebook",
                )


def tags_are_known(source: Source) -> Iterator[Finding]:
    """Demand that no tag keeps a cell from being run or compared, except those of the course."""
    for cell in source.notebook.cells:
        for tag in cell.metadata.get("tags", ()):
            if tag not in _TAGS:
                yield Finding(
                    cell.id,
                    f"The tag {tag!r} is not one of {', '.join(sorted(_TAGS))}",
                    "take it off",
                )
