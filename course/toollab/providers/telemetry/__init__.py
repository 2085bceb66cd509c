"""OpenTelemetry spans without an OpenTelemetry SDK: collected in memory, exported as JSON.

`Recorder` is a tracer provider: hand it to Anthropic's client, or put it around tools and
dispatchers.  `read_spans` reads an exported trace as plain dicts, and `as_trace` makes a picture
of them possible.
"""

from __future__ import annotations

from toollab.providers.telemetry.otlp import as_trace, read_spans
from toollab.providers.telemetry.recorder import Recorder

__all__ = ("Recorder", "as_trace", "read_spans")
