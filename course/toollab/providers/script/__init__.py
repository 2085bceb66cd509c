"""The scripted model: deterministic, and small enough to be read.

`ScriptedModel` plans from the user's words (`plans`), asks for what it may (`model`), and lets
the knobs spoil it (`misbehave`).  `Replay` says what it was told to say.
"""

from __future__ import annotations

from toollab.providers.script.model import Model, Replay, ScriptedModel
from toollab.providers.script.plans import PLANS, Plan, Wish

__all__ = ("PLANS", "Model", "Plan", "Replay", "ScriptedModel", "Wish")
