"""What the interactive pieces have in common: a static twin, and ipywidgets only when shown."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from importlib import import_module
from typing import Any

from toollab.views._html import prose

__all__ = ("LETTERS", "Shell", "choice_rows", "fluid", "html_widget", "snug", "tell", "toolkit")

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VIEW = "application/vnd.jupyter.widget-view+json"


def toolkit() -> Any:
    """Import ipywidgets, which costs a third of a second, when it is first needed."""
    return import_module("ipywidgets")


class Shell(ABC):
    """An object that shows itself as a widget where one can live, and as plain HTML elsewhere.

    `text` and `html` depend on nothing but the arguments it was made with, so that stored
    outputs never change.
    """

    @property
    @abstractmethod
    def text(self) -> str:
        """The static twin for a terminal."""

    @property
    @abstractmethod
    def html(self) -> str:
        """The static twin for a page without a kernel."""

    @abstractmethod
    def _build(self) -> Any:
        """Make the live widget."""

    @cached_property
    def widget(self) -> Any:
        """The live ipywidgets widget; made once, so that every view shows the same state."""
        return self._build()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """Offer the widget to a live page, HTML to a dead one, text to a terminal."""
        del include, exclude
        bundle: dict[str, Any] = {"text/plain": self.text, "text/html": self.html}
        if not _page_may_be_live():
            return bundle
        try:
            model_id = self.widget.model_id
        except ImportError:  # Without ipywidgets the static twin does.
            return bundle
        return bundle | {_VIEW: {"version_major": 2, "version_minor": 0, "model_id": model_id}}

    def __repr__(self) -> str:
        return self.text


def _page_may_be_live() -> bool:
    """Tell whether a widget might find its page: not from a shell to which none can connect.

    A widget costs more time than all else that a cell does, and a terminal has no use for it.
    """
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell is None or hasattr(shell, "kernel")


def fluid() -> dict[str, str]:
    """Return a layout that takes the width there is."""
    return {"width": "100%", "max_width": "780px", "height": "auto"}


def snug() -> dict[str, str]:
    """Return a layout that is as wide as its label."""
    return {"width": "auto", "align_self": "flex-start"}


def _running_text(html: str, role: str = "") -> str:
    """Give HTML the line height of running text; a widget's own is that of a button."""
    return f'<div{role} style="line-height:1.45;text-align:left">{html}</div>'


def html_widget(html: str = "") -> Any:
    """Return a widget that shows HTML, as wide as the page lets it be."""
    return toolkit().HTML(value=_running_text(html) if html else "", layout=fluid())


def tell(target: Any, html: str) -> None:
    """Show `html` in a widget made by `html_widget`, and have screen readers say so."""
    target.value = _running_text(html, ' role="status"')


def choice_rows(choices: Sequence[str], on_pick: Callable[[int], None]) -> tuple[Any, list[Any]]:
    """Return a column of lettered buttons, each beside its choice, and the buttons.

    A button's own label cannot wrap, so the words stand beside it.
    """
    kit = toolkit()
    buttons, rows = [], []
    for index, (letter, choice) in enumerate(zip(LETTERS, choices, strict=False)):
        button = kit.Button(
            description=letter,
            tooltip=f"{letter}: {choice}",
            layout={"width": "56px", "flex": "0 0 auto"},
        )
        button.on_click(partial(_picked, on_pick, index))
        words = kit.HTML(
            value=_running_text(prose(choice)),
            layout={"flex": "1 1 0%", "height": "auto", "padding": "0 0 0 8px"},
        )
        rows.append(kit.HBox([button, words], layout={"align_items": "center"}))
        buttons.append(button)
    return kit.VBox(rows, layout=fluid()), buttons


def _picked(on_pick: Callable[[int], None], index: int, _button: Any) -> None:
    on_pick(index)
