"""What the real services refuse, with the words they refuse it in: one rule, one function."""

from __future__ import annotations

from toollab.providers.rules.fault import Fault, Rule, check

__all__ = ("Fault", "Rule", "check")
