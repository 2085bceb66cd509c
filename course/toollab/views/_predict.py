"""Predictions: a question before the code runs, and the guess beside the outcome after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from toollab.views._svg import clean, close, number

__all__ = ("Outcome", "Prediction", "predict")


def predict(
    question: str,
    choices: Sequence[str] | None = None,
    *,
    unit: str = "",
    answer: str | float | None = None,
    explain: str = "",
) -> Prediction:
    """Ask for a prediction: one of `choices`, or without them a number in `unit`.

    The guess is kept in `.guess`.  With an `answer`, the outcome and `explain` appear once the
    guess is made; a later cell may show both as well: `prediction.reveal(trace.makespan)`.
    Raises `ValueError` if the answer is not among the choices.
    """
    if choices is not None and answer is not None and answer not in choices:
        raise ValueError(
            f"The answer {answer!r} is none of the choices. Hint: repeat one of them exactly."
        )
    return Prediction(question, tuple(choices or ()), unit, answer, explain)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A prediction beside what happened; `guess` is `None` if nobody made one."""

    guess: str | float | None
    value: str | float
    unit: str = ""
    explain: str = ""

    @property
    def right(self) -> bool:
        """Whether the prediction came true."""
        if isinstance(self.guess, str) or isinstance(self.value, str) or self.guess is None:
            return self.guess == self.value
        return close(self.guess, self.value)

    @property
    def text(self) -> str:
        """Both in one line."""
        happened = f"Outcome: {_write(self.value, self.unit)}"
        if self.guess is None:
            return f"{happened}. No prediction was made."
        guessed = f"Your prediction: {_write(self.guess, self.unit)}"
        return f"{guessed}. {happened}, {self._difference()}."

    def _difference(self) -> str:
        guess, value = self.guess, self.value
        if self.right:
            return "as you predicted"
        if isinstance(guess, str) or isinstance(value, str) or guess is None:
            return "not what you predicted"
        more = "more" if value > guess else "less"
        return f"{_write(abs(value - guess), self.unit)} {more} than you predicted"

    @property
    def html(self) -> str:
        """Both as a note, with the explanation."""
        tone = "good" if self.right else "info"
        return box(f"<strong>{inline(self.text)}</strong>{prose(self.explain)}", tone)

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        del include, exclude
        return {"text/plain": self.text, "text/html": self.html}


def _write(value: str | float, unit: str) -> str:
    return clean(value) if isinstance(value, str) else f"{number(value)} {unit}".strip()


class Prediction(Shell):
    """A question asked before the code runs; `guess` is what the learner expects, or `None`."""

    def __init__(
        self,
        question: str,
        choices: tuple[str, ...],
        unit: str,
        answer: str | float | None,
        explain: str,
    ) -> None:
        self.question, self.choices, self.unit = question, choices, unit
        self.answer, self.explain = answer, explain
        self.guess: str | float | None = None

    def reveal(self, value: str | float, explain: str = "") -> Outcome:
        """Return the guess beside the outcome `value`, for the cell that measured it to show."""
        return Outcome(self.guess, value, self.unit, explain or self.explain)

    @property
    def text(self) -> str:
        """The question and its choices."""
        lines = [f"{a}. {clean(b)}" for a, b in zip(LETTERS, self.choices, strict=False)]
        if not lines:
            lines = [f"Your prediction{f', in {self.unit}' if self.unit else ''}: ?"]
        return "\n".join([f"Predict: {clean(self.question)}", *lines])

    @property
    def html(self) -> str:
        """The question, its choices, and the answer, to be opened."""
        asked = "".join(
            f"<div>{letter}. {inline(choice)}</div>"
            for letter, choice in zip(LETTERS, self.choices, strict=False)
        )
        if not asked:
            asked = prose(f"A number{f', in {self.unit}' if self.unit else ''}.")
        outcome = ""
        if self.answer is not None:
            outcome = (
                "<details><summary>The outcome, for after your guess</summary>"
                f"<p><strong>{inline(_write(self.answer, self.unit))}</strong></p>"
                f"{prose(self.explain)}</details>"
            )
        return box(prose(f"**Predict:** {self.question}") + asked + outcome, "info")

    def _build(self) -> Any:
        kit = toolkit()
        self._said = html_widget()
        head = html_widget(prose(f"**Predict:** {self.question}"))
        if self.choices:
            asked, self._buttons = choice_rows(self.choices, self._pick)
        else:
            self._field = kit.FloatText(
                description=f"Your prediction ({self.unit})" if self.unit else "Your prediction",
                style={"description_width": "initial"},
                layout={"width": "260px"},
            )
            button = kit.Button(description="This is my guess", layout=snug())
            button.on_click(lambda _: self._record(float(self._field.value)))
            self._buttons = [button]
            asked = kit.HBox([self._field, button], layout={"flex_flow": "row wrap"})
        return kit.VBox([head, asked, self._said], layout=fluid())

    def _pick(self, index: int) -> None:
        for other, button in enumerate(self._buttons):
            button.button_style = "info" if other == index else ""
            button.description = LETTERS[other] + (" ●" if other == index else "")
        self._record(self.choices[index])

    def _record(self, guess: str | float) -> None:
        """Keep the guess; once the outcome is known to the learner, it stands."""
        self.guess = guess
        if self.answer is None:
            kept = f"Your prediction: {_write(guess, self.unit)}. Run on to see what happens."
            tell(self._said, box(f"<strong>{inline(kept)}</strong>", "info"))
            return
        for button in self._buttons:
            button.disabled = True
        tell(self._said, self.reveal(self.answer).html)
