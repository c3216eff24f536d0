"""Read the nodes of a grammar's tree, and make nodes of the neutral tree at their places."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from keylint.core.records import NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node


class LoweringRule(NamedTuple):
    """How a kind of node is lowered: a method, and the fields of the node that it receives."""

    lower: Callable[..., Any]
    fields: tuple[str, ...] = ()


class Parameter(NamedTuple):
    """A parameter of a function; `is_field` if it is an attribute of its class as well."""

    name: str
    annotation: ast.expr | None = None
    default: ast.expr | None = None
    is_field: bool = False


Table = dict[str, LoweringRule]


class NodeReader:
    """Reads nodes. A language is two tables, its names for some kinds, and a few methods."""

    expressions: ClassVar[Table] = {}
    statements: ClassVar[Table] = {}
    functions: ClassVar[tuple[str, ...]] = ()
    texts: ClassVar[tuple[str, ...]] = ()
    adds: ClassVar[tuple[str, ...]] = ('+', '+=')
    comments: ClassVar[tuple[str, ...]] = ('comment', 'line_comment', 'block_comment')

    def __init__(self, stem: str) -> None:
        self.stem = stem
        self.pending: list[ast.stmt] = []
        self.fields: list[set[str]] = []
        self.locals: list[set[str]] = []
        self.reparse: Callable[[bytes], Node] | None = None
        # The number of lines before a part that is parsed separately.
        self.rows = 0
        # The first byte of the code that was left out, if any.
        self.lost: int | None = None

    def list_children(self, node: Node | None) -> list[Node]:
        """List the parts of a node without its comments; none if there is no node."""
        if node is None:
            return []
        return [child for child in node.named_children if child.type not in self.comments]

    @staticmethod
    def list_field(node: Node, field: str) -> list[Node]:
        """List the parts of a node under a name, without the commas between them."""
        return [one for one in node.children_by_field_name(field) if one.is_named]

    def list_values(self, node: Node | None) -> list[Node]:
        """List the values on one side of an assignment."""
        return [] if node is None else [node]

    def read_name(self, node: Node | None) -> str:
        """Return the last name of a name or an attribute, empty for anything else."""
        if node is None:
            return ''
        text = self.text_of(node)
        last = text.rsplit('.', 1)[-1].lstrip('#@')
        return last if last.isidentifier() else ''

    def make_name(self, name: str, node: Node) -> ast.expr:
        """Return a name at the place of a node."""
        return self.make(ast.Name(name, ast.Load()), node)

    def make_text(self, text: str, node: Node) -> ast.expr:
        """Return a text at the place of a node."""
        return self.make(ast.Constant(text), node)

    def make(self, made: ast.expr, node: Node) -> ast.expr:
        """Return an expression at the place of a node."""
        row, made.col_offset = node.start_point
        made.lineno = row + 1 + self.rows
        row, made.end_col_offset = node.end_point
        made.end_lineno = row + 1 + self.rows
        if isinstance(made, ast.Attribute | ast.Subscript):
            made.ctx = ast.Load()
        return made

    def make_statement(self, made: ast.stmt, node: Node) -> ast.stmt:
        """Return a statement at the place of a node."""
        row, made.col_offset = node.start_point
        made.lineno = row + 1 + self.rows
        return made

    @staticmethod
    def text_of(node: Node | None) -> str:
        """Return the text of a node."""
        if node is None or node.text is None:
            return ''
        return node.text.decode('utf-8', 'replace')

    @staticmethod
    def or_pass(body: list[ast.stmt]) -> list[ast.stmt]:
        """Return the statements of a body that may be empty."""
        return body or [ast.Pass(lineno=1, col_offset=0)]


def name_file(path: str) -> str:
    """Return the name by which other files know a file: its own, or its folder's (`index.js`)."""
    parts = re.sub(r'\.\w{1,4}$', '', path.replace('\\', '/')).split('/')
    name = parts[-2] if parts[-1] == 'index' and len(parts) > 1 else parts[-1]
    return re.sub(r'\W', '_', name) or '_'
