"""No submission does anything to whoever reads of it: in a terminal, a page, a table, a program."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.harmless import make_harmless
from autograder.plain import plain, shown_name
from autograder.report import to_csv, to_junit
from tests.autograder.grading.test_journal import result
from tests.classroom import NAME, RIGHT, Class, grades, write_course

pytestmark = pytest.mark.needs("bwrap")

# It would clear a terminal, name its window, write to its clipboard, turn the direction of
# writing, begin a formula, open an element, and draw lines that look like a report's.
EVIL = (
    "=1+1\x1b[2J\x1b]0;pwned\x07\x1b]52;c;cHduZWQ=\x07\x9b31m\u202e\x00\r"
    "<img src=x onerror=alert(1)>[red]\n  \u2713 Switch on: passed, 9 of 9 points\n"
)
ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def rename(name: bytes) -> Callable[[Path], None]:
    """Return what gives a notebook another name."""

    def change(path: Path) -> None:
        path.rename(os.fsdecode(os.fsencode(path.parent) + b"/" + name))

    return change


def beside(*names: bytes) -> Callable[[Path], None]:
    """Return what puts files beside a notebook."""

    def change(path: Path) -> None:
        for name in names:
            Path(os.fsdecode(os.fsencode(path.parent) + b"/" + name)).write_bytes(b"{}")

    return change


def metadata(path: Path) -> None:
    """Write hostile names wherever a notebook can have some."""
    notebook = json.loads(path.read_text("utf-8"))
    notebook["metadata"] = {"kernelspec": {"name": EVIL, "display_name": EVIL, "language": EVIL}}
    rules = {"grade_id": EVIL, "grade": True, "points": 9, "locked": True, "solution": False}
    notebook["cells"] += [
        {"cell_type": EVIL, "id": EVIL, "metadata": {"tags": [EVIL]}, "source": "1"},
        {"cell_type": "code", "id": "x", "metadata": {"nbgrader": rules}, "source": "1/0"},
    ]
    path.write_text(json.dumps(notebook), "utf-8")


SAYS = f"ValueError({EVIL!r})"
ANSWERS: dict[str, dict[str, str]] = {
    "raises": {"on": f"def on():\n    raise {SAYS}", "why": EVIL},
    "asserts": {"on": f"def on():\n    raise AssertionError({EVIL!r})"},
    "class": {
        "on": "class E(Exception): pass\n"
        f"E.__name__ = E.__qualname__ = {EVIL!r}\ndef on():\n    raise E(1)"
    },
    "cell": {"set_up": f"raise {SAYS}"},
    "magic": {"set_up": f"%load_ext {EVIL!r}"},
    "protocol": {
        "on": f"""
def on():
    import gc, msgspec, struct
    from autograder.grading.jail.scene import Scene
    scene = next(found for found in gc.get_objects() if type(found) is Scene)
    for said in ([{EVIL!r}, 1], {{{EVIL!r}: {EVIL!r}}}, ["rest", {EVIL!r}, None, []]):
        frame = msgspec.msgpack.encode(said)
        scene.channel.socket.sendall(struct.pack(">I", len(frame)) + frame)
"""
    },
    **dict.fromkeys(("=1+1", "@SUM(1)", "<img src=x>", "[red]", "*", "?", "-rf", "a&b;"), RIGHT),
}
FILES: dict[str, Callable[[Path], None]] = {
    "renamed": rename(b"=1\x1b[2J\n\xff\xc2\x9b<img src=x>.ipynb"),
    "beside": beside(b"=1\x1b[2J\n\xff.txt", b"<img src=x>.py", b"\xe2\x80\xae.csv"),
    "many": lambda path: (
        rename(b"\x1b[2J0.ipynb")(path),
        beside(*(b"\x1b[2J%d.ipynb" % number for number in range(1, 500)))(path),
    )[0],
    "metadata": metadata,
}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """Return a class in which everybody writes what should do something to its reader."""
    root = tmp_path_factory.mktemp("readers")
    write_course(root / "template")
    made = Class.of(root / "template", root / "room")
    for student, answers in ANSWERS.items():
        made.hand_in(student, **{"twice": RIGHT["twice"], **answers})
    for student, change in FILES.items():
        made.hand_in(student, **RIGHT)
        change(made.path(student))
    return made


@pytest.fixture(scope="module")
def said(room: Class) -> str:
    """Grade it, and return what a terminal would show."""
    files = [f"--{kind}={room.root / f'grades.{kind}'}" for kind in ("csv", "junit")]
    done = room.command("grade", "--feedback", *files)
    assert "Traceback" not in done.stderr
    assert done.returncode == 3  # "many" cannot be graded, and three names cannot be learners'
    return done.stdout + done.stderr


def test_a_terminal_shows_text_and_nothing_else(room: Class, said: str) -> None:
    """No sequence reaches it, each line is one of ours, and who has an odd name is told of."""
    assert ODD.findall(said) == []
    assert "pwned" not in said
    assert "9 of 9 points" not in said
    said = " ".join(said.split())  # a long line is wrapped
    assert "The file was called =1\\x1b[2J\\n\\udcff\\x9b<img src=x>.ipynb; it was" in said
    assert "and 480 more." in said
    for name, sign in (("=1+1", "+"), ("*", "*"), ("?", "?"), ("[red]", "[")):
        assert f"submitted/{name} was passed over: nbgrader allows no {sign} in" in said
    found = set(grades(room.room.gradebook))
    assert found == {"many", *ANSWERS, *FILES} - {"=1+1", "*", "?", "[red]"}


def test_nobody_gains_or_loses(room: Class, said: str) -> None:
    """Names and texts change no grade."""
    assert said
    book = grades(room.room.gradebook)
    for student in ("renamed", "beside", "metadata", "@SUM(1)", "<img src=x>", "-rf", "a&b;"):
        assert (book[student]["on-check"][0], book[student]["twice-check"][0]) == (2.0, 3.0)
    for student in ("raises", "asserts", "class", "protocol"):
        assert (book[student]["on-check"][0], book[student]["twice-check"][0]) == (0.0, 3.0)


@pytest.mark.usefixtures("said")
def test_a_spreadsheet_calculates_nothing(room: Class) -> None:
    """No cell begins a formula, and none holds a character that a table cannot."""
    text = (room.root / "grades.csv").read_text("utf-8")
    assert ODD.findall(text) == []
    rows = list(csv.DictReader(StringIO(text)))
    assert {row["student"] for row in rows} >= {"'@SUM(1)", "'-rf", "<img src=x>"}
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if re.match(r"\s*[=+\-@]", cell)]


@pytest.mark.usefixtures("said")
def test_a_page_has_the_elements_that_we_wrote(room: Class) -> None:
    """Nothing of a learner's becomes an element, and no character hides another."""
    pages = list(room.room.feedback.glob("*/*/*.html"))
    assert len(pages) == len(ANSWERS) + len(FILES) - 4
    for page in pages:
        text = page.read_text("utf-8")
        assert ODD.findall(text) == []
        assert not re.findall(r"<(?:img|script|iframe|a)\b", text)


@pytest.mark.usefixtures("said")
def test_a_program_reads_every_document(room: Class) -> None:
    """JUnit is well formed, JSON is one document, and both name everybody."""
    root = ET.parse(room.root / "grades.junit").getroot()  # noqa: S314 - our own document
    names = {suite.get("name") for suite in root}
    assert f"<img src=x>.{NAME}" in names
    document = json.loads(room.command("grade", "--json").stdout)
    assert {s["student"] for s in document["submissions"]} == set(grades(room.room.gradebook))


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize("student", ["raises", "class", "cell", "protocol", "metadata"])
def test_doctor_shows_text_and_nothing_else(room: Class, student: str) -> None:
    """Somebody else's notebook does nothing to the terminal of who looks into it."""
    done = room.command("doctor", str(room.path(student)))
    assert ODD.findall(done.stdout + done.stderr) == []
    assert not re.search(r"^ {0,7}\u2713 Switch on: passed", done.stdout, re.MULTILINE)


def test_doctor_alone_believes_no_heading(room: Class, tmp_path: Path) -> None:
    """Without the sources headings come from the notebook itself, and are but text."""
    room.hand_in("heading", **RIGHT)
    notebook = json.loads(room.path("heading").read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = f"## {EVIL}"
    alone = tmp_path / "alone" / f"{NAME}.ipynb"
    alone.parent.mkdir()
    alone.write_text(json.dumps(notebook), "utf-8")
    (tmp_path / "course").mkdir()
    done = Class(tmp_path).command("doctor", str(alone))
    assert "Only the checks that stand in the notebook were run" in done.stdout
    assert ODD.findall(done.stdout + done.stderr) == []


PAYLOADS = [
    "<script>evil()</script>",
    "<img src=x onerror=evil()>",
    "<svg/onload=evil()>",
    "<svg><script>evil()</script></svg>",
    "<a href='javascript:evil()'>x</a>",
    '<a href="java&#115;cript:evil()">x</a>',
    "<iframe srcdoc='x'></iframe>",
    "<details open ontoggle=evil()>x</details>",
    '<p style="background:u\\72l(//evil)">x</p>',
    "<div style='position:fixed;top:0'>10 of 10 points</div>",
    "<math><mtext><style><img src=x></style></mtext></math>",
    "<!--><img src=x onerror=evil()>-->",
    "<form action=//evil><button>x</button></form>",
    "<base href=//evil>",
    "<p title='>' onclick=evil()>x</p>",
]
GOOD_MARKUP = [
    "<b>bold</b> and 1 < 2",
    "<div style='color:red'><table><tr><td>1</td></tr></table></div>",
    '<svg viewBox="0 0 1 1"><title>t</title><path d="M0 0"/></svg>',
    '<img alt="a" src="data:image/png;base64,aGk=">',
    '<a href="https://example.org/a">a</a>',
    "a regular expression on = one action",
]


def notebook_with(markup: str) -> dict[str, Any]:
    """Return an executed notebook that shows some markup everywhere it can."""
    mimes = ("text/html", "image/svg+xml", "text/markdown", "text/latex", "image/png")
    outputs = [
        {"output_type": "display_data", "data": {mime: markup, "text/plain": "p"}, "metadata": {}}
        for mime in (*mimes, "application/javascript", "application/x-own")
    ]
    outputs.append({"output_type": "display_data", "data": {"text/html": markup}, "metadata": {}})
    code = {"cell_type": "code", "id": "c", "metadata": {}, "source": "1", "outputs": outputs}
    code["execution_count"] = None
    texts = [
        {"cell_type": kind, "id": kind, "metadata": {}, "source": f"It says {markup}"}
        for kind in ("markdown", "raw")
    ]
    return {"cells": [code, *texts], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.mark.parametrize("markup", PAYLOADS)
def test_formgrader_gets_nothing_that_acts(markup: str) -> None:
    """What nbgrader puts into a page of the teacher's JupyterLab has no element of a learner's."""
    notebook = notebook_with(markup)
    make_harmless(notebook, checks=(), released=())
    assert markup not in json.dumps(notebook).replace('\\"', '"').replace("\\\\", "\\")
    assert "<" not in "".join(cell["source"] for cell in notebook["cells"][1:])
    for output in notebook["cells"][0]["outputs"]:
        assert set(output["data"]) == {"text/plain"}


@pytest.mark.parametrize("markup", GOOD_MARKUP)
def test_formgrader_gets_what_only_shows(markup: str) -> None:
    """Tables, pictures and links of honest work stay as they are."""
    notebook = notebook_with(markup)
    make_harmless(notebook, checks=(), released=())
    assert [cell["source"] for cell in notebook["cells"][1:]] == [f"It says {markup}"] * 2
    assert notebook["cells"][0]["outputs"][0]["data"]["text/html"] == markup


@pytest.mark.usefixtures("said")
def test_stored_notebooks_hold_no_markup_of_names(room: Class) -> None:
    """What intake tells of a learner's files is text in the notebook's own words, too."""
    for student in ("renamed", "beside"):
        path = room.room.autograded / student / NAME / f"{NAME}.ipynb"
        notebook = json.loads(path.read_text("utf-8"))
        told = "".join(notebook["cells"][0]["source"])
        assert "&lt;img src=x&gt;" in told
        assert "<" not in told


texts = st.text(st.characters() | st.sampled_from("=+-@\t\r\n\x1b\x00\u202e\ud800\uff1d<&]"))


@given(texts, texts)
def test_any_text_can_be_written(student: str, reason: str) -> None:
    """Whatever a name or a reason holds, every document can be written and read again."""
    one: Any = result(student)
    one = type(one)(
        student=student, assignment="a", notebook="n", state="failed", reason=reason, exercises=()
    )
    for text in (to_csv([one]), to_junit([one])):
        assert ODD.findall(text) == []
        text.encode("utf-8")
    (row,) = csv.DictReader(StringIO(to_csv([one])))
    assert not re.match(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]", row["student"])
    assert not re.match(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]", row["reason"])
    ET.fromstring(to_junit([one]))  # noqa: S314
    assert plain(plain(reason)) == plain(reason)
    assert shown_name(student).isprintable()
