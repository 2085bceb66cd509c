r"""Serve the mock to any program: `python -m toollab.providers --port 8080`.

Then, from another terminal:

    curl http://127.0.0.1:8080/v1/messages \
      -H 'content-type: application/json' -H 'x-api-key: anything' \
      -d '{"model": "claude-haiku-5-5", "max_tokens": 500,
           "messages": [{"role": "user", "content": "How is the weather in Beijing and LA?"}],
           "tools": [{"name": "get_weather", "description": "Current weather.",
                      "input_schema": {"type": "object", "required": ["city"],
                                       "properties": {"city": {"type": "string"}}}}]}'

The same question goes to `/v1/chat/completions` and `/v1/responses` in OpenAI's formats, with
`-H 'authorization: Bearer anything'`.  Add `"stream": true` to see the events, with `curl -N`.
Knobs are turned with `--knob`: `--knob parallel=never --knob frame_delay=0.2`.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from toollab.providers.knobs import Knobs
from toollab.providers.mock import MockProvider
from toollab.providers.server import Server

SIMPLE = (bool, int, float, str, type(None))


def knobs(settings: Sequence[str]) -> Knobs:
    """Read `name=value` settings.  Raises `ValueError` with a hint if one is not understood."""
    default = Knobs()
    known = {f.name for f in fields(Knobs) if isinstance(getattr(default, f.name), SIMPLE)}
    chosen: dict[str, Any] = {}
    for setting in settings:
        name, _, text = setting.partition("=")
        if name not in known:
            raise ValueError(f"There is no knob {name!r}. Hint: one of {', '.join(sorted(known))}.")
        try:
            chosen[name] = json.loads(text)
        except ValueError:
            chosen[name] = text
    return Knobs(**chosen)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m toollab.providers",
        description="Serve a mock of the Anthropic and OpenAI APIs on 127.0.0.1.",
    )
    parser.add_argument(
        "--port", type=int, default=0, help="port to listen on; default: any free one"
    )
    parser.add_argument(
        "--knob", action="append", default=[], metavar="NAME=VALUE", help="turn a knob"
    )
    chosen = parser.parse_args(arguments)
    try:
        server = Server(MockProvider(knobs=knobs(chosen.knob)), port=chosen.port).start()
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(
        f"Anthropic: {server.url}\nOpenAI:    {server.openai_url}\nAny key will do. Ctrl+C stops.\n"
    )
    sys.stdout.flush()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
