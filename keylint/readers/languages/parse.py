"""Parse source code by its file's ending, with the grammars of tree-sitter."""

from __future__ import annotations

import ast
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from keylint.core.records import NamedTuple
from keylint.readers.languages.nodes import name_file

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

    from keylint.readers.languages.lowering import Lowering

# A bot's own file never reaches this size; generated and minified code does.
_MAX_BYTES = 1_500_000
_MAX_NODES = 300_000


# Errors that an unexpected tree may raise: the file is then reported as unread.
_BROKEN = (RecursionError, LookupError, AttributeError, TypeError, ValueError)


class SourceGrammar(NamedTuple):
    """A grammar: its package, the function there that returns it, and what lowers its trees."""

    language: str
    package: str
    function: str
    lowering: tuple[str, str]


_HERE = 'keylint.readers.languages.'
_JAVASCRIPT = (_HERE + 'javascript', 'JavaScript')
_TSX = SourceGrammar('javascript', 'tree_sitter_typescript', 'language_tsx', _JAVASCRIPT)
_TS = SourceGrammar('javascript', 'tree_sitter_typescript', 'language_typescript', _JAVASCRIPT)
_GO = SourceGrammar('go', 'tree_sitter_go', 'language', (_HERE + 'go', 'Go'))
_CSHARP = SourceGrammar('csharp', 'tree_sitter_c_sharp', 'language', (_HERE + 'csharp', 'CSharp'))
_JAVA = SourceGrammar('java', 'tree_sitter_java', 'language', (_HERE + 'java', 'Java'))
_RUST = SourceGrammar('rust', 'tree_sitter_rust', 'language', (_HERE + 'rust', 'Rust'))
_KOTLIN = SourceGrammar('java', 'tree_sitter_kotlin', 'language', (_HERE + 'kotlin', 'Kotlin'))
GRAMMARS = {
    **dict.fromkeys(('.js', '.mjs', '.cjs', '.jsx', '.tsx'), _TSX),
    **dict.fromkeys(('.ts', '.mts', '.cts'), _TS),
    '.go': _GO,
    '.cs': _CSHARP,
    '.java': _JAVA,
    '.kt': _KOTLIN,
    '.kts': _KOTLIN,
    '.rs': _RUST,
}
ENDINGS = tuple(GRAMMARS)


class ParsedSource(NamedTuple):
    """A module, and the first byte that could not be parsed, if any."""

    module: ast.Module | None
    broken: int | None = None


def language_of(path: str) -> str:
    """Return the language of a file that a grammar reads, `python` for any other file."""
    grammar = GRAMMARS.get(path[path.rfind('.') :].lower())
    return grammar.language if grammar is not None else 'python'


def parse_source(data: bytes, path: str) -> ParsedSource:
    """Parse a file; no module if it is too large, too deep, or not code of its language."""
    grammar = GRAMMARS[path[path.rfind('.') :].lower()]
    if len(data) > _MAX_BYTES:
        return ParsedSource(None)
    parser = _make_parser(grammar)
    root = parser.parse(data).root_node
    broken = _find_error(root) if root.has_error else None
    if root.type == 'ERROR' or root.descendant_count > _MAX_NODES:
        return ParsedSource(None)
    module_name, name = grammar.lowering
    lowering: type[Lowering] = getattr(import_module(module_name), name)
    lowered = lowering(name_file(path))
    lowered.reparse = lambda text: parser.parse(text).root_node
    try:
        module = lowered.lower_module(root)
        return ParsedSource(module, lowered.lost if broken is None else broken)
    except _BROKEN:
        return ParsedSource(None)


@cache
def _make_parser(grammar: SourceGrammar) -> Parser:
    tree_sitter = import_module('tree_sitter')
    function = getattr(import_module(grammar.package), grammar.function)
    parser: Parser = tree_sitter.Parser(tree_sitter.Language(function()))
    return parser


def _find_error(root: Node) -> int:
    """Return the first byte that the grammar could not place."""
    node = root
    while True:
        if node.is_error or node.is_missing:
            return node.start_byte
        inner = next((child for child in node.children if child.has_error), None)
        if inner is None:
            return node.start_byte
        node = inner
