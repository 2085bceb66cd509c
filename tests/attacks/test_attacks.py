"""No attack gains a point, learns a hidden test, leaves anything behind or harms a neighbour."""

from __future__ import annotations

import json
import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest

from autograder.grading.grader import Grader, Seen
from autograder.grading.jobs import Blueprint
from autograder.grading.limits import Limits
from autograder.grading.outer import bubblewrap, landlock, no_wall
from tests.attacks import on_the_host, on_the_kernel, on_the_wire
from tests.attacks.attack import STUBS, Attack
from tests.walled import CHECKS, GOOD, MARK, REPORT, Small, code, earned, report, shared_grader
from tests.walled import test as check_cell

pytestmark = pytest.mark.needs("bwrap")

# Where attacks try to leave something called "pwned".
WRITABLE = ("/", "/usr", "/etc", "/var", "/tmp", "/root", "/home", "/dev", "/dev/shm")  # noqa: S108

ATTACKS = [*on_the_kernel.ATTACKS, *on_the_wire.ATTACKS, *on_the_host.ATTACKS]
HIDDEN_LINES = [
    line.strip()
    for source, _ in CHECKS.values()
    for line in re.findall(r"BEGIN HIDDEN TESTS\n(.*?)\s*### END", source, re.DOTALL)[
        0
    ].splitlines()
    if len(line.strip()) > 12
]


def course(seconds: float, cell_seconds: float = 1.5) -> Small:
    """Return the small course, with limits that make hostile code come to an end soon."""
    return Small(
        Limits(
            cell_seconds=cell_seconds,
            check_seconds=seconds,
            notebook_seconds=60.0,
            cpu_seconds=4,
            memory=256 << 20,
        )
    )


@cache
def honest(answers: tuple[tuple[str, str], ...]) -> dict[str, float]:
    """Return what an honest notebook with these answers earns."""
    return earned(course(30.0).grade(dict(answers)))


def processes_below(pid: int) -> list[int]:
    """Return every living process that descends from one."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            children.setdefault(int(fields[1]), []).append(int(path.name))
    found, todo = [], [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def descriptors(pid: int) -> int:
    """Return how many descriptors a process holds open; -1 if that cannot be seen."""
    try:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except PermissionError:
        return -1


@dataclass(frozen=True)
class Surroundings:
    """What lives and lies around the submissions of this grader."""

    processes: frozenset[int]
    descriptors: tuple[int, ...] = field(compare=False)  # some are closed a moment later
    mounts: str
    listed: tuple[str, ...]


def surroundings(grader: Grader) -> Surroundings:
    """Look at the grader, its two servers, and the folders where attacks try to write."""
    servers = [grader._zygote._process.pid, grader._witnesses._process.pid]
    below = {pid for server in servers for pid in processes_below(server)}
    return Surroundings(
        frozenset(below),
        tuple(map(descriptors, (os.getpid(), *servers, *sorted(below)))),
        Path("/proc/self/mountinfo").read_text(),
        tuple(str(path) for folder in WRITABLE for path in Path(folder).glob("*pwned*")),
    )


@pytest.fixture(scope="module")
def at_rest(grader: Grader) -> Surroundings:
    """Return what is there between two submissions."""
    course(30.0).grade({})
    return surroundings(grader)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack(attack: Attack, grader: Grader, at_rest: Surroundings) -> None:
    """An attack earns at most what its honest twin earns, and nobody else notices it."""
    small = course(attack.seconds, attack.cell_seconds)
    with ThreadPoolExecutor(2) as pool:
        hostile = pool.submit(small.grade, attack.answers, attack.extra)
        neighbour = pool.submit(course(30.0).grade, {})
    seen, beside = hostile.result(), neighbour.result()
    for name, most in honest(tuple(attack.twin.items())).items():
        assert earned(seen)[name] <= most, (name, seen.verdicts)
    assert earned(beside) == {"dispatch-all": 8.0, "triple": 3.0, "answer": 2.0}
    assert not learned(seen)
    assert set(seen.verdicts) == {f"{name}-check" for name in GOOD}
    for verdict in seen.verdicts.values():
        assert verdict.bundle is not None or verdict.reason
        page = (verdict.bundle or {}).get("text/html", "")
        assert "<script" not in page
        assert "<img src=x" not in page
    assert REPORT not in json.dumps(seen.outputs), "reports come from the witness alone"
    assert attack.ends in str(seen), "the attack did not take place"
    assert surroundings(grader) == at_rest
    assert size_of(seen) < 20_000_000


def learned(seen: Seen) -> list[str]:
    """Return what of the hidden tests, or of what lies outside, stands in what is handed back."""
    text = json.dumps([seen.outputs, [v.bundle for v in seen.verdicts.values()]])
    shown = json.dumps(list(seen.outputs.values()))
    found = [secret for secret in (MARK, *HIDDEN_LINES) if json.dumps(secret)[1:-1] in text]
    found += [word for word in ("FOUND", "HEARD", "7340033", "7_340_033") if word in shown]
    return found


def size_of(seen: Seen) -> int:
    """Return how much there is to store."""
    return len(json.dumps(seen.outputs))


OTHER_WALLS = {"without root's power": bubblewrap(as_root=False)}
if landlock() is not None:  # it needs Linux 6.2, and a course that does not lie below /tmp
    OTHER_WALLS["Landlock"] = landlock()
TRIED_THERE = [
    attack
    for attack in (*on_the_host.LOOKING, *on_the_host.MEETING, *on_the_host.BREAKING_OUT)
    if attack.seconds > 5.0
]
TRIED_THERE += [
    attack
    for attack in on_the_host.ATTACKS
    if attack.name in {"fork-bomb", "memory-of-many", "kill-everybody", "kill-the-first"}
]


@pytest.mark.parametrize("name", OTHER_WALLS)
def test_other_walls(name: str) -> None:
    """What attacks the machine finds and gains nothing behind the other walls, either."""
    wall = OTHER_WALLS[name]
    assert wall is not None
    full = earned(course(30.0).grade({}, wall=wall))
    assert full == {"dispatch-all": 8.0, "triple": 3.0, "answer": 2.0}
    before = surroundings(shared_grader(wall))
    for attack in TRIED_THERE:
        seen = course(attack.seconds, attack.cell_seconds).grade(attack.answers, attack.extra, wall)
        assert not learned(seen), attack.name
        for exercise, most in honest(tuple(attack.twin.items())).items():
            assert earned(seen)[exercise] <= most, attack.name
        assert seen.wall == wall.name
    assert surroundings(shared_grader(wall)) == before


def test_without_a_wall_honest_work_is_graded_and_cleared_away() -> None:
    """Whoever asks for no wall gets the same verdicts, a name that says it, and no litter."""
    folders = set(Path(gettempdir()).glob("notebook-*"))
    seen = course(30.0).grade({}, wall=no_wall())
    assert earned(seen) == {"dispatch-all": 8.0, "triple": 3.0, "answer": 2.0}
    assert seen.wall == "no jail: asked for"
    assert set(Path(gettempdir()).glob("notebook-*")) <= folders


@pytest.mark.parametrize("attack", on_the_host.MEETING, ids=lambda attack: attack.name)
def test_two_hostile_submissions_do_not_meet(attack: Attack) -> None:
    """Two submissions that look for each other at the same time find nobody."""
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(course(30.0).grade, attack.answers, attack.extra) for _ in range(2)]
    for run in runs:
        assert not learned(run.result())
        assert set(run.result().states.values()) == {"ok"}, "the attack did not take place"


WORST = ("fork-bomb", "memory-of-many", "compute", "kill-everybody", "never-at-rest", "many-lines")


@pytest.mark.parametrize("name", WORST)
def test_eight_honest_neighbours(name: str) -> None:
    """Beside a hostile submission, eight honest ones get the verdicts that they always get."""
    attack = next(attack for attack in ATTACKS if attack.name == name)
    serial = {"dispatch-all": on_the_kernel.SERIAL}
    kinds: list[dict[str, str]] = [{}, serial, STUBS, {"triple": STUBS["triple"]}] * 2
    alone = [verdicts(course(60.0).grade(answers)) for answers in kinds[:4]] * 2
    with ThreadPoolExecutor(9) as pool:
        hostile = pool.submit(
            course(attack.seconds, attack.cell_seconds).grade, attack.answers, attack.extra
        )
        runs = [pool.submit(course(60.0).grade, answers) for answers in kinds]
    hostile.result()
    assert [verdicts(run.result()) for run in runs] == alone


def verdicts(seen: Seen) -> list[Any]:
    """Return all that is said of a submission."""
    return [(name, verdict.bundle, verdict.reason) for name, verdict in seen.verdicts.items()]


def test_the_honest_twin_of_everything_earns_all() -> None:
    """Right answers earn all points behind the wall, so that attacks have something to gain."""
    assert honest(()) == {"dispatch-all": 8.0, "triple": 3.0, "answer": 2.0}


def test_the_stubs_earn_nothing() -> None:
    """Untouched stubs earn nothing, and are not called wrong."""
    seen = course(30.0).grade(STUBS)
    assert earned(seen) == {"dispatch-all": 0.0, "triple": 0.0, "answer": 0.0}
    assert report(seen, "triple")["outcome"] == "not attempted"


def edited(**changes: Any) -> dict[str, Any]:
    """Return a notebook of stubs whose check cells were edited."""
    notebook = Small().notebook(STUBS)
    for cell in notebook["cells"]:
        if cell["id"].endswith("-check"):
            cell.update(changes.get("cell", {}))
            cell["metadata"].update(changes.get("metadata", {}))
            cell["metadata"]["nbgrader"].update(changes.get("rules", {}))
    return notebook  # type: ignore[no-any-return]


FORGERIES = {
    "own check cells": edited(cell={"source": "8"}),
    "stored outputs": edited(
        cell={"outputs": [{"output_type": "execute_result", "data": {"text/plain": "8"}}]}
    ),
    "skipped cells": edited(metadata={"tags": ["skip-execution", "raises-exception"]}),
    "own points": edited(rules={"points": 1000, "locked": False}),
    "ungraded checks": edited(rules={"grade": False, "solution": True}),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_notebook(name: str, grader: Grader) -> None:
    """Whatever a submission says of a check cell, the instructor's own check decides."""
    seen = grader.grade(Small().blueprint().job(FORGERIES[name]))
    assert earned(seen) == {"dispatch-all": 0.0, "triple": 0.0, "answer": 0.0}
    assert report(seen, "dispatch-all")["outcome"] == "not attempted"


def test_a_check_cell_can_be_had_only_once(grader: Grader) -> None:
    """A second cell with the name of a check is a cell of the learner's, and earns nothing."""
    notebook = Small().notebook(STUBS)
    notebook["cells"].append(code("more", "def triple(number): return 3 * number"))
    notebook["cells"].append(check_cell("triple-check", "3", 3.0))
    seen = grader.grade(Small().blueprint().job(notebook))
    assert earned(seen)["triple"] == 0.0


def test_a_witness_that_dies(grader: Grader) -> None:
    """If a witness is killed, its submission ends with that reason, and the next is judged."""
    slow = {"dispatch-all": "import ctypes\nctypes.CDLL(None).sleep(60)"}  # in real time
    before = set(processes_below(grader._witnesses._process.pid))
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(Small(Limits(cell_seconds=60.0)).grade, {}, slow)
        while not (born := set(processes_below(grader._witnesses._process.pid)) - before):
            assert not run.done()
        for pid in born:
            os.kill(pid, signal.SIGKILL)
    seen = run.result()
    assert seen.reason == "The witness died."
    assert {verdict.reason for verdict in seen.verdicts.values()} == {"The witness died."}
    assert earned(course(30.0).grade({})) == honest(())


def test_the_grader_is_still_the_same(grader: Grader, at_rest: Surroundings) -> None:
    """After all attacks the two servers are the processes they were, and grade as they did."""
    assert honest(()) == earned(course(30.0).grade({}))
    now = surroundings(grader)
    assert now.processes == at_rest.processes
    for many, few in zip(now.descriptors[1:], at_rest.descriptors[1:], strict=True):
        assert many <= few + 2, "an attack leaves descriptors open"  # and there were a hundred


PRINTS = "print('x' * 250_000)"
SHOWS = """
from IPython.display import HTML, display
shown = [display(HTML("x"), display_id=name) for name in ("one", *["many"] * 200)]
"""
RENEWS = """
from IPython.display import HTML, update_display
update_display(HTML("x" * {size}), display_id="{name}")
"""
FLOODS = {
    "many cells print": [PRINTS] * 150,
    "many cells show": ["from IPython.display import HTML\nHTML('x' * 1_500_000)"] * 60,
    "a display is renewed for all its copies": [SHOWS, RENEWS.format(size=1_000_000, name="many")],
    "a display is renewed again and again": [
        SHOWS,
        *[RENEWS.format(size=1_000_000, name="one")] * 60,
    ],
    "copies in many cells are renewed": [
        *[SHOWS] * 10,
        *[RENEWS.format(size=size, name="many") for size in (10, 300_000, 400_000)],
    ],
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_of_outputs(name: str, grader: Grader) -> None:
    """However many cells show however much, what is kept of a notebook is limited."""
    notebook = Small().notebook({})
    floods = [code(f"flood-{n}", source) for n, source in enumerate(FLOODS[name])]
    notebook["cells"] = [*floods, *notebook["cells"]]
    seen = grader.grade(_plenty().job(notebook))
    assert earned(seen) == honest(())
    assert size_of(seen) < 20_000_000
    assert ("More than this is not kept" in json.dumps(seen.outputs)) == name.startswith("many")


@cache
def _plenty() -> Blueprint:
    return Blueprint(Small().notebook(GOOD), limits=Limits())
