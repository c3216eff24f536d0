"""Python: a literal credential becomes `os.environ["NAME"]`, through libcst; every other byte stays."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Sequence
from typing import NamedTuple

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, CodeSpan, MetadataWrapper

from keylint.fix.edits import Edit, Move, Repaired, Spot, Unfixable, applied, ending_of
from keylint.fix.names import Names
from keylint.readers.python_cst import parse

_JOIN = re.compile(rb'[\s+\\]*')
_GET = re.compile(
    rb'(?<![\w.])(?:os\.)?(?:getenv|environ\.get)\(\s*(?P<quote>["\'])(?P<name>[A-Za-z_]\w*)(?P=quote)\s*,\s*\Z'
)
_LONGEST_CALL = 300  # bytes from `os.environ.get(` to its first argument
_CLOSED = re.compile(rb'\s*+(?:,\s*+)?\)')
_CODING = re.compile(rb'coding[:=][ \t]*([-\w.]+)')


class Leaf(NamedTuple):
    """A string literal: its bytes, those of its inside, prefix and quotes. `chain` are the bytes of the adjacent literals that it is one of;
    `is_bare` says that it is a statement of its own, such as a docstring.
    """

    start: int
    end: int
    prefix: bytes
    quote: bytes
    is_formatted: bool
    chain: tuple[int, int] | None
    is_bare: bool

    @property
    def inside(self) -> tuple[int, int]:
        """The bytes between the quotes."""
        return self.start + len(self.prefix) + len(self.quote), self.end - len(self.quote)


class _Leaves(cst.CSTVisitor):
    """Collects the literals of a module."""

    def __init__(self, spans: dict[cst.CSTNode, CodeSpan]) -> None:
        super().__init__()
        self.spans = spans
        self.found: list[Leaf] = []
        self.chains: list[tuple[int, int]] = []
        self.bare: set[cst.CSTNode] = set()

    def visit_Expr(self, node: cst.Expr) -> None:
        self.bare.add(node.value)

    def visit_ConcatenatedString(self, node: cst.ConcatenatedString) -> None:
        if node in self.bare:
            self.bare |= {node.left, node.right}
        self.chains.append(self._span(node))

    def leave_ConcatenatedString(self, original_node: cst.ConcatenatedString) -> None:
        self.chains.pop()

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        self._add(node, node.prefix, node.quote, False)

    def visit_FormattedString(self, node: cst.FormattedString) -> None:
        self._add(node, node.prefix, node.end, True)

    def _span(self, node: cst.CSTNode) -> tuple[int, int]:
        span = self.spans[node]
        return span.start, span.start + span.length

    def _add(self, node: cst.CSTNode, prefix: str, quote: str, is_formatted: bool) -> None:
        chain = self.chains[0] if self.chains else None
        self.found.append(
            Leaf(
                *self._span(node),
                prefix.encode(),
                quote.encode(),
                is_formatted,
                chain,
                node in self.bare,
            )
        )


def fix(data: bytes, spots: Sequence[Spot], names: Names, has_os: bool = False) -> Repaired:
    """The module with every part of a credential read from the environment. Raises Unfixable where that cannot be done.

    `has_os` says that `os` is imported elsewhere, as in an earlier cell of a notebook.
    """
    _check(data)
    leaves = _leaves(data)
    values = [_value(data, _covering(leaves, spot)) for spot in spots]
    defaults = [_default(data, _covering(leaves, spot)) for spot in spots]
    spots = [
        spot._replace(name=found[2]) if found else spot
        for spot, found in zip(spots, defaults, strict=True)
    ]
    chosen = names.choose(spots, values, data, frozenset(found[2] for found in defaults if found))
    module, shadowed = ('_os', True) if _is_shadowed(data) else ('os', False)
    made = data
    edits: list[Edit] = []
    for spot, name in sorted(zip(spots, chosen, strict=True), reverse=True):
        moved = sum(
            len(edit.text) - (edit.end - edit.start) for edit in edits if edit.end <= spot.start
        )
        here = spot._replace(start=spot.start + moved, end=spot.end + moved)
        edits = _edits(made, _covering(_leaves(made), here), f'{module}.environ', name)
        made = applied(made, edits)
    made = _parsed(made if has_os and not shadowed else _with_import(made, shadowed))
    return Repaired(
        made,
        tuple(dict.fromkeys(map(Move, chosen, values))),
        ', '.join(f'os.environ["{name}"]' for name in dict.fromkeys(chosen)),
    )


class _Place(NamedTuple):
    """The bytes of a value and the literals that it stands in."""

    start: int
    end: int
    leaves: tuple[Leaf, ...]
    all: tuple[Leaf, ...]


def _check(data: bytes) -> None:
    head = b'\n'.join(data.split(b'\n', 2)[:2])
    coding = _CODING.search(head) if b'#' in head else None
    if coding and coding[1].lower().replace(b'_', b'-') not in (
        b'utf-8',
        b'utf8',
        b'ascii',
        b'us-ascii',
    ):
        raise Unfixable(f'the file is written in {coding[1].decode()}; only UTF-8 is edited')
    _parsed(data)


def _parsed(data: bytes) -> bytes:
    """The same bytes when they are Python. Raises Unfixable otherwise."""
    try:
        compile(data, '<fixed>', 'exec', ast.PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unfixable('no Python 3 that can be parsed, before or after the change') from None
    return data


def _leaves(data: bytes) -> tuple[Leaf, ...]:
    module = parse(data)
    if module is None or module.bytes != data:
        raise Unfixable('no Python 3 that can be parsed')
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    visitor = _Leaves(dict(wrapper.resolve(ByteSpanPositionProvider)))
    wrapper.module.visit(visitor)
    return tuple(visitor.found)


def _covering(leaves: tuple[Leaf, ...], spot: Spot) -> _Place:
    """The literals that hold a part; of a literal inside an f-string's expression the inner one."""
    found = [leaf for leaf in leaves if leaf.start < spot.end and leaf.end > spot.start]
    found = [
        leaf
        for leaf in found
        if not any(o is not leaf and leaf.start < o.start and o.end < leaf.end for o in found)
    ]
    if not found:
        raise Unfixable('it stands in a comment or outside of any string; delete it there')
    if any(leaf.is_bare for leaf in found):
        raise Unfixable('it stands in a docstring or in a text that nothing uses; delete it there')
    return _Place(
        max(spot.start, found[0].inside[0]),
        min(spot.end, found[-1].inside[1]),
        tuple(found),
        leaves,
    )


def _value(data: bytes, place: _Place) -> str:
    """The text of a part, joined as Python joins it."""
    parts: list[str] = []
    for number, leaf in enumerate(place.leaves):
        start, end = max(leaf.inside[0], place.start), min(leaf.inside[1], place.end)
        raw = data[start:end]
        if leaf.is_formatted and (b'{' in raw or b'}' in raw or len(place.leaves) > 1):
            raise Unfixable('an f-string makes it from pieces')
        if number and not _JOIN.fullmatch(data, place.leaves[number - 1].end, leaf.start):
            raise Unfixable('more than + stands between the pieces of it')
        prefix = bytes(char for char in leaf.prefix if char not in b'fF')
        text = ast.literal_eval((prefix + leaf.quote + raw + leaf.quote).decode())
        parts.append(text if isinstance(text, str) else text.decode('latin-1'))
    return ''.join(parts)


def _default(data: bytes, place: _Place) -> tuple[int, int, str] | None:
    """The bytes of the call `os.getenv("NAME", "…")` whose default a part is, and the name that it asks for."""
    first, last = place.leaves[0], place.leaves[-1]
    if (place.start, place.end) != (first.inside[0], last.inside[1]) or first.is_formatted:
        return None
    call, closed = (
        _GET.search(data, max(0, first.start - _LONGEST_CALL), first.start),
        _CLOSED.match(data, last.end),
    )
    return (call.start(), closed.end(), call['name'].decode()) if call and closed else None


def _edits(data: bytes, place: _Place, environ: str, name: str) -> list[Edit]:
    """What turns a part of literals into a look-up."""
    default = _default(data, place)
    if default and default[2] == name:
        return [Edit(default[0], default[1], f'{environ}["{name}"]'.encode())]
    first, last = place.leaves[0], place.leaves[-1]
    quote = first.quote[:1].decode()
    whole = (first.inside[0], last.inside[1]) == (place.start, place.end)
    if first.is_formatted and not (whole and first.chain is None):
        inner = '"' if quote == "'" else "'"
        return [Edit(place.start, place.end, f'{{{environ}[{inner}{name}{inner}]}}'.encode())]
    read = f'{environ}[{quote}{name}{quote}]'.encode() + (
        b'.encode()' if b'b' in first.prefix.lower() else b''
    )
    before, after = place.start > first.inside[0], place.end < last.inside[1]
    start, end = (place.start if before else first.start), (place.end if after else last.end)
    text = (
        (first.quote + b' + ' if before else b'')
        + read
        + (b' + ' + last.prefix + last.quote if after else b'')
    )
    outer = first.chain or (first.start, last.end)
    if any((leaf.chain or (leaf.start, leaf.end)) != outer for leaf in place.leaves) and any(
        leaf.chain for leaf in place.leaves
    ):
        raise Unfixable('its pieces are joined in two ways at once')
    follows, leads = outer[0] < first.start, last.end < outer[1]
    edits = [Edit(first.start, first.start, b'+ ')] if follows and before else []
    edits += [Edit(last.end, last.end, b' +')] if leads and after else []
    text = (
        (b'+ ' if follows and not before else b'') + text + (b' +' if leads and not after else b'')
    )
    edits.append(Edit(start, end, text))
    return _bracketed(edits, outer) if before or after or follows or leads else edits


def _bracketed(edits: list[Edit], outer: tuple[int, int]) -> list[Edit]:
    """The edits with brackets around the whole; a bracket joins the edit that begins or ends at its place."""
    made = [
        edit._replace(text=b'(' + edit.text) if edit.start == outer[0] else edit for edit in edits
    ]
    made = [edit._replace(text=edit.text + b')') if edit.end == outer[1] else edit for edit in made]
    if not any(edit.start == outer[0] for edit in edits):
        made.append(Edit(outer[0], outer[0], b'('))
    if not any(edit.end == outer[1] for edit in edits):
        made.append(Edit(outer[1], outer[1], b')'))
    return made


def _is_shadowed(data: bytes) -> bool:
    """Whether `os` is something else than the module anywhere in the file."""
    for node in ast.walk(ast.parse(data)):
        if isinstance(node, ast.Name) and node.id == 'os' and not isinstance(node.ctx, ast.Load):
            return True
        if isinstance(node, ast.arg) and node.arg == 'os':
            return True
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and node.name == 'os'
        ):
            return True
        if isinstance(node, ast.Import | ast.ImportFrom) and any(
            _bound(alias) == 'os' and not _is_os(node, alias) for alias in node.names
        ):
            return True
    return False


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.split('.')[0]


def _is_os(node: ast.stmt, alias: ast.alias) -> bool:
    return isinstance(node, ast.Import) and (
        alias.name == 'os' or (alias.name.startswith('os.') and not alias.asname)
    )


def imports_os(data: bytes) -> bool:
    """Whether the module's own level imports `os` under its name."""
    return any(
        _bound(alias) == 'os' and _is_os(node, alias)
        for node in ast.parse(data).body
        if isinstance(node, ast.Import)
        for alias in node.names
    )


def _with_import(data: bytes, shadowed: bool) -> bytes:
    """The module with `import os` among its first imports, unless it stands before every other statement that could need it."""
    body = ast.parse(data).body
    first = 0
    if (
        body
        and isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
        and isinstance(body[0].value.value, str)
    ):
        first = 1
    while (
        first < len(body)
        and isinstance(body[first], ast.ImportFrom)
        and getattr(body[first], 'module', '') == '__future__'
    ):
        first += 1
    wanted = '_os' if shadowed else 'os'
    for node in body[first:]:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            break
        if isinstance(node, ast.Import) and any(
            _bound(alias) == wanted and alias.name.split('.')[0] == 'os' for alias in node.names
        ):
            return data
    statement = body[first]
    line = min(
        [
            statement.lineno,
            *(decorator.lineno for decorator in getattr(statement, 'decorator_list', ())),
        ]
    )
    starts = [0, *(match.end() for match in re.finditer(rb'\r\n|\n|\r', data))]
    at = starts[line - 1]
    if first and body[first - 1].end_lineno == line:
        raise Unfixable('its first statements share one line: no place for `import os`')
    newline = ending_of(data)
    text = b'import os as _os' if shadowed else b'import os'
    return data[:at] + text + newline * (1 if _is_standard(statement) else 2) + data[at:]


def _is_standard(node: ast.stmt) -> bool:
    """Whether a statement imports from the standard library, so that `import os` stands right before it."""
    if isinstance(node, ast.Import):
        return node.names[0].name.split('.')[0] in sys.stdlib_module_names
    return (
        isinstance(node, ast.ImportFrom)
        and (node.module or '').split('.')[0] in sys.stdlib_module_names
    )
