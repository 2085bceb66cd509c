"""The toggle between the mock and the real services, driven headless."""

from __future__ import annotations

import sys
from typing import Any

import ipywidgets
import pytest

from tests.toollab.views.pages import read_html
from toollab.providers import Switch
from toollab.views import live_switch


def parts(switch: Switch) -> tuple[Any, ipywidgets.HTML]:
    """Return the toggle and the sentence beneath it."""
    toggle, said = live_switch(switch).widget.children
    return toggle, said


def test_toggle_begins_where_the_switch_stands() -> None:
    """A fresh switch is on the mock, and toggle, sentence and static twin all say so."""
    switch = Switch(live=False)
    toggle, said = parts(switch)
    assert toggle.value is False
    assert switch.sentence in read_html(said.value)
    assert live_switch(switch).text == switch.sentence
    assert switch.sentence in read_html(live_switch(switch).html)


def test_toggle_turns_the_switch() -> None:
    """A press on Live sends calls to the real services, a press on Mock brings them back."""
    switch = Switch(live=False)
    toggle, said = parts(switch)
    toggle.value = True
    assert switch.live
    assert "cost money" in read_html(said.value)
    toggle.value = False
    assert not switch.live
    assert "cost nothing" in read_html(said.value)


def test_toggle_follows_a_fall_back_and_says_why() -> None:
    """A live call that cannot be made moves the toggle to Mock and keeps the reason in view."""
    switch = Switch(live=True)
    toggle, said = parts(switch)
    assert toggle.value is True
    switch.fall_back("There is no key. Hint: set one.")
    assert toggle.value is False
    assert "There is no key. Hint: set one." in read_html(said.value)


def test_two_toggles_of_one_switch_agree() -> None:
    """Whichever toggle of a notebook is pressed, all of them show it."""
    switch = Switch(live=False)
    (first, _), (second, _) = parts(switch), parts(switch)
    first.value = True
    assert second.value is True


def test_static_twin_never_changes() -> None:
    """What is stored says how the switch stood when the toggle was made."""
    switch = Switch(live=False)
    shown = live_switch(switch)
    before = shown.text, shown.html
    shown.widget.children[0].value = True
    assert (shown.text, shown.html) == before


def test_static_twin_does_without_ipywidgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where ipywidgets is not installed, the sentence is shown."""
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert set(live_switch(Switch(live=False))._repr_mimebundle_()) == {"text/plain", "text/html"}
