"""The interactive pieces of a notebook: prediction, hints, quiz, and pictures with sliders.

Each is a thin shell on ipywidgets with a static twin, which works without a kernel, on a
code-hosting site and in a grader's feedback.
"""

from __future__ import annotations

from toollab.views._explore import Explorer, choice, explore, slider, toggle
from toollab.views._predict import Outcome, Prediction, predict
from toollab.views._quiz import Hints, Quiz, hints, quiz

__all__ = (
    "Explorer",
    "Hints",
    "Outcome",
    "Prediction",
    "Quiz",
    "choice",
    "explore",
    "hints",
    "predict",
    "quiz",
    "slider",
    "toggle",
)
