"""What stock nbgrader needs to grade this course fairly, as preprocessors named in its config.

nbgrader takes any text on stderr for a failure and no output at all for a success.  With these
steps neither decides: points come from the report that a check cell shows, and from nothing else.
"""

from __future__ import annotations

from autograder.grading.stock.conceal import ConcealHiddenTests
from autograder.grading.stock.rebuild import RebuildMetadata
from autograder.grading.stock.settle import SettleGrades

__all__ = ("ConcealHiddenTests", "RebuildMetadata", "SettleGrades")
