"""Import in advance what every submission would import: a fork has it at no cost."""

from __future__ import annotations

import importlib
import pkgutil

__all__ = ("import_in_advance",)


def import_in_advance(name: str) -> None:
    """Import a module; `package.*` stands for a package and all modules below it.

    Programs (`__main__`) are left out.  Raises whatever an import raises.
    """
    package = name.removesuffix(".*")
    path = importlib.import_module(package)
    if package == name:
        return
    for found in pkgutil.walk_packages(path.__path__, f"{package}."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
