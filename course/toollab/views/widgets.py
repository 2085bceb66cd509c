"""The interactive pieces of a notebook: predictions, hints, quizzes, sliders, the live switch.

Each is a thin shell on ipywidgets with a static twin, which works without a kernel, on a
code-hosting site and in a grader's feedback.
"""

from __future__ import annotations

from toollab.views._explore import Explorer, choice, explore, slider, toggle
from toollab.views._live import LiveSwitch, live_switch
from toollab.views._predict import Outcome, Prediction, predict
from toollab.views._quiz import Hints, Quiz, hints, quiz

__all__ = (
    "Explorer",
    "Hints",
    "LiveSwitch",
    "Outcome",
    "Prediction",
    "Quiz",
    "choice",
    "explore",
    "hints",
    "live_switch",
    "predict",
    "quiz",
    "slider",
    "toggle",
)
