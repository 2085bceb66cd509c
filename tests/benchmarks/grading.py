"""Measure grading, beside nbgrader's: wall, processor, memory, and where a class's time goes.

    python -m tests.benchmarks.grading                 our own command: 20, 200, 30 x all notebooks
    python -m tests.benchmarks.grading --nbgrader      and `nbgrader autograde` of the same 20
    python -m tests.benchmarks.grading --otter PYTHON  and `otter run`, from that environment
    python -m tests.benchmarks.grading --quick         20 and 40 only, to try it out

Nothing is asserted.  The processor's time is that of the whole machine while a command runs, for a
jail's processes are reaped behind its wall: let nothing else run.  The table goes to stdout.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.benchmarks import otter
from tests.conftest import ROOT
from tests.proofs.corpus import COURSE

NOTEBOOK = "03-parallel-execution"
PYTHON = sys.executable
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """What one command took: seconds of wall and processor, MiB at its highest."""

    wall: float
    cpu: float
    memory: float
    status: int


def busy() -> float:
    """Return the seconds that all cores have computed since the machine started."""
    words = Path("/proc/stat").read_text(encoding="utf-8").splitlines()[0].split()[1:]
    user, nice, system, _idle, _wait, irq, soft = map(int, words[:7])
    return (user + nice + system + irq + soft) / TICKS


def memory(process: int) -> int:
    """Return the KiB of a process and all below it; shared pages are divided among the sharers."""
    total = 0
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text("ascii").split():
                total += memory(int(child))
    except OSError:  # it has ended meanwhile
        return total
    return total


def measure(line: Sequence[str], folder: Path, **environment: str) -> Measured:
    """Run a command and measure it."""
    begun, cpu = perf_counter(), busy()
    most = 0
    with (folder / "bench.log").open("ab") as log:
        process = subprocess.Popen(
            line, cwd=folder, stdout=log, stderr=log, env=os.environ | environment
        )
    over = threading.Event()

    def watch() -> None:
        nonlocal most
        while not over.wait(0.25):
            most = max(most, memory(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    status = process.wait()
    wall, cpu = perf_counter() - begun, busy() - cpu
    over.set()
    watcher.join()
    return Measured(wall, cpu, most / 1024, status)


def hand_in(root: Path, students: int, notebooks: Sequence[str]) -> None:
    """Let a class hand in: each learner takes an answer of the proof corpus for each exercise."""
    for notebook in notebooks:
        learner = json.loads((ROOT / "course" / notebook / f"{notebook}.ipynb").read_text("utf-8"))
        exercises = [exercise for exercise in COURSE.exercises if exercise.notebook == notebook]
        for number in range(students):
            chance = random.Random(number)  # noqa: S311 - a sample, not a secret
            answers = {}
            for exercise in exercises:
                right = [exercise.solution, *(answer.source for answer in exercise.right)]
                wrong = [exercise.stub, *(answer.source for answer in exercise.wrong)]
                answers[exercise.id] = chance.choice(right if chance.random() < 0.7 else wrong)
            for cell in learner["cells"]:
                cell["source"] = answers.get(cell["id"], cell["source"])
            folder = root / "classroom" / "submitted" / f"s{number:04}" / notebook
            folder.mkdir(parents=True)
            (folder / f"{notebook}.ipynb").write_text(json.dumps(learner, indent=1), "utf-8")


class Bench:
    """A course in a folder of its own, and the rows of the table."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.rows: list[tuple[str, ...]] = []

    def course(self, students: int, notebooks: Sequence[str]) -> Path:
        """Return a fresh course in which this class has handed in, and registered notebooks."""
        root = Path(tempfile.mkdtemp(dir=self.home))
        for notebook in notebooks:
            for folder in ("solutions", "course"):
                shutil.copytree(ROOT / folder / notebook, root / folder / notebook)
        hand_in(root, students, notebooks)
        return root

    def grade(self, root: Path, *options: str) -> Measured:
        """Grade with our command."""
        line = [PYTHON, "-m", "autograder", "grade", "--root", str(root), *options]
        return measure(line, root)

    def row(self, what: str, count: int, taken: Measured, beside: float = 0.0) -> None:
        """Add a row; `beside` is the wall time of what it is compared with."""
        self.rows.append(
            (
                what,
                f"{taken.wall:.1f}",
                f"{taken.cpu:.1f}",
                f"{1_000 * taken.wall / count:.0f}",
                f"{1_000 * taken.cpu / count:.0f}",
                f"{taken.memory:.0f}" if taken.memory else "",
                f"{beside / taken.wall:.1f}" if beside else "",
            )
        )
        sys.stderr.write(f"{' | '.join(self.rows[-1])} | status {taken.status}\n")


def theirs(root: Path) -> Measured:
    """Grade with `nbgrader autograde`, from registration on as our command does it."""
    (root / "classroom").mkdir(exist_ok=True)
    settings = {"JUPYTER_CONFIG_PATH": str(ROOT / "autograder")}
    nbgrader = str(Path(PYTHON).with_name("nbgrader"))
    measure([nbgrader, "generate_assignment", NOTEBOOK, "--force"], root, **settings)
    return measure([nbgrader, "autograde", NOTEBOOK], root, **settings)


def main() -> None:
    """Run the benchmark that was asked for and print its table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--nbgrader", action="store_true")
    parser.add_argument("--otter", metavar="PYTHON")
    asked = parser.parse_args()
    small, large = (20, 40) if asked.quick else (20, 200)
    with tempfile.TemporaryDirectory(prefix="bench-") as home:
        bench = Bench(Path(home))
        run(bench, asked, small, large)
    now = f"{datetime.now(UTC):%Y-%m-%d}"
    cores = len(os.sched_getaffinity(0))
    out = [f"{now}, {cores} cores, {platform.system()}, Python {platform.python_version()}\n"]
    head = ("what", "wall s", "CPU s", "wall ms each", "CPU ms each", "peak MiB", "times nbgrader")
    rows = (head, ("---", *["--:"] * (len(head) - 1)), *bench.rows)
    out += [f"| {' | '.join(row)} |" for row in rows]
    sys.stdout.write("\n".join(out) + "\n")


def run(bench: Bench, asked: Any, small: int, large: int) -> None:
    """Measure one thing after another."""
    first = bench.course(small, [NOTEBOOK])
    plain = 0.0
    if asked.nbgrader:
        taken = theirs(bench.course(small, [NOTEBOOK]))
        plain = taken.wall
        bench.row(f"`nbgrader autograde`, {small} × 03", small, taken)
    if asked.otter:
        count = min(small, 5)
        taken = otter.measured(bench.course(count, [NOTEBOOK]), asked.otter, count, measure)
        bench.row(f"`otter run`, {count} × 03", count, taken)
    fresh = bench.grade(first)
    bench.row(f"`grade`, {small} × 03, gradebook made new", small, fresh, plain)
    again = bench.grade(first, "--again")
    bench.row(f"`grade --again`, {small} × 03", small, again, plain)
    paged = bench.grade(first, "--again", "--feedback")
    bench.row(f"`grade --again --feedback`, {small} × 03", small, paged, plain)
    second = bench.course(large, [NOTEBOOK])
    many = bench.grade(second)
    bench.row(f"`grade`, {large} × 03, gradebook made new", large, many, plain / small * large)
    more = large - small
    marginal = Measured(many.wall - fresh.wall, many.cpu - fresh.cpu, 0, 0)
    bench.row(f"each of {more} more", more, marginal)
    bench.row(f"`grade`, {large} × 03, nothing new", large, bench.grade(second))
    line = [PYTHON, "-m", "autograder", "feedback", "--root", str(second)]
    bench.row(f"`feedback`, {large} pages", large, measure(line, second))
    if not asked.quick:
        names = sorted({exercise.notebook for exercise in COURSE.exercises})
        names = [name for name in names if (ROOT / "course" / name).is_dir()]
        count = 30 * len(names)
        whole = bench.grade(bench.course(30, names))
        bench.row(f"`grade`, 30 × all {len(names)} notebooks", count, whole)
    start = measure([PYTHON, "-m", "autograder", "grade", "--help"], first)
    bench.row("command start", 1, start)


if __name__ == "__main__":
    main()
