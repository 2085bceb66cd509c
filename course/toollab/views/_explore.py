"""Pictures with sliders: what if there were more calls, or slower ones?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from toollab.views._html import badge, box, inline
from toollab.views._shell import Shell, fluid, html_widget, snug, toolkit
from toollab.views._svg import escape, number, one_line, text_width
from toollab.views.picture import Picture

__all__ = ("Choice", "Explorer", "Slider", "Toggle", "choice", "explore", "slider", "toggle")


@dataclass(frozen=True, slots=True)
class Slider:
    """A number between `low` and `high`; made by `slider`."""

    low: float
    high: float
    value: float
    step: float
    label: str
    unit: str

    def build(self, label: str, room: str) -> Any:
        """Make the live control."""
        kit = toolkit()
        whole = all(isinstance(n, int) for n in (self.low, self.high, self.value, self.step))
        make = kit.IntSlider if whole else kit.FloatSlider
        return make(
            min=self.low,
            max=self.high,
            value=self.value,
            step=self.step,
            description=label,
            readout_format="d" if whole else f".{_decimals(self.step)}f",
            **_looks(room),
        )


@dataclass(frozen=True, slots=True)
class Toggle:
    """On or off; made by `toggle`."""

    value: bool
    label: str

    def build(self, label: str, room: str) -> Any:
        """Make the live control."""
        return toolkit().Checkbox(value=self.value, description=label, indent=False, **_looks(room))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few; made by `choice`."""

    options: tuple[str, ...]
    value: str
    label: str

    def build(self, label: str, room: str) -> Any:
        """Make the live control."""
        return toolkit().Dropdown(
            options=self.options, value=self.value, description=label, **_looks(room)
        )


def _decimals(step: float) -> int:
    return len(number(step).partition(".")[2])


def _looks(room: str) -> dict[str, Any]:
    return {
        "style": {"description_width": room},
        "layout": {"width": "100%", "max_width": "460px"},
    }


def slider(
    low: float,
    high: float,
    value: float | None = None,
    *,
    step: float | None = None,
    label: str = "",
    unit: str = "",
) -> Slider:
    """Offer a number from `low` to `high`; whole numbers if all that is given is whole."""
    value = low if value is None else value
    whole = all(isinstance(n, int) for n in (low, high, value))
    step = step if step is not None else 1 if whole else 0.1
    if not low <= value <= high or step <= 0:
        raise ValueError(
            f"A slider from {low} to {high} cannot start at {value} with step {step}. "
            "Hint: low <= value <= high, and a step above 0."
        )
    return Slider(low, high, value, step, label, unit)


def toggle(value: bool = False, *, label: str = "") -> Toggle:  # noqa: FBT001, FBT002 - its value
    """Offer a box to tick."""
    return Toggle(value, label)


def choice(options: Sequence[str], value: str | None = None, *, label: str = "") -> Choice:
    """Offer one of `options`; the first unless `value` says otherwise."""
    if not options or (value is not None and value not in options):
        raise ValueError(
            f"{value!r} is none of the options {list(options)}. Hint: repeat one of them exactly."
        )
    return Choice(tuple(options), options[0] if value is None else value, label)


def explore(draw: Callable[..., Picture], **controls: Slider | Toggle | Choice) -> Explorer:
    """Show `draw(**values)` under controls that redraw it.

    Each keyword names an argument of `draw` and gives the control for it.  The picture is put
    into an HTML widget, so it is still right after a page reload.
    """
    return Explorer(draw, controls)


class Explorer(Shell):
    """A picture and its controls.  `values` holds what is set now, `picture` what that draws."""

    def __init__(
        self, draw: Callable[..., Picture], controls: dict[str, Slider | Toggle | Choice]
    ) -> None:
        self._draw, self._controls = draw, controls
        self.values: dict[str, Any] = {name: one.value for name, one in controls.items()}
        self._start = draw(**self.values)
        self._settings = ", ".join(_setting(name, one) for name, one in controls.items())
        self.picture = self._start

    @property
    def text(self) -> str:
        """The first picture, and the settings it shows."""
        return f"{self._start.text}\n\nSettings: {self._settings}"

    @property
    def html(self) -> str:
        """The first picture, and the settings it shows."""
        return (
            f"{self._start.html}<p>{badge('Settings', 'idle')} {inline(self._settings)}. "
            "Run this cell to change them.</p>"
        )

    def _build(self) -> Any:
        kit = toolkit()
        labels = {name: _label(name, one) for name, one in self._controls.items()}
        room = f"{max(map(text_width, labels.values()), default=0) + 10:.0f}px"
        self._knobs = {name: one.build(labels[name], room) for name, one in self._controls.items()}
        self._shown, self._words = html_widget(), html_widget()
        self._as_text = kit.ToggleButton(description="Text form", layout=snug())
        for knob in self._knobs.values():
            knob.observe(self._redraw, names="value")
        self._as_text.observe(self._redraw, names="value")
        self._redraw()
        return kit.VBox(
            [*self._knobs.values(), self._shown, self._as_text, self._words], layout=fluid()
        )

    def _redraw(self, _change: object = None) -> None:
        self.values = {name: knob.value for name, knob in self._knobs.items()}
        try:
            self.picture = self._draw(**self.values)
        except Exception as error:  # noqa: BLE001 - in a callback it would vanish unseen
            told = one_line(f"{type(error).__name__}: {error}", 300)
            self._shown.value = box(f"These settings cannot be drawn. {escape(told)}", "bad")
            return
        self._shown.value = self.picture.drawing
        words = f"<pre>{escape(self.picture.text)}</pre>" if self._as_text.value else ""
        self._words.value = words


def _label(name: str, control: Slider | Toggle | Choice) -> str:
    unit = f" ({control.unit})" if isinstance(control, Slider) and control.unit else ""
    return one_line(control.label or name) + unit


def _setting(name: str, control: Slider | Toggle | Choice) -> str:
    label = one_line(control.label or name)
    if isinstance(control, Toggle):
        return f"{label} {'on' if control.value else 'off'}"
    if isinstance(control, Choice):
        return f"{label} {one_line(control.value)}"
    return f"{label} {number(control.value)} {control.unit}".strip()
