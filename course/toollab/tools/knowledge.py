"""The knowledge desk: several knowledge bases to search, pages to read, notes to keep."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toollab.calls import JSON, ToolCall, ToolSpec
from toollab.tools._schema import arguments
from toollab.tools._world import Tool, ToolError, World
from toollab.trace import Edge

__all__ = ("SOURCES", "Research", "ask_everywhere", "knowledge_desk", "refund_research")

SOURCES: Mapping[str, float] = {
    "handbook": 0.3,
    "wiki": 0.4,
    "forum": 0.5,
    "tickets": 0.6,
    "mail": 0.8,
}
"""The knowledge bases, and the seconds that a search in each of them usually takes."""

_FOUND = {
    "handbook": "Refunds are paid within 14 days (page refunds).",
    "wiki": "The bank file is sent on Tuesdays (page bank-file).",
    "forum": "Many customers ask about refunds in the week of a bank holiday.",
    "tickets": "Ticket 902: refund sent on day 13, arrived on day 16.",
    "mail": "The bank announced a delay of three days.",
}
_PAGES = {
    "refunds": "A refund leaves us within 14 days. The bank may take three more.",
    "bank-file": "One file a week. What misses it goes into the next one.",
    "902": "Sent on day 13 with the file of the week after.",
}


def knowledge_desk(seed: int = 0, *, spread: float = 0.0, **world: Any) -> World:
    """Make the knowledge desk's world.

    `spread` makes searches uneven: their seconds are log-normal around what is usual for the
    source, with that standard deviation of the logarithm.  0.0 makes them all usual.  The state
    is `{"notes": [...]}`.  Other keyword arguments (`faults`, `latencies`) go to `World`.
    """

    def search_seconds(given: Mapping[str, JSON], source: random.Random) -> float:
        usual = SOURCES.get(str(given.get("source")), 0.1)
        return round(usual * source.lognormvariate(0.0, spread), 3)

    return World(
        [
            Tool(
                ToolSpec(
                    "search",
                    "Search one knowledge base; returns the best hit.",
                    arguments(source=f"One of {', '.join(SOURCES)}", query="What to look for"),
                    reads=("kb/{source}",),
                    writes=(),
                ),
                _search,
                search_seconds,
            ),
            Tool(
                ToolSpec(
                    "read",
                    "Read one page that a search has found.",
                    arguments(page="Name of the page"),
                    reads=("page/{page}",),
                    writes=(),
                ),
                _read,
                0.5,
            ),
            Tool(
                ToolSpec(
                    "save_note",
                    "Add a note to the case.",
                    arguments(text="Text of the note"),
                    reads=(),
                    writes=("notes",),
                ),
                _save_note,
                0.2,
            ),
            Tool(
                ToolSpec(
                    "read_notes",
                    "All notes of the case.",
                    arguments(),
                    reads=("notes",),
                    writes=(),
                ),
                lambda state: "; ".join(state["notes"]) or "no notes",
                0.3,
            ),
        ],
        state=lambda: {"notes": []},
        seed=seed,
        **world,
    )


def ask_everywhere(query: str, *sources: str) -> list[ToolCall]:
    """Return one search for each source; for all of them if none is named."""
    return [
        ToolCall(f"search_{source}", "search", {"source": source, "query": query})
        for source in sources or SOURCES
    ]


@dataclass(frozen=True, slots=True)
class Research:
    """A plan of calls: the seconds of each by its id, and who waits for whom."""

    calls: tuple[ToolCall, ...]
    seconds: Mapping[str, float]
    edges: tuple[Edge, ...]


def refund_research() -> Research:
    """Return a plan of nine calls: four searches, then four tickets and a long page to read.

    The numbers are those of R. L. Graham's example of 1969.
    """
    query = "late refund"
    searches = {"handbook": 3.0, "wiki": 2.0, "forum": 2.0, "tickets": 2.0}
    calls = ask_everywhere(query, *searches)
    seconds = {f"search_{source}": wait for source, wait in searches.items()}
    edges = []
    for page in ("902", "915", "918", "921", "refunds"):
        call_id = f"read_{page}"
        calls.append(ToolCall(call_id, "read", {"page": page}))
        seconds[call_id] = 9.0 if page == "refunds" else 4.0
        found_in = "search_handbook" if page == "refunds" else "search_tickets"
        edges.append((found_in, call_id))
    return Research(tuple(calls), seconds, tuple(edges))


def _search(_state: Any, source: str, query: str) -> str:
    if source not in _FOUND:
        raise ToolError(f"There is no knowledge base {source}.")
    if "refund" not in query.lower():
        return f"Nothing in {source} about {query}."
    return _FOUND[source]


def _read(_state: Any, page: str) -> str:
    if page not in _PAGES:
        raise ToolError(f"There is no page {page}.")
    return _PAGES[page]


def _save_note(state: Any, text: str) -> str:
    state["notes"].append(text)
    return f"saved as note {len(state['notes'])}"
