"""The names in a cell of code, told from its syntax: what it defines, imports, reads."""

from __future__ import annotations

import ast
import re
import warnings
from functools import lru_cache

BINDING = re.compile(r"^(?:async +)?(?:def|class) +(\w+)|^(\w+) *=(?!=)", re.MULTILINE)
LONG = 20_000  # characters: longer than any answer, and slow to parse


def parsed(text: str) -> ast.Module | None:
    """The syntax tree, or None where `text` is no Python that can be parsed."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(text) if len(text) <= LONG else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@lru_cache(maxsize=512)
def names_of(text: str) -> frozenset[str]:
    """What a cell of code defines at its top level, also where it is no Python as a whole."""
    tree, found = parsed(text), set()
    if tree is None:
        return frozenset(a or b for a, b in BINDING.findall(text))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return frozenset(found)


def written_in(text: str) -> set[str]:
    """The functions and classes that are written out at a cell's top level."""
    tree = parsed(text)
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {node.name for node in (tree.body if tree else ()) if isinstance(node, kinds)}


@lru_cache(maxsize=512)
def defined_in(text: str) -> frozenset[str]:
    """The functions and classes that a cell defines at its top level, a name for another one
    included; a number is none."""
    tree, found = parsed(text), written_in(text)
    if tree is None:
        return names_of(text)
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(
            node.value, ast.Lambda | ast.Name | ast.Attribute
        ):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return frozenset(found)


@lru_cache(maxsize=512)
def imports_of(text: str) -> frozenset[str]:
    """The modules that a cell imports, by each part of their names; magics are passed over."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith(("%", "!")))
    tree, found = parsed("\n".join(lines)), set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            found |= {part for alias in node.names for part in alias.name.split(".")}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= set(node.module.split("."))
    return frozenset(found)


def stores(text: str) -> set[str]:
    """Every name that is given something anywhere in a cell, parameters included."""
    tree, found = parsed(text), set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
    return found


@lru_cache(maxsize=512)
def binds(text: str) -> frozenset[str]:
    """What a cell gives a name to at its top level, and what it imports anywhere."""
    tree = parsed(text)
    aliases = (
        alias.asname or alias.name.partition(".")[0]
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    )
    return names_of(text) | frozenset(aliases)


@lru_cache(maxsize=512)
def loads(text: str) -> frozenset[str]:
    """The names that a cell reads anywhere in it."""
    tree = parsed(text)
    return frozenset(
        node.id
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )
