"""Import in advance what every submission would import: a fork has it at no cost."""

from __future__ import annotations

import importlib
import pkgutil
from contextlib import suppress

__all__ = ("import_in_advance",)


def import_in_advance(name: str) -> None:
    """Import a module; `package.*` stands for a package and all modules below it.

    Programs (`__main__`) are left out, and so is what cannot be imported below a package: whoever
    wants it will be told.  Raises whatever the import of the named module raises.
    """
    package = name.removesuffix(".*")
    module = importlib.import_module(package)
    if package == name:
        return
    for found in pkgutil.walk_packages(module.__path__, f"{package}.", onerror=lambda _name: None):
        if not found.name.endswith("__main__"):
            with suppress(Exception):
                importlib.import_module(found.name)
