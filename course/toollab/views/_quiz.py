"""Hints that open one at a time, and questions whose every choice explains itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from toollab.views._html import box, inline, prose
from toollab.views._shell import (
    LETTERS,
    Shell,
    choice_rows,
    fluid,
    html_widget,
    snug,
    tell,
    toolkit,
)
from toollab.views._svg import clean

__all__ = ("Hints", "Question", "Quiz", "hints", "quiz")

_STEPS = ("a question", "a pointer", "a sketch")


def hints(question: str, pointer: str, sketch: str) -> Hints:
    """Offer three hints, each telling more than the one before; none is shown unasked.

    Blank lines part paragraphs; `code`, **bold** and ``` fences are shown as such.
    """
    return Hints((question, pointer, sketch))


class Hints(Shell):
    """Three hints to be opened one at a time."""

    def __init__(self, told: tuple[str, str, str]) -> None:
        self.told = told
        self.opened = 0

    @property
    def text(self) -> str:
        """That there are hints; a terminal cannot hide what they say."""
        return f"Hints, to be opened one at a time: {', '.join(_STEPS)}."

    @property
    def html(self) -> str:
        """The hints, each folded into the one before."""
        nested = ""
        for index in (2, 1, 0):
            nested = (
                f"<details><summary>Hint {index + 1} of 3: {_STEPS[index]}</summary>"
                f"{box(prose(self.told[index]) + nested, 'info')}</details>"
            )
        return nested

    def _build(self) -> Any:
        kit = toolkit()
        self._said = html_widget()
        self._button = kit.Button(icon="lightbulb-o", layout=snug())
        self._button.on_click(lambda _: self.open())
        self._label()
        return kit.VBox([self._said, self._button], layout=fluid())

    def _label(self) -> None:
        if self.opened < len(_STEPS):
            self._button.description = f"Hint {self.opened + 1} of 3: {_STEPS[self.opened]}"
        else:
            self._button.description = "That was the last hint"
            self._button.disabled = True

    def open(self) -> None:
        """Open the next hint, as the button does."""
        self.opened = min(self.opened + 1, len(_STEPS))
        shown = [
            box(f"<strong>Hint {i + 1}: {_STEPS[i]}</strong>{prose(self.told[i])}", "info")
            for i in range(self.opened)
        ]
        if "widget" in self.__dict__:
            tell(self._said, "".join(shown))
            self._label()


@dataclass(frozen=True, slots=True)
class Question:
    """One question: `choices` maps each choice to what there is to say about it."""

    question: str
    choices: Mapping[str, str]
    answer: str

    def __post_init__(self) -> None:
        if self.answer not in self.choices:
            raise ValueError(
                f"The answer {self.answer!r} is none of the choices. "
                "Hint: repeat one of them exactly."
            )

    def verdict(self, choice: str) -> str:
        """Return, as HTML, whether `choice` is right, and why."""
        right = choice == self.answer
        word = "✓ Right." if right else "✗ Not this one."
        return box(prose(f"**{word}** {self.choices[choice]}"), "good" if right else "bad")


def quiz(
    question: str | Sequence[tuple[str, Mapping[str, str], str]],
    choices: Mapping[str, str] | None = None,
    *,
    answer: str = "",
) -> Quiz:
    """Ask one question, or a list of `(question, choices, answer)`.

    `choices` maps each choice to its explanation, which appears when the choice is made, right
    or wrong.  Raises `ValueError` if an answer is not among its choices.
    """
    if isinstance(question, str):
        return Quiz((Question(question, choices or {}, answer),))
    return Quiz(tuple(Question(*one) for one in question))


class Quiz(Shell):
    """Questions for oneself; nothing is graded.  `picked` holds the latest choice of each."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        self.questions = questions
        self.picked: dict[int, str] = {}
        self.first: dict[int, str] = {}

    def _title(self, index: int) -> str:
        count = f"{index + 1}. " if len(self.questions) > 1 else ""
        return count + clean(self.questions[index].question)

    @property
    def text(self) -> str:
        """The questions and choices; a terminal cannot hide the explanations."""
        blocks = []
        for index, asked in enumerate(self.questions):
            lines = [f"{a}. {clean(b)}" for a, b in zip(LETTERS, asked.choices, strict=False)]
            blocks.append("\n".join([self._title(index), *lines]))
        return "\n\n".join(blocks)

    @property
    def html(self) -> str:
        """The questions; each choice opens to its explanation."""
        html = []
        for index, asked in enumerate(self.questions):
            html.append(f"<p><strong>{inline(self._title(index))}</strong></p>")
            html += [
                f"<details><summary>{letter}. {inline(choice)}</summary>"
                f"{asked.verdict(choice)}</details>"
                for letter, choice in zip(LETTERS, asked.choices, strict=False)
            ]
        return f'<div style="max-width:760px">{"".join(html)}</div>'

    def _build(self) -> Any:
        self._parts: list[tuple[list[Any], Any]] = []
        self._score = html_widget()
        shown = []
        for index, asked in enumerate(self.questions):
            said = html_widget()
            rows, buttons = choice_rows(tuple(asked.choices), partial(self.pick, index))
            self._parts.append((buttons, said))
            shown += [html_widget(f"<strong>{inline(self._title(index))}</strong>"), rows, said]
        return toolkit().VBox([*shown, self._score], layout=fluid())

    def pick(self, index: int, choice: int) -> None:
        """Choose: question `index`, choice `choice`, both from 0, as the buttons do."""
        asked = self.questions[index]
        words = tuple(asked.choices)[choice]
        self.picked[index] = words
        self.first.setdefault(index, words)
        if "widget" not in self.__dict__:
            return
        buttons, said = self._parts[index]
        right = words == asked.answer
        buttons[choice].description = f"{LETTERS[choice]} {'✓' if right else '✗'}"
        buttons[choice].button_style = "success" if right else "warning"
        tell(said, asked.verdict(words))
        if len(self.first) == len(self.questions) > 1:
            count = sum(self.questions[i].answer == one for i, one in self.first.items())
            tell(self._score, f"{count} of {len(self.questions)} right at the first try.")
