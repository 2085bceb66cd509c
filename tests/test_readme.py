"""The README keeps its promises: its picture is computed, its commands and links exist."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

import run
from toollab import Trace, simulate
from toollab.calls import ToolCall
from toollab.tools import full_picture, support_desk
from toollab.views import compare
from toollab.views.picture import Picture

Registry = Mapping[str, Callable[..., Coroutine[Any, Any, str]]]

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURE = ROOT / ".github" / "timeline.svg"


async def one_by_one(calls: list[ToolCall], registry: Registry) -> None:
    """Run the calls one after another."""
    for call in calls:
        await registry[call.name](**call.arguments)


async def all_at_once(calls: list[ToolCall], registry: Registry) -> None:
    """Run the calls together."""
    await asyncio.gather(*(registry[call.name](**call.arguments) for call in calls))


def run_of(dispatch: Callable[..., Coroutine[Any, Any, None]]) -> Trace:
    """Run the README's three calls on simulated time, and return their trace."""
    desk, calls = support_desk(), full_picture(1234)
    simulate(desk, dispatch, calls, desk.tools)
    return desk.trace(calls)


def picture() -> Picture:
    """Draw the README's picture."""
    title = "Three tool calls for customer 1234"
    names = ("One after another", "All at once")
    return compare(run_of(one_by_one), run_of(all_at_once), title=title, names=names)


def test_picture_is_computed() -> None:
    """The picture is what two dispatchers do on simulated time, and its alt text says the same."""
    drawn = picture()
    hint = "Hint: draw it again with `.venv/bin/python -m tests.test_readme`."
    assert PICTURE.read_text(encoding="utf-8") == drawn.svg + "\n", hint
    assert f"![{drawn.alt}](.github/timeline.svg)" in README, hint


def test_commands_exist() -> None:
    """Each command of run.py that the README shows is one that run.py has."""
    shown = re.findall(r"python3 run\.py (\w+)", README)
    assert {"lab", "test"} <= set(shown) <= set(run.COMMANDS)


def test_links_lead_somewhere() -> None:
    """Every relative link of the repository's own pages leads to a file."""
    links = {
        page.parent / link
        for page in (
            ROOT / name for name in ("README.md", ".github/CONTRIBUTING.md", "CHANGELOG.md")
        )
        for link in re.findall(r"\]\(([^)#:]+)[)#]", page.read_text(encoding="utf-8"))
    }
    assert ROOT / "LICENSE" in links
    assert {link for link in links if not link.exists()} == set()


if __name__ == "__main__":
    PICTURE.write_text(picture().svg + "\n", encoding="utf-8")
    text = re.sub(r"!\[.*?\]\(\.github", f"![{picture().alt}](.github", README, flags=re.DOTALL)
    (ROOT / "README.md").write_text(text, encoding="utf-8")
