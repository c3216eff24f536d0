"""Make small faults in Python source: one edit of bytes each, found with `ast`, drawn with a seed.

A fault is known by its content (function, kind, code), not by its file or line: what moves to
another module or is laid out anew keeps its id, and the sample keeps its faults.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

OPERATORS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ('<', '<='),
    ast.LtE: ('<=', '<'),
    ast.Gt: ('>', '>='),
    ast.GtE: ('>=', '>'),
    ast.Eq: ('==', '!='),
    ast.NotEq: ('!=', '=='),
    ast.In: ('in', 'not in'),
    ast.NotIn: (r'not\s+in', 'in'),
    ast.Is: ('is', 'is not'),
    ast.IsNot: (r'is\s+not', 'is'),
}
CALLS = {
    'all': 'any',
    'any': 'all',
    'endswith': 'startswith',
    'find': 'rfind',
    'max': 'min',
    'min': 'max',
    'rfind': 'find',
    'sorted': 'list',
    'startswith': 'endswith',
}
EMPTY_RESULTS = {'bytes': "b''", 'dict': '{}', 'list': '[]', 'set': 'set()', 'str': "''"}
MIN_TABLE_WORDS = 3
IDENTIFIER_DIGITS = 10


class Edit(NamedTuple):
    """Replace the bytes from `start` to `end`; `note` says what was done, in any layout alike."""

    kind: str
    node: ast.AST
    start: int
    end: int
    new: str
    note: str


@dataclass(frozen=True)
class Mutant:
    """One fault in one file.

    `function` is the dotted name of the innermost function or class, empty at module level. `first`
    and `last` are the lines of the statement, of a compound one those of its head. `names` are what
    a statement outside of functions assigns: who uses a table is found by them.
    """

    id: str
    area: str
    path: str
    line: int
    first: int
    last: int
    function: str
    names: tuple[str, ...]
    kind: str
    start: int
    end: int
    new: str

    def apply(self, source: bytes) -> bytes:
        """Return the source with the fault in it."""
        return source[: self.start] + self.new.encode() + source[self.end :]


class Source:
    """A parsed file, with byte offsets of its nodes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.tree = ast.parse(data)
        self._starts = [0, *(match.end() for match in re.finditer(rb'\n', data))]

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return where the node begins and ends, in bytes."""
        position = node.__dict__
        start = self._starts[position['lineno'] - 1] + position['col_offset']
        return start, self._starts[position['end_lineno'] - 1] + position['end_col_offset']

    def text(self, node: ast.AST) -> str:
        """Return the source of a node in parentheses, so that it may stand anywhere."""
        start, end = self.span(node)
        return f'({self.data[start:end].decode()})'

    def edit(self, kind: str, node: ast.AST, new: str, note: str = '') -> Edit:
        """Replace a whole node."""
        return Edit(kind, node, *self.span(node), new, note or new)


class Place(NamedTuple):
    """What an edit stands in."""

    function: str
    statement: ast.stmt | None
    is_in_function: bool


def list_edits(source: Source) -> Iterator[tuple[Place, Edit]]:
    """Yield each possible edit with the function and the statement that it is in."""
    waiting: list[tuple[Place, ast.AST]] = [(Place('', None, False), source.tree)]
    while waiting:
        place, node = waiting.pop()
        if isinstance(node, ast.stmt):
            place = place._replace(statement=node)
        if isinstance(node, FunctionNode | ast.ClassDef):
            place = place._replace(function=f'{place.function}.{node.name}'.lstrip('.'))
        if isinstance(node, FunctionNode):
            place = place._replace(is_in_function=True)
            yield from ((place, edit) for edit in edit_returns(source, node))
        yield from ((place, edit) for edit in edit_node(source, node))
        waiting.extend((place, child) for child in list_children(node))


def find_head(place: Place, line: int) -> tuple[int, int]:
    """Return the lines of the innermost statement, without the body of a compound one."""
    statement = place.statement
    if statement is None or not statement.lineno <= line:
        return line, line
    body = getattr(statement, 'body', None)
    last = body[0].lineno - 1 if body else statement.end_lineno
    return statement.lineno, max(statement.lineno, line, last or line)


def list_names(place: Place) -> tuple[str, ...]:
    """Return the names that a statement outside of functions assigns."""
    if place.is_in_function or not isinstance(place.statement, ast.Assign | ast.AnnAssign):
        return ()
    statement = place.statement
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    parts = (part for target in targets for part in ast.walk(target))
    return tuple(part.id for part in parts if isinstance(part, ast.Name))


def list_children(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a node that may hold faults: no annotations, messages or docstrings."""
    match node:
        case ast.JoinedStr() | ast.Import() | ast.ImportFrom() | ast.Raise():
            return []  # positions in f-strings are wrong before Python 3.12
        case ast.If(test=ast.Name(id='TYPE_CHECKING')):
            return []
        case ast.AnnAssign():
            return [node.value] if node.value else []
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            defaults = [each for each in [*node.args.defaults, *node.args.kw_defaults] if each]
            return [*defaults, *node.body]
        case ast.ClassDef():
            return list(node.body)
        case ast.Expr(value=ast.Constant()):
            return []
        case ast.Assign(targets=[ast.Name(id='__all__')]):
            return []
    return list(ast.iter_child_nodes(node))


def edit_node(source: Source, node: ast.AST) -> Iterator[Edit]:  # noqa: C901 - a case a kind
    """Yield the edits of one node, those of its parts left out."""
    match node:
        case ast.Compare(ops=[_]):
            yield from edit_comparison(source, node)
        case ast.BoolOp():
            yield from edit_operands(source, node)
        case ast.UnaryOp(op=ast.Not()):
            yield source.edit('condition', node, source.text(node.operand), 'without not')
        case ast.If():
            if not is_type_checking(node.test):
                yield negate(source, node.test)
        case ast.IfExp():
            yield swap_sides(source, node)
        case ast.comprehension():
            for test in node.ifs:
                yield source.edit('filter', test, 'True')
                yield negate(source, test)
        case ast.Constant():
            yield from edit_constant(source, node)
        case ast.Tuple() | ast.List() | ast.Set() | ast.Dict():
            yield from edit_table(source, node)
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            yield from edit_sum(source, node)
        case ast.Call():
            yield from edit_call(source, node)
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise():
            yield source.edit('statement', node, 'pass')
        case ast.Continue() | ast.Break():
            yield source.edit('statement', node, 'pass')


def is_type_checking(test: ast.expr) -> bool:
    """Tell whether a condition is true for the type checker only."""
    return isinstance(test, ast.Name) and test.id == 'TYPE_CHECKING'


def negate(source: Source, test: ast.expr) -> Edit:
    """Turn a condition round."""
    return source.edit('condition', test, f'(not {source.text(test)})', 'negated')


def swap_sides(source: Source, node: ast.IfExp) -> Edit:
    """Exchange the two results of a conditional expression."""
    body, test, orelse = map(source.text, (node.body, node.test, node.orelse))
    return source.edit('ternary', node, f'({orelse} if {test} else {body})', 'swapped')


def edit_comparison(source: Source, node: ast.Compare) -> Iterator[Edit]:
    """Yield the comparison with the operator that differs least."""
    pattern, new = OPERATORS[type(node.ops[0])]
    gap, end = source.span(node.left)[1], source.span(node.comparators[0])[0]
    found = re.search(pattern, source.data[gap:end].decode())
    if found and source.data[gap:end].isascii():
        yield Edit('comparison', node, gap + found.start(), gap + found.end(), f' {new} ', new)


def edit_operands(source: Source, node: ast.BoolOp) -> Iterator[Edit]:
    """Yield `and` for `or` and back, and the expression without each of its operands."""
    texts = [source.text(value) for value in node.values]
    word, other = ('and', 'or') if isinstance(node.op, ast.And) else ('or', 'and')
    yield source.edit('operator', node, f'({f" {other} ".join(texts)})', other)
    for number in range(len(texts)):
        kept = texts[:number] + texts[number + 1 :]
        yield source.edit('operand', node, f'({f" {word} ".join(kept)})', f'without {number}')


def edit_constant(source: Source, node: ast.Constant) -> Iterator[Edit]:
    """Yield another number or truth; texts are left to the tables they stand in."""
    if isinstance(node.value, bool):
        yield source.edit('constant', node, str(not node.value))
    elif isinstance(node.value, int):
        yield source.edit('constant', node, str(node.value + 1))


def edit_table(source: Source, node: ast.Tuple | ast.List | ast.Set | ast.Dict) -> Iterator[Edit]:
    """Yield the table without each of its entries, if all are texts."""
    if isinstance(node, ast.Dict):
        entries: list[tuple[ast.expr | None, ast.expr]] = list(
            zip(node.keys, node.values, strict=True)
        )
    else:
        entries = [(each, each) for each in node.elts]
    if len(entries) < MIN_TABLE_WORDS:
        return
    for number, (key, value) in enumerate(entries):
        if key is None or not is_text(key):
            continue
        start, end = source.span(key)[0], source.span(value)[1]
        comma = re.match(rb'\s*,', source.data[end:])
        if comma:
            yield Edit('word', node, start, end + comma.end(), '', f'without {number}')


def is_text(node: ast.expr) -> bool:
    """Tell whether a node is a literal text or bytes."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)


def edit_sum(source: Source, node: ast.BinOp) -> Iterator[Edit]:
    """Yield minus for plus and back, where a number or a length makes it arithmetic."""
    sides = (node.left, node.right)
    is_arithmetic = any(
        (isinstance(side, ast.Constant) and isinstance(side.value, int))
        or (isinstance(side, ast.Call) and getattr(side.func, 'id', '') == 'len')
        for side in sides
    )
    if is_arithmetic:
        sign = '-' if isinstance(node.op, ast.Add) else '+'
        left, right = map(source.text, sides)
        yield source.edit('arithmetic', node, f'({left} {sign} {right})', sign)


def edit_call(source: Source, node: ast.Call) -> Iterator[Edit]:
    """Yield a call of the function that is its opposite; and a list of words without each word."""
    name = getattr(node.func, 'id', getattr(node.func, 'attr', ''))
    is_sort = name == 'sorted' and node.keywords
    if name in CALLS and not is_sort:
        end = source.span(node.func)[1]
        yield Edit('call', node, end - len(name), end, CALLS[name], CALLS[name])
    if name == 'split' and not node.args and isinstance(node.func, ast.Attribute):
        words = node.func.value
        if isinstance(words, ast.Constant) and isinstance(words.value, str | bytes):
            start, end = source.span(words)
            for number, found in enumerate(re.finditer(rb'[^\s\'"]+', source.data[start:end])):
                span = (start + found.start(), start + found.end())
                yield Edit('word', node, *span, '', f'without {number}')


def edit_returns(source: Source, function: FunctionNode) -> Iterator[Edit]:
    """Yield returns of the opposite truth, or of nothing, by the function's annotation."""
    annotation = ast.unparse(function.returns) if function.returns else ''
    base = annotation.partition('[')[0]
    for node in list_returns(function):
        if isinstance(node.value, ast.Constant) or node.value is None:
            continue
        if annotation == 'bool':
            yield source.edit('return', node, f'return not {source.text(node.value)}', 'negated')
        elif annotation.endswith('| None'):
            yield source.edit('return', node, 'return None')
        elif base in EMPTY_RESULTS:
            yield source.edit('return', node, f'return {EMPTY_RESULTS[base]}')


def list_returns(function: FunctionNode) -> Iterator[ast.Return]:
    """Yield the function's own returns, none of functions in it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return):
            yield node
        elif not isinstance(node, FunctionNode | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))


def list_mutants(root: Path, path: str, area: str) -> Iterator[Mutant]:
    """Yield every edit of one file as a fault; whether it changes the meaning is not looked at."""
    source = Source((root / path).read_bytes())
    seen: dict[str, int] = {}
    for place, edit in list_edits(source):
        function = place.function
        content = '|'.join((function, edit.kind, ast.unparse(edit.node), edit.note))
        seen[content] = seen.get(content, 0) + 1
        digest = hashlib.sha256(f'{content}|{seen[content]}'.encode()).hexdigest()
        line = source.data.count(b'\n', 0, edit.start) + 1
        yield Mutant(
            digest[:IDENTIFIER_DIGITS],
            area=area,
            path=path,
            line=line,
            first=find_head(place, line)[0],
            last=find_head(place, line)[1],
            function=function,
            names=list_names(place),
            kind=edit.kind,
            start=edit.start,
            end=edit.end,
            new=edit.new,
        )


def is_fault(root: Path, mutant: Mutant) -> bool:
    """Tell whether the changed file still parses and means something else."""
    data = (root / mutant.path).read_bytes()
    try:
        return ast.dump(ast.parse(mutant.apply(data))) != ast.dump(ast.parse(data))
    except SyntaxError:
        return False


def find_modules(root: Path, globs: Iterable[str]) -> list[str]:
    """Return the files that the globs match, as paths from the root, in order."""
    paths = {path for glob in globs for path in root.glob(glob) if path.is_file()}
    return sorted(path.relative_to(root).as_posix() for path in paths)


def draw_sample(
    root: Path, areas: Mapping[str, tuple[int, Iterable[str]]], seed: str
) -> list[Mutant]:
    """Draw the wanted number of faults from each area, no two of them on one line.

    The order is that of a digest of seed and id, so that the sample is fixed for a given tree and
    most of it survives a change elsewhere. Raises SystemExit if an area has no module.
    """
    drawn: dict[str, Mutant] = {}
    for area, (wanted, globs) in areas.items():
        paths = find_modules(root, globs)
        if not paths:
            raise SystemExit(f'area {area}: no module matches; the table of areas needs new globs')
        found = [mutant for path in paths for mutant in list_mutants(root, path, area)]
        found.sort(key=lambda mutant: hashlib.sha256(f'{seed}|{mutant.id}'.encode()).digest())
        lines: set[tuple[str, int]] = set()
        for mutant in found:
            if len(lines) == wanted:
                break
            place = (mutant.path, mutant.line)
            if place not in lines and mutant.id not in drawn and is_fault(root, mutant):
                lines.add(place)
                drawn[mutant.id] = mutant
    return list(drawn.values())
