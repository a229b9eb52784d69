"""An ordinary test cell as data: its statements, which of them assert, and what may be said of
them."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...errors import OneLine
from ...text import one_line

BEGIN_HIDDEN, END_HIDDEN = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
SHOWN = 60  # characters of a test's code that name it
ASSERTS = re.compile(r"assert", re.IGNORECASE)
TIMED = re.compile(r"^(?P<indent>[ \t]*)%{1,2}time(?:[ \t]+(?P<rest>.*))?$", re.M)
CAPTURED = re.compile(
    r"\A(?:[ \t]*(?:#.*)?\n)*%%capture(?:[ \t]+(?P<options>.*))?(?:\n(?P<rest>(?s:.*)))?\Z"
)
AWAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith)
TELLING = 16  # characters: a shorter line may stand anywhere
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class TestCellError(OneLine):
    """A test cell cannot be used as it is."""

    __test__ = False  # no class of tests


@dataclass(frozen=True)
class Statement:
    """One top-level statement of a test cell.

    asserts: whether it can fail on purpose. hidden: whether it is hidden from students. code: its
    first line. text: all of it. words: the text that its assertion says when it fails, as far as
    it is plain text. imports: the modules that it imports. calls: dotted names that it calls
    outside of functions.
    """

    asserts: bool
    hidden: bool
    code: str
    text: str = ""
    words: str = ""
    imports: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


@dataclass(frozen=True)
class TestCell:
    """An ordinary test cell. `source` is plain Python; `last` the number of the statement whose
    value is shown (and, where it is a number, the mark), or -1. waits: whether it is
    asynchronous."""

    __test__ = False

    exercise: str
    points: float
    source: str
    statements: tuple[Statement, ...]
    last: int = -1
    asked: frozenset[str] = frozenset()
    """The names that the assignment's answers define."""
    waits: bool = False
    secrets: frozenset[str] = frozenset()
    """The lines that only hidden tests hold, as far as they tell anything."""

    @property
    def asserting(self) -> list[int]:
        """The numbers of the statements that assert."""
        return [i for i, s in enumerate(self.statements) if s.asserts]


def read_cell(
    exercise: str,
    points: float,
    source: str,
    hidden: tuple[str, str] = (BEGIN_HIDDEN, END_HIDDEN),
    asked: frozenset[str] = frozenset(),
) -> TestCell:
    """Read a test cell of a master. hidden: the delimiters of hidden tests, as the course has them.
    Raises TestCellError, in one line, for what is no Python."""
    source = plain_python(source, hidden)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except SyntaxError as error:
        raise TestCellError(
            f"The test cell {exercise!r} is no Python (line {error.lineno}: {error.msg})."
        ) from error
    secret = _hidden_lines(source, *hidden)
    helpers = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _fails(node.body, set())
    }
    statements = tuple(_statement(node, source, secret, helpers) for node in tree.body)
    ends = bool(tree.body) and isinstance(tree.body[-1], ast.Expr)
    quiet = ends and _after(tree.body[-1], source).lstrip().startswith(";")
    last = len(statements) - 1 if ends and not quiet else -1
    waits = "asyncio" in source or any(isinstance(n, AWAITS) for n in _outside(tree.body))
    secrets = _telling(source, secret)
    return TestCell(exercise, points, source, statements, last, asked, waits, secrets)


def plain_python(source: str, hidden: tuple[str, str] = (BEGIN_HIDDEN, END_HIDDEN)) -> str:
    """The cell without IPython's own syntax: magics and shell commands become calls."""
    if captured := CAPTURED.match(source):
        return _capturing(
            captured["options"] or "", plain_python(captured["rest"] or "", hidden), hidden
        )
    # %time shows an error and goes on, as if nothing had failed
    source = TIMED.sub(
        lambda m: f"{m['indent']}{m['rest'] or ''}" if _line_magic(m) else "", source
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
        return source
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager

        return str(TransformerManager().transform_cell(source))


def _capturing(options: str, body: str, hidden: tuple[str, str]) -> str:
    """`%%capture` as the statement that it comes down to; all of it is hidden when a part is."""
    name = next((word for word in options.split() if word.isidentifier()), "")
    kept = ", ".join(
        f"{s}=False" for s in ("stdout", "stderr", "display") if f"--no-{s}" in options
    )
    head = "with __import__('IPython.utils.capture').utils.capture.capture_output"
    try:
        tree: Any = ast.parse(f"{head}({kept}){' as ' + name if name else ''}:\n    pass")
        tree.body[0].body = ast.parse(body).body or tree.body[0].body
    except SyntaxError:
        return body  # whoever reads it says so
    text = ast.unparse(tree)
    return f"# {hidden[0]}\n{text}\n# {hidden[1]}" if hidden[0] in body else text


def _line_magic(match: re.Match) -> bool:
    return not match.group().lstrip().startswith("%%")


def _hidden_lines(source: str, begin: str, end: str) -> set[int]:
    found, inside = set(), False
    for number, line in enumerate(source.splitlines(), start=1):
        inside = inside or begin in line
        if inside:
            found.add(number)
        inside = inside and end not in line
    return found


def _statement(node: ast.stmt, source: str, secret: set[int], helpers: set[str]) -> Statement:
    lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    shown = node.test if isinstance(node, ast.Assert) else node
    text = ast.get_source_segment(source, shown) or ""
    if shown is not node:
        text = f"assert {text}"
    return Statement(
        _fails([node], helpers),
        any(line in secret for line in lines),
        one_line(text.splitlines()[0] if text else "", SHOWN),
        _whole(node, source),
        _words(node),
        tuple(_imports(node)),
        tuple(dict.fromkeys(_calls(node))),
    )


def _whole(node: ast.stmt, source: str) -> str:
    """All of a statement, with its decorators, on the lines where it stands."""
    first = min([d.lineno for d in getattr(node, "decorator_list", ())], default=node.lineno)
    lines = [line.encode() for line in source.split("\n")[first - 1 : node.end_lineno]]
    lines[-1] = lines[-1][: node.end_col_offset]
    if first == node.lineno:
        lines[0] = lines[0][node.col_offset :]
    return "\n" * (first - 1) + b"\n".join(lines).decode()


def _telling(source: str, secret: set[int]) -> frozenset[str]:
    lines = {n: line.strip() for n, line in enumerate(source.splitlines(), start=1)}
    shown = {line for n, line in lines.items() if n not in secret}
    hidden = {line for n, line in lines.items() if n in secret} - shown
    return frozenset(
        x for x in hidden if len(x) >= TELLING and not x.startswith(("#", "import ", "from "))
    )


def _after(node: ast.stmt, source: str) -> str:
    """What stands behind a statement on its last line."""
    line = source.splitlines()[(node.end_lineno or 1) - 1]
    return line.encode()[node.end_col_offset or 0 :].decode()


def _outside(nodes: list[ast.stmt]) -> Iterator[ast.AST]:
    """Every node that runs with these statements: not the bodies of functions."""
    waiting: list[ast.AST] = list(nodes)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, FUNCTIONS):
            waiting += ast.iter_child_nodes(node)


def _fails(nodes: list[ast.stmt], helpers: set[str]) -> bool:
    """Whether statements hold an assertion: `assert`, `raise`, or a call of something that is
    called so or was defined to assert."""
    for node in _outside(nodes):
        if isinstance(node, ast.Assert | ast.Raise):
            return True
        name = _name(node.func) if isinstance(node, ast.Call) else ""
        if name and (ASSERTS.match(name.rpartition(".")[2]) or name in helpers):
            return True
    return False


def _calls(node: ast.stmt) -> Iterator[str]:
    for inner in _outside([node]):
        if isinstance(inner, ast.Call) and (name := _name(inner.func)):
            yield name


def _name(node: ast.expr) -> str:
    """The dotted name of what is called; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (base := _name(node.value)):
        return f"{base}.{node.attr}"
    return ""


def _imports(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module


def _words(node: ast.stmt) -> str:
    """The plain text of an assertion's message. Numbers and code in it are values: then none."""
    message = node.msg if isinstance(node, ast.Assert) else None
    if isinstance(message, ast.Constant) and isinstance(message.value, str):
        words = one_line(message.value, 300)
        return "" if re.search(r"[\d=`]", words) else words
    return ""
