"""Which wall is chosen, that each of them holds, and what happens where none does."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.grading import outer
from autograder.grading.outer import Wall, bubblewrap, choose, fault, landlock, no_wall


def fake_bwrap(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program called bwrap on the path, before all others."""
    program = folder / "bwrap"
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.fixture
def without_landlock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that the kernel has no Landlock."""
    monkeypatch.setattr(outer, "version", lambda: 0)


@pytest.mark.needs("bwrap")
@pytest.mark.parametrize("as_root", [None, False], ids=["as we are", "without root's power"])
def test_bubblewrap_holds(as_root: bool | None) -> None:
    """Behind bubblewrap nothing can be read, written, reached or seen that must not be."""
    wall = bubblewrap(as_root=as_root)
    assert wall is not None
    assert fault(wall) == ""


def test_landlock_holds() -> None:
    """Behind Landlock and namespaces the same things fail, wherever it is offered."""
    wall = landlock()
    assert wall is None or fault(wall) == ""


@pytest.mark.needs("bwrap")
def test_bubblewrap_comes_first() -> None:
    """Where bubblewrap works, it is the wall, even for those who would do without."""
    assert choose().name == "bubblewrap"
    assert choose(unsafe=True).name == "bubblewrap"


def test_a_wall_without_its_prefix_is_found_out() -> None:
    """A program that only pretends to wall off is no wall: the trial reads what it must not."""
    pretended = dataclasses.replace(no_wall(), name="pretended", walled=True)
    assert "files can be read that must not be" in fault(pretended)
    assert "files can be written that must not be" in fault(pretended)


def test_no_wall_at_all_is_found_out() -> None:
    """The trial notices everything that a wall is for."""
    said = fault(no_wall())
    for hole in ("processes", "read", "written", "network"):
        assert hole in said


BROKEN = {
    "refuses": (
        "echo 'bwrap: No permissions to create new namespace' >&2; exit 1",
        "No permissions",
    ),
    "does nothing": ("exit 0", "status 0"),
    "says something else": ("echo hello", "hello"),
}


@pytest.mark.usefixtures("without_landlock")
@pytest.mark.parametrize("name", BROKEN)
def test_broken_bubblewrap(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bwrap that is there and does not work is not used, and the refusal says what it said."""
    script, said = BROKEN[name]
    fake_bwrap(tmp_path, script, monkeypatch)
    with pytest.raises(CourseError, match=said) as caught:
        choose()
    assert "Hint:" in str(caught.value)
    assert "--unsafe-no-jail" in str(caught.value)


@pytest.mark.usefixtures("without_landlock")
def test_bubblewrap_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bwrap that never comes back is given up."""
    monkeypatch.setattr(outer, "_PATIENCE", 0.2)
    fake_bwrap(tmp_path, "exec sleep 100", monkeypatch)
    with pytest.raises(CourseError, match="timed out"):
        choose()


@pytest.mark.usefixtures("without_landlock")
def test_refusal_without_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without bubblewrap and Landlock nothing is graded, and the hint says what helps."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CourseError, match="cannot be walled off") as caught:
        choose()
    assert str(caught.value).endswith("grade work that you trust with --unsafe-no-jail.")


@pytest.mark.usefixtures("without_landlock")
def test_no_wall_for_those_who_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for it by name gets no wall, under a name that says so."""
    monkeypatch.setenv("PATH", str(tmp_path))
    wall = choose(unsafe=True)
    assert not wall.walled
    assert wall.name == "no jail: asked for"


def test_landlock_comes_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without bubblewrap the wall is Landlock's; where that is not offered, there is none."""
    monkeypatch.setenv("PATH", str(tmp_path))
    wall = landlock()
    if wall is None:  # an old kernel, or a course below /tmp, which Landlock's wall covers
        with pytest.raises(CourseError, match="cannot be walled off"):
            choose()
    else:
        assert choose() == wall
        assert choose(unsafe=True) == wall


def test_landlock_that_does_not_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Landlock that lets something through is refused like a broken bubblewrap."""
    monkeypatch.setenv("PATH", str(tmp_path))
    leaky = Wall("Landlock", (), (), ())
    monkeypatch.setattr(outer, "landlock", lambda: leaky)
    monkeypatch.setattr(outer, "fault", lambda _wall: "there is a network")
    with pytest.raises(CourseError, match="Landlock: there is a network"):
        choose()
