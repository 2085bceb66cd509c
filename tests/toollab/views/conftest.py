"""Golden files: what a picture or report looked like when somebody last looked at it.

After a wanted change, look at the new files and keep them:
`UPDATE_GOLDENS=1 python -m pytest tests/toollab/views`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "golden"


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Return a function that compares a text with the golden file of that name."""

    def same(name: str, found: str) -> None:
        path = HERE / name
        if os.environ.get("UPDATE_GOLDENS"):
            path.write_text(f"{found}\n", encoding="utf-8", newline="\n")
        assert path.exists(), f"No golden file {name}. Hint: look at it, made by UPDATE_GOLDENS=1."
        kept = path.read_text(encoding="utf-8")
        assert f"{found}\n" == kept, f"{name} changed. Hint: UPDATE_GOLDENS=1 keeps the new one."

    return same
