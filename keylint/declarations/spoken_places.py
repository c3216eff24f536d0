"""List the offsets at which a text mentions permissions or addresses.

The gate sees only names. In programs most of them state nothing: `'fetchWithdrawals': True`,
`withdraw = self.parse(…)`, a comment with an exchange's answer. Such places are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from keylint.core.names import split_words, squeeze_name
from keylint.core.records import NamedTuple
from keylint.declarations.config_entries import is_telling
from keylint.declarations.issuers import issuer_of
from keylint.declarations.relevance import has_literal_keys
from keylint.declarations.vocabulary import flag_of, is_true
from keylint.matcher.match import DECLARATION_KINDS, Match, list_kinds, select_matches
from keylint.readers.formats import Format
from keylint.rules.rule_set import RuleSet

# What stands behind a name that a literal is assigned to.
_ASSIGNED_LITERAL = re.compile(rb'(?:[^=\n]{1,60}=)?[ \t\r\n]{0,8}(?:[\[({]|dict\()')
# A name up to its value: in quotes, bare, or the last part of a longer one.
_NAME = re.compile(
    rb'(?P<compared>[=!]= ?)?(?P<quote>["\'`]?)(?P<name>[A-Za-z][\w/{}-]*+)(?P=quote)\]?[ \t]{0,8}'
    rb'(?:[:=]|=>)\Z'
)
_NAME_BYTES = 100
# What only vendors' documents have: names of theirs, and rows without names.
_VENDOR_KINDS = ('vendor-key', 'list-row')
_VALUE = re.compile(rb'[ \t]{0,8}(?:(?P<word>[A-Za-z_]\w*)|(?P<other>[^\s\w]))')
# A name in quotes may be that of a switch, of an extent (`'rw'`), or of a variable to be set.
_TEXT_MARKS = (b'"', b"'", b'`', b'$', b'!')
_COMMENT = re.compile(rb'\s*#')
# The table in which a client library says what the API of an exchange can do, and how far such a
# table reaches.
_ABILITIES = re.compile(rb'\bhas["\']?[ \t]{0,8}[:=][ \t]{0,8}\{')
_ABILITY_BYTES = 12_000


class SpokenPlaces(NamedTuple):
    """Sorted offsets at which a text speaks of permissions or addresses: in literals, and all."""

    literals: Sequence[int]
    all: Sequence[int]


def list_places(data: bytes, form: Format, matches: Iterable[Match], pack: RuleSet) -> SpokenPlaces:
    """List the offsets at which a text speaks of permissions or addresses.

    Literals of a program are read for keys in quotes, and where one is assigned to such a name.
    """
    spoken = select_matches(matches, DECLARATION_KINDS)
    if form.language is None:
        in_literals = [match.end for match in spoken if match.pattern.kind != 'assigned-key']
        return SpokenPlaces(in_literals, [match.end for match in spoken])
    has_keys = has_literal_keys(form, list_kinds(spoken))
    if form.language == 'python':
        spoken = [match for match in spoken if not _is_in_comment(data, match.end)]
    spoken = [match for match in spoken if _may_be_key(data, match, pack)]
    in_literals = [
        match.end
        for match in spoken
        if match.pattern.kind != 'assigned-key'
        and (has_keys or _ASSIGNED_LITERAL.match(data, match.end))
        and not _is_variable(data, match.end)
        and (match.pattern.kind in _VENDOR_KINDS or may_state(data, match.end))
    ]
    return SpokenPlaces(in_literals, [match.end for match in spoken])


def _may_be_key(data: bytes, match: Match, pack: RuleSet) -> bool:
    """Tell whether a match may end behind the name of a statement, by the words of the name.

    What cannot be told apart may.
    """
    named = _find_name(data, match.end)
    if named is None or match.pattern.kind == 'list-row':
        return True
    name = named['name'].decode()
    if match.pattern.kind == 'vendor-key':
        return squeeze_name(name) in pack.marking_keys
    if '/' in name or named['compared']:
        return False  # the path of an endpoint, or a condition
    if is_telling(name):
        return True
    is_restriction = any(word.startswith('restrict') for word in split_words(name))
    return is_restriction or issuer_of(name, pack) is not None


def _find_name(data: bytes, place: int) -> re.Match[bytes] | None:
    """Find the name that ends with a sign before `place`, unless it is too long for one."""
    named = _NAME.search(data, max(0, place - _NAME_BYTES), place)
    return None if named is None or named.start() == place - _NAME_BYTES else named


def _is_variable(data: bytes, place: int) -> bool:
    """Tell whether a name is a variable that something else than a literal is assigned to."""
    is_assigned = data[place - 2 : place] == b' ='
    return is_assigned and _ASSIGNED_LITERAL.match(data, place) is None


def may_state(data: bytes, place: int) -> bool:
    """Tell whether the value at `place` in a literal may be that of a statement."""
    named = _find_name(data, place)
    return named is None or flag_of(named['name'].decode()) is None or _is_switched(data, place)


def _is_switched(data: bytes, place: int) -> bool:
    """Tell whether a switch may begin at `place`: a word, a number, a text, no mapping or call."""
    value = _VALUE.match(data, place)
    if value is None:
        return True  # a number, or a value on the next line
    if value['word']:
        is_switch = is_true(value['word'].decode()) is not None
        return is_switch and not _is_ability(data, place)
    return value['other'] in _TEXT_MARKS


def _is_ability(data: bytes, place: int) -> bool:
    """Tell whether a place is in a table of abilities, with no other table in between."""
    lower = max(0, place - _ABILITY_BYTES)
    start = data.rfind(b'has', lower, place)
    return (
        start >= 0
        and _ABILITIES.match(data, start) is not None
        and data.find(b'}', start, place) < 0
    )


def _is_in_comment(data: bytes, place: int) -> bool:
    line = data.rfind(b'\n', 0, place - 1) + 1
    return _COMMENT.match(data, line, place) is not None
