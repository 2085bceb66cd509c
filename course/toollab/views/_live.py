"""The toggle between the mock and the real services, which every live cell stands under."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from toollab.views._html import badge, box, inline
from toollab.views._shell import Shell, fluid, html_widget, tell, toolkit
from toollab.views._svg import clean

__all__ = ("LiveSwitch", "Switching", "live_switch")


class Switching(Protocol):
    """What is switched; `toollab.providers.Switch` is one.

    `live` may also be set.  Whoever subscribes is called after each change.
    """

    live: bool

    @property
    def sentence(self) -> str:
        """Where calls go now, and why."""

    def subscribe(self, follower: Callable[[Any], object]) -> None:
        """Call `follower` after each change."""


def live_switch(switch: Switching) -> LiveSwitch:
    """Show where the calls of this notebook go, with a toggle to send them elsewhere.

    The toggle follows the switch: when a live call cannot be made, it goes back to the mock
    and the sentence beneath says why.
    """
    return LiveSwitch(switch)


class LiveSwitch(Shell):
    """A toggle for a switch; its static twin says how the switch stood when it was shown."""

    def __init__(self, switch: Switching) -> None:
        self._switch = switch
        self._start = switch.sentence

    @property
    def text(self) -> str:
        """Where calls went when the toggle was made."""
        return clean(self._start)

    @property
    def html(self) -> str:
        """Where calls went when the toggle was made, and how to change that."""
        words = inline(self._start)
        return box(f"{badge('Live or mock', 'info')} {words} Run this cell for the toggle.", "info")

    def _build(self) -> Any:
        self._toggle = toolkit().ToggleButtons(
            options=[("Mock", False), ("Live", True)],
            value=self._switch.live,
            description="Calls go to",
            tooltips=["A simulation on this machine", "The real services, with your own key"],
            style={"button_width": "84px", "description_width": "initial"},
        )
        self._said = html_widget()
        self._toggle.observe(self._turn, names="value")
        self._switch.subscribe(self._follow)
        self._follow(self._switch)
        return toolkit().VBox([self._toggle, self._said], layout=fluid())

    def _turn(self, change: Any) -> None:
        if self._switch.live != change["new"]:
            self._switch.live = change["new"]

    def _follow(self, switch: Any) -> None:
        self._toggle.value = switch.live
        tell(self._said, box(inline(switch.sentence), "doubt" if switch.live else "info"))
