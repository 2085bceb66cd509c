"""The interactive pieces: their static twins, and the real ipywidgets models driven headless."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import ipywidgets
import pytest

from tests.toollab.views.pages import read_html
from tests.toollab.views.traces import CUSTOMER, TOOK
from toollab.trace import good_trace
from toollab.views import (
    Picture,
    choice,
    explore,
    hints,
    predict,
    quiz,
    slider,
    timeline,
    toggle,
)
from toollab.views._shell import Shell

VIEW = "application/vnd.jupyter.widget-view+json"
QUESTIONS = [
    (
        "Which one overlaps?",
        {"`await` in a loop": "It waits.", "`gather`": "All start."},
        "`gather`",
    ),
    ("Is it faster?", {"yes": "By the slowest.", "no": "Look again."}, "yes"),
]


def draw(limit: int = 3, slow: float = 0.6, dense: bool = False, name: str = "a") -> Picture:  # noqa: FBT002
    """Draw the customer's three calls."""
    if dense and limit == 1:
        raise ValueError("no <such> thing")
    trace = good_trace(CUSTOMER, TOOK | {"toolu_03": slow}, limit=limit)
    return timeline(trace, title=f"{name}: {limit} at a time")


def explorer() -> Any:
    """Return a picture with one control of each kind."""
    return explore(
        draw,
        limit=slider(1, 3, 3, label="Most in flight"),
        slow=slider(0.1, 2, 0.6, label="Slow call takes", unit="s"),
        dense=toggle(label="Dense"),
        name=choice(["a", "b"], label="Name"),
    )


def shells() -> dict[str, Shell]:
    """Return one of each interactive piece."""
    return {
        "choice": predict(
            "How **long**?", ["`1.5 s`", "`0.6 s`"], answer="`0.6 s`", explain="Max."
        ),
        "number": predict("How long?", unit="s"),
        "hints": hints("What waits?", "Start all first.", "```\nawait gather(*calls)\n```"),
        "quiz": quiz(QUESTIONS),
        "explore": explorer(),
    }


def buttons(widget: Any) -> list[Any]:
    """Return every button inside a widget, in reading order."""
    if isinstance(widget, ipywidgets.Button):
        return [widget]
    return [found for child in getattr(widget, "children", ()) for found in buttons(child)]


def words(widget: Any) -> str:
    """Return what a widget's HTML says."""
    if isinstance(widget, ipywidgets.HTML):
        return read_html(widget.value)
    return "\n".join(words(child) for child in getattr(widget, "children", ()))


@pytest.mark.parametrize("name", shells())
def test_bundle_holds_widget_and_static_twin(name: str) -> None:
    """A live page gets the widget, any other page the same words, the same bytes each time."""
    one, other = shells()[name], shells()[name]
    bundle, again = one._repr_mimebundle_(), other._repr_mimebundle_()
    assert bundle[VIEW]["model_id"] == one.widget.model_id
    assert bundle[VIEW] == one._repr_mimebundle_()[VIEW]
    del bundle[VIEW], again[VIEW]
    assert bundle == again == {"text/plain": repr(one), "text/html": one.html}
    read_html(one.html)


@pytest.mark.parametrize("name", shells())
def test_static_twin_does_without_ipywidgets(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where ipywidgets is not installed, the static twin is shown."""
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert set(shells()[name]._repr_mimebundle_()) == {"text/plain", "text/html"}


def test_ipywidgets_is_imported_only_when_a_widget_is_shown() -> None:
    """Grading and drawing never pay for importing ipywidgets."""
    code = (
        "import sys; from toollab.views import *; from toollab.trace import Trace;"
        "timeline(Trace())._repr_mimebundle_(); h = hints('a', 'b', 'c'); h.html;"
        "predict('?', unit='s').reveal(1.0).html; quiz('?', {'a': 'b'}, answer='a').text;"
        "explore(lambda n: timeline(Trace()), n=slider(1, 2)).html;"
        "assert not {'ipywidgets', 'IPython', 'matplotlib'} & set(sys.modules);"
        "h._repr_mimebundle_(); assert 'ipywidgets' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_prediction_shows_the_outcome_only_after_the_guess() -> None:
    """Picking a choice records it, shows the outcome beside it, and closes the question."""
    asked = predict("How long?", ["`1.5 s`", "`0.6 s`"], answer="`0.6 s`", explain="Max, not sum.")
    assert "Max, not sum." not in words(asked.widget)
    buttons(asked.widget)[0].click()
    assert asked.guess == "`1.5 s`"
    assert "Your prediction: 1.5 s. Outcome: 0.6 s, not what you predicted." in words(asked.widget)
    assert "Max, not sum." in words(asked.widget)
    assert all(button.disabled for button in buttons(asked.widget))


def test_prediction_without_an_answer_may_change_until_it_is_revealed() -> None:
    """As long as nobody knows the outcome, a guess can be changed; a later cell compares."""
    asked = predict("Which ends first?", ["a", "b"])
    buttons(asked.widget)[0].click()
    buttons(asked.widget)[1].click()
    assert asked.guess == "b"
    assert [b.description for b in buttons(asked.widget)] == ["A", "B ●"]
    assert "Run on to see" in words(asked.widget)
    assert asked.reveal("b").text == "Your prediction: b. Outcome: b, as you predicted."


@pytest.mark.parametrize(
    ("guess", "value", "told"),
    [
        (1.5, 0.6, "Your prediction: 1.5 s. Outcome: 0.6 s, 0.9 s less than you predicted."),
        (0.5, 0.6, "Your prediction: 0.5 s. Outcome: 0.6 s, 0.1 s more than you predicted."),
        (0.3, 0.1 + 0.2, "Your prediction: 0.3 s. Outcome: 0.3 s, as you predicted."),
    ],
)
def test_number_is_compared_with_what_was_measured(guess: float, value: float, told: str) -> None:
    """A predicted number is shown beside the measured one, with the difference."""
    asked = predict("How long?", unit="s")
    field = asked.widget.children[1].children[0]
    field.value = guess
    buttons(asked.widget)[0].click()
    outcome = asked.reveal(value, "Because.")
    assert outcome.text == told
    assert outcome._repr_mimebundle_()["text/plain"] == told
    assert "Because." in read_html(outcome.html)


def test_no_guess_is_no_mistake() -> None:
    """Run All without a guess shows the outcome and says that there was none."""
    assert predict("?", unit="s").reveal(0.6).text == "Outcome: 0.6 s. No prediction was made."


def test_hints_open_one_at_a_time() -> None:
    """Each press opens one more hint; after the last, there is nothing left to press."""
    three = hints("What waits?", "Start all first.", "Use gather.")
    button = buttons(three.widget)[0]
    for opened in range(3):
        shown = words(three.widget)
        expected = [True] * opened + [False] * (3 - opened)
        assert [hint in shown for hint in three.told] == expected
        assert button.description.startswith(f"Hint {opened + 1} of 3")
        button.click()
    assert all(hint in words(three.widget) for hint in three.told)
    assert button.disabled


def test_static_hints_are_folded_into_each_other() -> None:
    """Without a kernel, the third hint is inside the second, and that inside the first."""
    html = hints("one", "two", "three").html
    assert html.count("<details>") == 3
    assert html.index("one") < html.index("two") < html.index("three") < html.index("</details>")


def test_every_choice_of_a_quiz_explains_itself() -> None:
    """A wrong choice says why, a right one too, and the first tries are counted."""
    asked = quiz(QUESTIONS)
    first, second, third, _ = buttons(asked.widget)
    assert "It waits." not in words(asked.widget)
    first.click()
    assert "Not this one. It waits." in words(asked.widget)
    assert first.description == "A ✗"
    second.click()
    assert "Right. All start." in words(asked.widget)
    assert "first try" not in words(asked.widget)
    third.click()
    assert "1 of 2 right at the first try." in words(asked.widget)
    assert asked.picked == {0: "`gather`", 1: "yes"}


def test_static_quiz_hides_each_explanation_behind_its_choice() -> None:
    """Without a kernel, each choice opens to its own explanation."""
    html = quiz(QUESTIONS).html
    assert html.count("<details>") == 4
    plain = quiz("One?", {"a": "Why a.", "b": "Why b."}, answer="b")
    assert read_html(plain.html).index("A. a") < read_html(plain.html).index("Why a.")
    assert plain.text == "One?\nA. a\nB. b"


def test_sliders_redraw_the_picture() -> None:
    """Moving a control sets the HTML to the new drawing, with its own alternative text."""
    shown = explorer()
    knobs = shown.widget.children
    assert [knob.description for knob in knobs[:4]] == [
        "Most in flight",
        "Slow call takes (s)",
        "Dense",
        "Name",
    ]
    knobs[0].value = 1
    knobs[1].value = 1.1
    knobs[3].value = "b"
    assert shown.values == {"limit": 1, "slow": 1.1, "dense": False, "name": "b"}
    expected = draw(limit=1, slow=1.1, name="b")
    assert shown.picture == expected
    assert shown.widget.children[4].value == expected.drawing
    assert 'aria-label="b: 1 at a time: makespan 2 s,' in shown.widget.children[4].value


def test_text_form_follows_the_sliders() -> None:
    """The text form is shown on demand and is always that of the picture."""
    shown = explorer()
    *knobs, _, as_text, text = shown.widget.children
    assert words(text) == ""
    as_text.value = True
    knobs[0].value = 2
    assert words(text) == draw(limit=2).text


def test_setting_that_cannot_be_drawn_says_so() -> None:
    """An error in the drawing function is told in place of the picture, not lost."""
    shown = explorer()
    shown.widget.children[2].value = True
    shown.widget.children[0].value = 1
    assert "cannot be drawn. ValueError: no <such> thing" in words(shown.widget.children[4])
    shown.widget.children[0].value = 2
    assert "<svg " in shown.widget.children[4].value


def test_static_twin_shows_where_the_sliders_start() -> None:
    """The stored picture is that of the first settings, whatever was moved since."""
    shown = explorer()
    before = shown.html, shown.text
    shown.widget.children[0].value = 1
    assert (shown.html, shown.text) == before
    assert "Most in flight 3, Slow call takes 0.6 s, Dense off, Name a" in read_html(shown.html)


def test_slider_counts_in_whole_numbers_if_all_are_whole() -> None:
    """A number of calls is never 2.5; a time may be."""
    assert isinstance(slider(1, 5).build("n", "80px"), ipywidgets.IntSlider)
    fine = slider(0.0, 1.0, step=0.05).build("s", "80px")
    assert isinstance(fine, ipywidgets.FloatSlider)
    assert fine.readout_format == ".2f"


MISTAKES = {
    "prediction": lambda: predict("?", ["a"], answer="b"),
    "question": lambda: quiz("?", {"a": "x"}, answer="b"),
    "no choices": lambda: quiz("?", {}, answer=""),
    "start": lambda: slider(1, 3, 4),
    "step": lambda: slider(1, 3, step=0),
    "no options": lambda: choice([]),
    "option": lambda: choice(["a"], "b"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_author_mistakes_are_named_at_once(mistake: str) -> None:
    """A question without its answer, or a slider beyond its ends, fails where it is written."""
    with pytest.raises(ValueError, match="Hint: "):
        MISTAKES[mistake]()
