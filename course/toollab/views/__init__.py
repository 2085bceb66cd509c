"""Pictures of traces, reports of checks, and the small interactive pieces of a notebook.

Everything is drawn by pure functions; `toollab.views.widgets` puts sliders and buttons before
them.  Names are loaded when first used, so that a page without widgets never imports ipywidgets.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toollab.views.picture import Picture
    from toollab.views.report import ReportView, Row, report_html, report_text
    from toollab.views.timelines import compare, timeline

__all__ = (
    "Picture",
    "ReportView",
    "Row",
    "compare",
    "report_html",
    "report_text",
    "timeline",
)

_HOMES = {
    "Picture": "picture",
    "ReportView": "report",
    "Row": "report",
    "compare": "timelines",
    "report_html": "report",
    "report_text": "report",
    "timeline": "timelines",
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
