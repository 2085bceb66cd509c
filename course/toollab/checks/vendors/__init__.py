"""The exercises of notebook 09: ask on three APIs, read the calls of each, give ids that hold.

`Wanted`, `Said` and `Emitted` are the cases they are played on.
"""

from __future__ import annotations

from toollab.checks.vendors._ids import Emitted, normalise_ids
from toollab.checks.vendors._replies import Said
from toollab.checks.vendors._requests import Wanted, build_request
from toollab.checks.vendors._to_neutral import to_neutral

__all__ = ("Emitted", "Said", "Wanted", "build_request", "normalise_ids", "to_neutral")
