"""Outputs of a learner's cell as nbformat has them, from what its kernel sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from autograder.grading.wire.cells import Cleared, Error, Report, Shown, Stream

__all__ = ("CellOutputs",)

_REPORT = "application/vnd.toollab.report+json"
_EACH = 100  # what an output takes even if it is empty
_CELLS = 4  # whose worth of outputs a whole notebook may show: thousands of cells fill a memory
_TOO_MUCH = "More than this is not kept of what a notebook shows.\n"


@dataclass(slots=True)
class _Display:
    """An output that has a name: where it stands, since which clearing, and what it takes."""

    place: int
    clearing: int
    output: dict[str, Any]
    size: int


class CellOutputs:
    """Collects the outputs of all cells; sizes are counted here too, whatever a kernel says."""

    def __init__(self, text_bytes: int, display_bytes: int) -> None:
        self._most = {"text": text_bytes * 2, "display": display_bytes * 2}
        self._used: dict[tuple[int, str], int] = {}
        self._held: dict[tuple[int, str], int] = {}
        self._clearings: dict[int, int] = {}  # how often a cell was cleared
        self._together = {"text": 0, "display": 0}
        self._told = False
        self._outputs: dict[int, list[dict[str, Any]]] = {}
        self._clear_next: set[int] = set()
        self._displayed: dict[str, list[_Display]] = {}
        self._updated: set[int] = set()

    def of(self, place: int) -> list[dict[str, Any]]:
        """Return the outputs of the cell at a place."""
        return self._outputs.get(place, [])

    def take_updated(self) -> set[int]:
        """Return the places of displays that were updated since this was last asked."""
        updated, self._updated = self._updated, set()
        return updated

    def add(self, report: Report, *, count: int) -> None:
        """Take one more thing that a kernel sent; `count` is the cell's execution count."""
        if isinstance(report, Stream):
            self._stream(report)
        elif isinstance(report, Shown):
            self._show(report, count)
        elif isinstance(report, Cleared):
            if report.wait:
                self._clear_next.add(report.place)
            else:
                self._clear(report.place)
        elif isinstance(report, Error):
            self.error(report.place, report.name, report.value, report.traceback)

    def error(self, place: int, name: str, value: str, traceback: list[str]) -> None:
        """Add an error output."""
        outputs = self._cell(place)
        if self._fits(place, "text", _EACH + len(value) + sum(map(len, traceback))):
            outputs.append(
                {"output_type": "error", "ename": name, "evalue": value, "traceback": traceback}
            )

    def _clear(self, place: int) -> None:
        self._outputs[place] = []
        self._clearings[place] = self._clearings.get(place, 0) + 1
        for kind in self._together:  # what is gone takes no room in the notebook any more
            self._together[kind] -= self._held.pop((place, kind), 0)

    def _cell(self, place: int) -> list[dict[str, Any]]:
        if place in self._clear_next:
            self._clear_next.discard(place)
            self._clear(place)
        return self._outputs.setdefault(place, [])

    def _fits(self, place: int, kind: str, size: int) -> bool:
        used = self._used.get((place, kind), 0) + size
        if used > self._most[kind]:
            self._used[place, kind] = self._most[kind]  # nothing comes after what was left out
            return False
        self._used[place, kind] = used
        if self._together[kind] + size <= _CELLS * self._most[kind]:
            self._together[kind] += size
            self._held[place, kind] = self._held.get((place, kind), 0) + size
            return True
        if not self._told:
            self._told = True
            output = {"output_type": "stream", "name": "stderr", "text": _TOO_MUCH}
            self._outputs.setdefault(place, []).append(output)
        return False

    def _stream(self, report: Stream) -> None:
        outputs = self._cell(report.place)
        if not self._fits(report.place, "text", len(report.text)):
            return
        last = outputs[-1] if outputs else {}
        if last.get("output_type") == "stream" and last["name"] == report.name:
            last["text"] += report.text
        elif self._fits(report.place, "text", _EACH):
            outputs.append({"output_type": "stream", "name": report.name, "text": report.text})

    def _show(self, report: Shown, count: int) -> None:
        parts = {**report.texts, **report.structures}
        size = _EACH + len(report.metadata) + sum(len(m) + len(part) for m, part in parts.items())
        if report.kind != "update":
            self._cell(report.place)  # cleared by now, if it was to be
            if not self._fits(report.place, "display", size):
                return
        data: dict[str, Any] = {**report.texts, **_parsed(report.structures)}
        data.pop(_REPORT, None)  # reports come from the witness
        metadata = _json(report.metadata)
        body = {"data": data, "metadata": metadata if isinstance(metadata, dict) else {}}
        if report.kind == "update":
            for display in self._displayed.get(report.display_id, []):
                if display.clearing != self._clearings.get(display.place, 0):
                    continue  # it is not shown any more
                # It will stand in the file as often as it is shown, in the place of what was there.
                if not self._fits(display.place, "display", size - display.size):
                    return
                display.size = size
                display.output.update(body)
                self._updated.add(display.place)
            return
        output: dict[str, Any] = {"output_type": "display_data", **body}
        if report.kind == "result":
            output = {"output_type": "execute_result", **body, "execution_count": count}
        self._cell(report.place).append(output)
        if report.display_id:
            since = self._clearings.get(report.place, 0)
            display = _Display(report.place, since, output, size)
            self._displayed.setdefault(report.display_id, []).append(display)


def _parsed(structures: dict[str, str]) -> dict[str, Any]:
    return {mime: _json(text) for mime, text in structures.items()}


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return {}
