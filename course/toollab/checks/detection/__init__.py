"""Checks of notebook 11: references in arguments, conflicts between calls, and waves.

Scenes are written down from their answers: texts around the ids they refer to, calls around the
resources they share, batches around the wave in which each call belongs.
"""

from __future__ import annotations

from toollab.checks.detection._conflicts import conflicts
from toollab.checks.detection._encounters import Encounter, Encounters, encounters
from toollab.checks.detection._references import Mention, Mentions, mentions, references
from toollab.checks.detection._waves import Surf, plan_waves, surf

__all__ = (
    "Encounter",
    "Encounters",
    "Mention",
    "Mentions",
    "Surf",
    "conflicts",
    "encounters",
    "mentions",
    "plan_waves",
    "references",
    "surf",
)
