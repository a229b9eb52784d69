"""Which modules a notebook's cells import that will not be there when it is marked."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

from ntk_helpers.packages import LAB, missing, spec_of

ABSORBING = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
INSTALLED = {"site-packages", "dist-packages"}


def absent(tree: ast.AST) -> list[str]:
    """What to say of the imports in some code, one text a module, or nothing. An import whose
    failure the code handles itself is left alone."""
    names = dict.fromkeys(_imported(tree))
    return [missing(name) for name in names if not _will_be_there(name.partition(".")[0])]


def fails(tree: ast.AST) -> list[str]:
    """The same for those imports alone that fail here already."""
    names = dict.fromkeys(_imported(tree))
    return [missing(name) for name in names if spec_of(name.partition(".")[0]) is None]


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
    for part in _unguarded(node):
        yield from _imported(part)


def _unguarded(node: ast.AST) -> Iterable[ast.AST]:
    if isinstance(node, ast.Try) and any(_absorbs(handler) for handler in node.handlers):
        return [*node.orelse, *node.finalbody]
    return ast.iter_child_nodes(node)


def _absorbs(handler: ast.ExceptHandler) -> bool:
    named = ast.walk(handler.type) if handler.type else ()
    return handler.type is None or any(
        isinstance(node, ast.Name) and node.id in ABSORBING for node in named
    )


def _will_be_there(root: str) -> bool:
    spec = spec_of(root)
    if spec is None:
        return False
    if root in sys.stdlib_module_names or root in LAB or root == __name__.partition(".")[0]:
        return True
    place = Path(spec.origin or next(iter(spec.submodule_search_locations or []), ""))
    # a file that lies elsewhere is the student's own
    return not INSTALLED.isdisjoint(place.parts) and _comes_with_lab(root)


def _comes_with_lab(root: str) -> bool:
    return bool(
        _lab() & {_normalised(name) for name in metadata.packages_distributions().get(root, [])}
    )


@cache
def _lab() -> frozenset[str]:
    """The distributions that the lab's packages, and Jupyter's kernel, bring with them."""
    found: set[str] = set()
    waiting = [*LAB, "ipykernel"]
    while waiting:
        name = _normalised(waiting.pop())
        if name in found:
            continue
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        found.add(name)
        waiting += [re.split(r"[^\w.-]", need)[0] for need in needs if "extra ==" not in need]
    return frozenset(found)


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
