"""Imports flow one way.  The tables say who may know whom; these tests read every import.

A module belongs to the longest entry that its name begins with.  The tables may name a package
before it is written; a module that no entry but its top package's covers is a mistake.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOMES = {"toollab": ROOT / "course", "autograder": ROOT}

CALLS = {"toollab.calls"}
TRACE = CALLS | {"toollab.trace"}
CLOCK = TRACE | {"toollab.clock"}
TOOLS = CLOCK | {"toollab.tools"}

# What a package may import of this project, beside itself.
MAY_KNOW = {
    "toollab": CLOCK | {"toollab._kernel"},
    "toollab._kernel": set(),
    "toollab.calls": set(),
    "toollab.trace": CALLS,
    "toollab.clock": TRACE,
    "toollab.tools": CLOCK,
    "toollab.providers": TOOLS,
    "toollab.checks": TOOLS | {"toollab.views"},
    "toollab.views": TRACE,
    "autograder": set(),
    "autograder.__main__": {"autograder.cli", "autograder.errors"},
    "autograder.cli": {
        f"autograder.{n}" for n in ("detection", "errors", "plain", "release", "grading", "report")
    },
    "autograder.detection": CALLS | {"autograder.errors"},
    "autograder.errors": set(),
    "autograder.plain": set(),
    "autograder.nbgrader_config": {"autograder.errors"},
    "autograder.release": {"autograder.errors"},
    "autograder.grading": TOOLS
    | {"toollab.checks", "autograder.errors", "autograder.plain", "autograder.release"}
    | {"autograder", "toollab"},  # where the packages lie: the wall shows a jail nothing else
    "autograder.report": TRACE
    | {"toollab.views", "autograder.errors", "autograder.grading", "autograder.plain"},
}

# The jail and the witness are the far side of the clock: they share its inner modules.
FAR_SIDE = ("autograder.grading.", "toollab.clock._")

WIDGETS = {"IPython", "anywidget", "ipywidgets", "matplotlib"}
SDKS = {"anthropic", "httpx2", "jiter", "msgspec", "openai", "opentelemetry", "pydantic"}
NOTEBOOKS = {"jupyter_client", "nbclient", "nbconvert", "nbformat", "nbgrader", "traitlets"}

# What it may import of others.  Whoever is not named is content with the standard library.
MAY_USE = {
    "toollab._kernel": {"IPython"},
    "toollab.views": WIDGETS,
    "toollab.providers": SDKS | {"starlette", "uvicorn"},
    "autograder.cli": {"click", "rich"},
    "autograder.nbgrader_config": {"traitlets"},
    "autograder.release": NOTEBOOKS | {"markdown_it"},
    "autograder.grading": NOTEBOOKS
    | {"IPython", "alembic", "distributed", "msgspec", "psycopg", "sqlalchemy"},
    "autograder.report": {"jinja2", "markupsafe", "msgspec", "rich"},
}


@dataclass(frozen=True)
class Import:
    """One imported module, the line it stands on, and whether importing its file imports it."""

    name: str
    line: int
    eager: bool


def modules() -> Iterator[tuple[str, Path]]:
    """Yield the name and the file of each module of both packages."""
    for package, home in HOMES.items():
        for path in sorted((home / package).rglob("*.py")):
            parts = path.relative_to(home).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


MODULES = dict(modules())


def imports(source: str, package: str = "") -> Iterator[Import]:
    """Yield what a module's source imports; `package` is where its relative imports start."""
    tree = ast.parse(source)
    inside = {
        id(node)
        for scope in ast.walk(tree)
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(scope)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(start if node.level else []), *filter(None, [node.module])])
            names = [
                whole if (whole := f"{base}.{alias.name}") in MODULES else base
                for alias in node.names
            ]
        else:
            continue
        yield from (Import(name, node.lineno, id(node) not in inside) for name in names)


def entry(name: str) -> str:
    """Return the longest entry of the table that this module's name begins with; else the name."""
    found = [key for key in MAY_KNOW if name == key or name.startswith(f"{key}.")]
    return max(found, key=len, default=name)


def imports_of(name: str) -> list[Import]:
    """Return what one module of ours imports."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    return list(imports(path.read_text(encoding="utf-8"), package))


def test_reading_of_imports() -> None:
    """Every form of import is read, relative ones too, and late ones are told apart."""
    source = (
        "import a.b, c\nfrom . import calls\nfrom .clock import Run\ndef f():\n  from d import e"
    )
    assert [(i.name, i.eager) for i in imports(source, "toollab")] == [
        ("a.b", True),
        ("c", True),
        ("toollab.calls", True),
        ("toollab.clock", True),
        ("d", False),
    ]


def all_imports() -> Iterator[tuple[str, Import, str]]:
    """Yield each module with each of its imports and a line that tells of it."""
    for name in MODULES:
        for found in imports_of(name):
            yield name, found, f"{name}, line {found.line}: {found.name}"


def test_every_module_has_a_place() -> None:
    """Each module below a top package is covered by an entry of its own in the table."""
    assert [name for name in MODULES if name not in HOMES and entry(name) in HOMES] == []


def test_modules_know_only_what_they_may() -> None:
    """A module imports of this project only its own package and what the table grants it."""
    ours = {*HOMES, "tests", "run"}
    wrong = [
        line
        for name, found, line in all_imports()
        if found.name.split(".")[0] in ours
        and entry(found.name) not in {entry(name), *MAY_KNOW[entry(name)]}
    ]
    assert wrong == []


def test_modules_use_only_what_they_may() -> None:
    """A module imports of others only what the table grants its package."""
    ours = {*sys.stdlib_module_names, *HOMES, "tests", "run"}
    wrong = [
        line
        for name, found, line in all_imports()
        if found.name.split(".")[0] not in {*ours, *MAY_USE.get(entry(name), ())}
    ]
    assert wrong == []


def test_private_modules_stay_at_home() -> None:
    """A module whose name begins with an underscore is imported only inside its own package."""
    wrong = [
        line
        for name, found, line in all_imports()
        if found.name.rpartition(".")[2].startswith("_")
        and found.name in MODULES
        and not f"{name}.".startswith(f"{found.name.rpartition('.')[0]}.")
        and not (name.startswith(FAR_SIDE[0]) and found.name.startswith(FAR_SIDE[1]))
    ]
    assert wrong == []


def test_widgets_are_imported_late() -> None:
    """Drawing a picture needs no widget library: only the functions that make widgets import it."""
    wrong = [
        line
        for name, found, line in all_imports()
        if found.eager
        and found.name.split(".")[0] in WIDGETS
        and not name.startswith("autograder.grading.jail.")  # there, the shell is the point
    ]
    assert wrong == []


def test_notebook_imports() -> None:
    """Notebooks import the public library, the standard library and the two vendors' clients."""
    known = {*sys.stdlib_module_names, "toollab", "anthropic", "openai"}
    wrong = []
    for path in sorted((ROOT / "solutions").glob("*/*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        names = [found.name for source in code for found in imports(source)]
        wrong += [f"{path.name}: {n}" for n in names if n.split(".")[0] not in known or "._" in n]
    assert not wrong


def loaded_by(statement: str) -> set[str]:
    """Return the top-level names of the modules that a fresh interpreter loads for a statement."""
    source = (
        f"import sys; before = set(sys.modules); {statement}; print(*set(sys.modules) - before)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", source], capture_output=True, text=True, check=True
    )
    return {
        name.split(".")[0] for name in done.stdout.split() if not name.startswith("_sysconfigdata")
    }


def test_library_starts_light() -> None:
    """Importing the library loads nothing but itself and the standard library."""
    loaded = loaded_by("import toollab, toollab.tools, toollab.checks, toollab.views")
    assert loaded <= {"toollab", *sys.stdlib_module_names}


def test_command_starts_light() -> None:
    """Importing the command line loads none of the libraries that take seconds to import."""
    assert not loaded_by("import autograder.cli") & {"nbformat", "nbgrader", "IPython", "nbclient"}
