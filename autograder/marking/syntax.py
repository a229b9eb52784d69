"""What the code of one cell sets, reads and changes in the notebook's namespace, from its syntax
tree.

Whatever cannot be told errs on the side of more: a name that is perhaps read counts as read.
"""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterator
from dataclasses import dataclass, replace

# Through these a cell reaches names that its text does not show.
HIDDEN_WAYS = frozenset(
    {"exec", "eval", "compile", "globals", "locals", "vars", "dir", "setattr", "delattr", "reload"}
    | {"import_module", "get_ipython", "__import__", "__main__", "__builtins__"}
)
HIDDEN_MODULES = frozenset({"__main__", "builtins", "runpy"})
HIDDEN_ATTRIBUTES = frozenset(
    {"__dict__", "__globals__", "f_globals", "f_locals", "user_ns", "user_global_ns"}
    | {"import_module", "get_ipython", "run_line_magic", "run_cell_magic", "run_cell", "run_code"}
)
SEEDING = frozenset({"seed", "manual_seed", "manual_seed_all", "set_rng_state", "set_state"})
DEFAULTS = re.compile(
    r"(set|use|enable|disable|reset|register|unregister|add|del)(_|$)|rc$|rcdefaults$|chdir$"
    r"|putenv$|unsetenv$|filterwarnings$|simplefilter$|seterr|update$|patch$|insert$|append$|extend$"
)
WRITING = frozenset(
    {"open", "save", "savez", "savez_compressed", "savetxt", "savefig", "write", "write_text"}
    | {"write_bytes", "writelines", "dump", "tofile", "to_csv", "to_json", "to_pickle", "mkdir"}
    | {"makedirs", "touch", "unlink", "remove", "rmdir", "rmtree", "rename", "copy2", "copyfile"}
    | {"copytree", "move", "symlink", "system", "run", "Popen", "check_call", "check_output"}
)
TIMERS = frozenset({"time", "timeit", "prun", "capture"})
QUIET = frozenset({"matplotlib", "config", "precision", "load_ext", "autoreload", "xmode"})
COMPREHENSIONS = frozenset({"listcomp", "setcomp", "dictcomp", "genexpr"})
OPTIONS = re.compile(r"\s*(-\w+(\s+\d+)?\s+)*")


@dataclass(frozen=True)
class Facts:
    """One cell. All names are those of the notebook's own namespace; a chain such as a.b[0].c()
    counts as its first name.

    sets: bound when the cell runs. defines: those of them bound by def, class or import; imports:
    by import. reads: read while it runs, before it has bound them itself. later: read by its
    functions, whenever they are called. stores: changed in so many words. calls: called by their
    bare names. methods: asked for something whose result is not used, or by a name_ that ends in
    an underscore. seeding, defaults: asked for what seeds random numbers or changes a default.
    writes: a file may be written. acts: something is called while the cell runs. opaque: it can
    do anything.
    """

    sets: frozenset[str] = frozenset()
    defines: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    stores: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    seeding: frozenset[str] = frozenset()
    defaults: frozenset[str] = frozenset()
    writes: bool = False
    acts: bool = False
    opaque: bool = False


def facts(source: str) -> Facts:
    """The facts of a code cell. One that does not compile runs nothing, and so has none."""
    try:
        tree, opaque = ast.parse(source), False
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found = _transformed(source)
        if found is None:
            return Facts()
        tree, opaque = found
    try:
        known = _Facts(tree).facts
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Facts(acts=True, opaque=True)
    return replace(known, opaque=known.opaque or opaque)


def _transformed(source: str) -> tuple[ast.Module, bool] | None:
    """A cell in IPython's own syntax as a tree, and whether it holds a magic that is not known;
    None when IPython cannot read it either."""
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
        magics = _Magics()
        rest = magics.visit(tree)
    except Exception:  # IPython's transformers raise what they like on broken code
        return None
    return ast.Module([*magics.code, *rest.body], []), magics.opaque


class _Magics(ast.NodeTransformer):
    """Takes known magics out of a tree; `code`: the statements that they would run."""

    def __init__(self) -> None:
        self.code: list[ast.stmt] = []
        self.opaque = False

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not (isinstance(node.func, ast.Attribute) and "get_ipython" in _names(node.func.value)):
            return self.generic_visit(node)
        words = [str(arg.value) for arg in node.args if isinstance(arg, ast.Constant)]
        name = words[0] if words and node.func.attr.endswith("_magic") else None
        if name in TIMERS:
            for text in words[1:]:
                inside = None if name == "capture" and text is words[1] else _parsed(text)
                self.code += inside.body if inside else []
        elif name not in QUIET:
            self.opaque = True
        return ast.copy_location(ast.Constant(None), node)


def _parsed(text: str) -> ast.Module | None:
    rest = text[OPTIONS.match(text).end() :]  # type: ignore[union-attr]  # it matches anything
    try:
        return ast.parse(rest)
    except SyntaxError:
        found = _transformed(rest)
        return found[0] if found and not found[1] else ast.parse("exec")


def _names(node: ast.AST) -> Iterator[str]:
    return (
        part.id if isinstance(part, ast.Name) else part.attr
        for part in ast.walk(node)
        if isinstance(part, ast.Name | ast.Attribute)
    )


def _root(node: ast.AST) -> str:
    """The name that a chain of attributes, items and calls begins with; "" if it is none."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


class _Facts:
    """Collects the facts of a tree."""

    def __init__(self, tree: ast.Module):
        text = ast.unparse(tree)
        table, tree = symtable.symtable(text, "<cell>", "exec"), ast.parse(text)
        symbols = table.get_symbols()
        imports = {s.get_name() for s in symbols if s.is_imported()}
        self.sets = imports | {s.get_name() for s in symbols if s.is_assigned()}
        self.sets |= {s.get_name() for s in symbols if s.is_namespace()}
        self.reads, self.later = set[str](), set[str]()
        self._scopes(table, at_once=True)
        self._block(tree.body, set())
        nodes = list(ast.walk(tree))
        calls = [node for node in nodes if isinstance(node, ast.Call)]
        unused = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        direct = [call for call in calls if not _within_call(call)]
        self.facts = Facts(
            sets=frozenset(self.sets),
            defines=frozenset(imports | {s.get_name() for s in symbols if s.is_namespace()}),
            imports=frozenset(imports),
            reads=frozenset(self.reads),
            later=frozenset(self.later),
            stores=frozenset(_root(node) for node in nodes if _changed(node)),
            calls=frozenset(c.func.id for c in calls if isinstance(c.func, ast.Name)),
            methods=frozenset(
                _root(call)
                for call in calls
                if isinstance(call.func, ast.Attribute)
                and (id(call) in unused or re.search("[^_]_$", call.func.attr))
            ),
            seeding=frozenset(_root(call) for call in direct if _last(call) in SEEDING),
            defaults=frozenset(_root(call) for call in direct if DEFAULTS.match(_last(call))),
            writes=any(_last(call) in WRITING for call in calls),
            acts=any(isinstance(node, ast.Call | ast.Await) for node in _now(tree)),
            opaque=any(_hides(node) for node in nodes),
        )

    def _scopes(self, table: symtable.SymbolTable, at_once: bool) -> None:
        """What functions read and bind beyond themselves. at_once: `table` is run with the cell,
        as bodies of classes and comprehensions are too."""
        for child in table.get_children():
            now = at_once and (child.get_type() == "class" or child.get_name() in COMPREHENSIONS)
            for symbol in child.get_symbols():
                name, beyond = symbol.get_name(), symbol.is_global()
                if beyond and (symbol.is_assigned() or symbol.is_imported()):
                    self.sets.add(name)
                if symbol.is_referenced() and not now and (beyond or child.get_type() == "class"):
                    self.later.add(name)
            self._scopes(child, now)

    def _block(self, statements: list[ast.stmt], bound: set[str]) -> None:
        """Read statements in their order; `bound` grows by what has surely been bound."""
        for statement in statements:
            blocks = [
                value
                for field in ("body", "orelse", "finalbody")
                if isinstance(value := getattr(statement, field, None), list)
            ] + [handler.body for handler in getattr(statement, "handlers", ())]
            if not blocks or isinstance(
                statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Match
            ):
                self._look(statement, bound)
                bound |= _binds(statement)
                continue
            head = [
                value
                for field in ("target", "iter", "test", "items")
                for value in _listed(getattr(statement, field, None))
            ] + [handler.type for handler in getattr(statement, "handlers", ()) if handler.type]
            for node in head:
                self._look(node, bound)
            inside = set().union(*map(_stored_in, head))
            for block in blocks:
                self._block(block, bound | inside)

    def _look(self, node: ast.AST, bound: set[str]) -> None:
        """Note the names that are read when `node` is evaluated."""
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            self._look(node.generators[0].iter, bound)
            bound = bound.union(*(_stored_in(g.target) for g in node.generators))
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            self.reads |= {node.target.id} - bound
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
            self.reads |= {node.id} - bound
        for part in _parts(node):
            self._look(part, bound)


def _last(call: ast.Call) -> str:
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _stored_in(node: ast.AST) -> set[str]:
    return {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }


def _listed(value: object) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


def _binds(statement: ast.stmt) -> set[str]:
    """What a plain statement binds for certain."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        if isinstance(statement, ast.AnnAssign) and statement.value is None:
            return set()
        return set().union(*map(_stored_in, targets))
    return set()


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """What is evaluated when the node is: of a function its decorators, defaults and annotations,
    not its body."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield from node.decorator_list
        yield node.args
        if node.returns:
            yield node.returns
    elif isinstance(node, ast.Lambda):
        yield node.args
    else:
        yield from ast.iter_child_nodes(node)


def _now(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for part in _parts(node):
        yield from _now(part)


def _within_call(call: ast.Call) -> bool:
    """Whether what is called belongs to a fresh result, as in torch.Generator().manual_seed(0)."""
    return any(isinstance(node, ast.Call) for node in ast.walk(call.func))


def _changed(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load)


def _hides(node: ast.AST) -> bool:
    match node:
        case ast.Import():
            return not HIDDEN_MODULES.isdisjoint(alias.name for alias in node.names)
        case ast.ImportFrom():
            return node.names[0].name == "*" or node.module in HIDDEN_MODULES
        case ast.Constant():
            return isinstance(node.value, str) and node.value in HIDDEN_MODULES
        case ast.Name():
            return node.id in HIDDEN_WAYS
        case ast.Attribute(value=ast.Name(id="sys"), attr="modules"):
            return True
        case ast.Attribute():
            return node.attr in HIDDEN_ATTRIBUTES
    return False
