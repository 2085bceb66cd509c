"""The exercises of notebook 02: read a batch, answer it, lint a history, put a stream together.

`Turn`, `Asked`, `History` and `Stream` are the cases they are played on.
"""

from __future__ import annotations

from toollab.checks.batches._answer import answer_batch
from toollab.checks.batches._asked import Asked
from toollab.checks.batches._extract import extract_calls
from toollab.checks.batches._histories import History
from toollab.checks.batches._lint import lint_history
from toollab.checks.batches._streams import accumulate_deltas
from toollab.checks.batches._turns import Stream, Turn

__all__ = (
    "Asked",
    "History",
    "Stream",
    "Turn",
    "accumulate_deltas",
    "answer_batch",
    "extract_calls",
    "lint_history",
)
