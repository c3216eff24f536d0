"""The matcher's reports: the pattern that matched, its kind, and where the match ends."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from keylint.core.lazy_typing import Literal
from keylint.core.records import NamedTuple

PatternKind = Literal[
    # a telling name near something that could be a value
    'name',
    'split-literal',
    'password',
    'call',
    'login',
    'short-name',
    'symbols',
    'header',
    'head-cell',
    'issuer',
    'encoded',
    'expression',
    # a value that names itself
    'phrase',
    'token',
    'plugin',
    # statements about a key's permissions and addresses
    'sentence',
    'document-key',
    'quoted-key',
    'bare-key',
    'assigned-key',
    'careless',
    'list-row',
    'vendor-key',
    'key-call',
]
NAME_KINDS: frozenset[PatternKind] = frozenset(
    (
        'name',
        'split-literal',
        'password',
        'call',
        'login',
        'short-name',
        'symbols',
        'header',
        'head-cell',
        'issuer',
        'encoded',
        'expression',
    )
)
# Names of columns, whose values are in the rows of a table.
TABLE_KINDS: frozenset[PatternKind] = frozenset(('header', 'head-cell'))
# Patterns about text that is not in clear: encodings, and expressions of constants.
DECODED_KINDS: frozenset[PatternKind] = frozenset(('encoded', 'expression'))
TOKEN_KINDS: frozenset[PatternKind] = frozenset(('phrase', 'token', 'plugin'))
LEAK_KINDS = NAME_KINDS | TOKEN_KINDS
# Patterns of statements about keys in documents and in literals of programs.
DECLARATION_KINDS: frozenset[PatternKind] = frozenset(
    ('document-key', 'quoted-key', 'bare-key', 'assigned-key', 'list-row', 'vendor-key')
)


class Pattern(NamedTuple):
    """A pattern of the database: its position there, its kind, its row in the table of its kind."""

    number: int
    kind: PatternKind
    row: int = 0


class Match(NamedTuple):
    """A match of a pattern. `end` is the byte offset after it; Hyperscan reports no starts."""

    pattern: Pattern
    end: int


def select_matches(matches: Iterable[Match], kinds: Collection[PatternKind]) -> list[Match]:
    """Keep the matches of some kinds of patterns."""
    return [match for match in matches if match.pattern.kind in kinds]


def list_kinds(matches: Iterable[Match]) -> frozenset[PatternKind]:
    """List the kinds of patterns that matched."""
    return frozenset(match.pattern.kind for match in matches)
