"""Pictures of traces, reports of checks, and the small interactive pieces of a notebook.

Everything is drawn by pure functions; `toollab.views.widgets` puts sliders and buttons before
them.  Names are loaded when first used, so that a page without widgets never imports ipywidgets.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toollab.views._curves import curves
    from toollab.views.figures import stacked_bars, steps
    from toollab.views.graphs import graph, graph_run
    from toollab.views.pairings import pairing
    from toollab.views.picture import Picture
    from toollab.views.report import ReportView, Row, report_html, report_text
    from toollab.views.seven import seven_steps
    from toollab.views.streams import Packet, packets
    from toollab.views.timelines import compare, timeline
    from toollab.views.widgets import (
        choice,
        explore,
        hints,
        live_switch,
        predict,
        quiz,
        slider,
        toggle,
    )

__all__ = (
    "Packet",
    "Picture",
    "ReportView",
    "Row",
    "choice",
    "compare",
    "curves",
    "explore",
    "graph",
    "graph_run",
    "hints",
    "live_switch",
    "packets",
    "pairing",
    "predict",
    "quiz",
    "report_html",
    "report_text",
    "seven_steps",
    "slider",
    "stacked_bars",
    "steps",
    "timeline",
    "toggle",
)

_HOMES = {
    "Packet": "streams",
    "Picture": "picture",
    "ReportView": "report",
    "Row": "report",
    "choice": "widgets",
    "compare": "timelines",
    "curves": "_curves",
    "explore": "widgets",
    "graph": "graphs",
    "graph_run": "graphs",
    "hints": "widgets",
    "live_switch": "widgets",
    "packets": "streams",
    "pairing": "pairings",
    "predict": "widgets",
    "quiz": "widgets",
    "report_html": "report",
    "report_text": "report",
    "seven_steps": "seven",
    "slider": "widgets",
    "stacked_bars": "figures",
    "steps": "figures",
    "timeline": "timelines",
    "toggle": "widgets",
}


def __getattr__(name: str) -> Any:
    """Load a public name from the module it lives in."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
