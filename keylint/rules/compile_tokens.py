"""Compile the patterns of parts that are found by their shape alone: tokens and phrases."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Protocol, cast

from keylint.core.model import TokenPattern
from keylint.rules.file_types import CredentialTable, Dossier
from keylint.validators.phrases import PHRASE_CHECKS

_MAX_WIDTH_BYTES = 10_000
# From this size on, a count makes a pattern expensive to compile.
_MAX_COUNT = 64
_MAX_BODY_BYTES = 7000  # an RSA key of 8192 bits in PEM has some 6,400 characters
_PHRASE_BYTES = 600  # a recovery phrase may be broken over lines and must be seen whole
_OTHER_PHRASES = frozenset(PHRASE_CHECKS) - {'bip39'}
# The lengths of a token's beginning that the matcher looks for in encodings, and beginnings that
# other texts share.
_MIN_HEAD_BYTES, _MAX_HEAD_BYTES = 4, 8
_COMMON_HEADS = (b'http', b'main', b'preprod', b'organizations', b'eyJ')
_COUNT_RANGE = re.compile(rb'\{(\d+),(\d*)\}')
# The trigger for all checks of phrases: twelve words, as wallets show them.
_TWELVE_WORDS = (
    # in a row
    rb'[a-z]{3,12}(?:[ \t]+[a-z]{3,12}){11}|'
    # as the items of a list
    rb'["\'][a-z]{3,12}(?:["\'][ \t]{0,4},[ \t\r\n]{0,40}["\'][a-z]{3,12}){11}|'
    # each after its number
    + rb'[ \t\r\n]{1,8}'.join(b'%d[.):]?[ \t]{1,4}[a-z]{3,12}' % number for number in range(1, 13))
)


class SubPattern(Protocol):
    """The used part of `re`'s parse result: pairs of operation and argument, and a width."""

    def __iter__(self) -> Iterator[tuple[object, int]]:
        """Yield the operations in their order."""

    def getwidth(self) -> tuple[int, int]:
        """Return the least and the most characters of a match."""


def compile_tokens(dossiers: list[Dossier]) -> tuple[list[TokenPattern], list[bytes]]:
    """Compile the parts that are found without a name, and their patterns in the same order.

    The one phrase among them comes first: its pattern represents all phrases.
    """
    entries = [
        (dossier, entry)
        for dossier in dossiers
        for entry in dossier['credentials']
        if entry.get('alone') and entry.get('check') not in _OTHER_PHRASES
    ]
    entries.sort(key=lambda pair: pair[1].get('check') != 'bip39')
    tokens = [_compile_token(dossier, entry) for dossier, entry in entries]
    patterns = [
        _TWELVE_WORDS if token.check == 'bip39' else _simplify_pattern(token.pattern)
        for token in tokens
    ]
    return tokens, patterns


def compile_phrases(dossiers: list[Dossier]) -> dict[str, TokenPattern]:
    """Compile the recovery phrases by their checks: one pattern of the matcher finds them all."""
    return {
        entry['check']: _compile_token(dossier, entry)
        for dossier in dossiers
        for entry in dossier['credentials']
        if entry.get('alone') and entry.get('check') in PHRASE_CHECKS
    }


def _compile_token(dossier: Dossier, entry: CredentialTable) -> TokenPattern:
    pattern = _limit_body((entry.get('within') or entry['shape']).encode())
    return TokenPattern(
        rule=dossier['id'],
        role=entry['role'],
        pattern=pattern,
        group=1 if 'within' in entry else 0,
        check=entry.get('check'),
        environment=entry.get('environment'),
        kind=dossier['kind'],
        width=_PHRASE_BYTES if entry.get('check') in PHRASE_CHECKS else _measure_width(pattern),
        files=tuple(entry.get('files') or ()),
        is_whole=bool(entry.get('whole')),
    )


def list_token_heads(tokens: list[TokenPattern]) -> list[bytes]:
    """List the literal beginnings of tokens that are long enough to be recognised when encoded."""
    heads = (_read_head(token.pattern) for token in tokens)
    return sorted(
        {
            head[:_MAX_HEAD_BYTES]
            for head in heads
            if len(head) >= _MIN_HEAD_BYTES and not head.startswith(_COMMON_HEADS)
        }
    )


def _parse_pattern(pattern: str) -> SubPattern:
    """Parse a regular expression as `re` itself does; its parser is not in the stubs."""
    return cast('SubPattern', re._parser.parse(pattern))  # type: ignore[attr-defined]


def _read_head(pattern: bytes) -> bytes:
    """Return the bytes with which every match of a pattern begins."""
    parsed = _parse_pattern(pattern.decode('latin-1'))
    literals = itertools.takewhile(lambda part: str(part[0]) == 'LITERAL', parsed)
    return bytes(part[1] for part in literals)


def _limit_body(pattern: bytes) -> bytes:
    """Bound a pattern for arbitrary text: a BEGIN line must not search all the rest for its END."""
    return re.sub(rb'\[\\s\\S\]\+\??', rb'[\\s\\S]{1,%d}?' % _MAX_BODY_BYTES, pattern)


def _measure_width(pattern: bytes) -> int:
    """Return the most bytes that a match can have, capped if the pattern has no bound."""
    return min(_MAX_WIDTH_BYTES, _parse_pattern(pattern.decode()).getwidth()[1])


def _simplify_pattern(pattern: bytes) -> bytes:
    r"""Return the matcher's pattern: it matches wherever `pattern` does, and compiles fast.

    Large counts become unbounded. A part that may run over a whole file (`[\s\S]`) is cut off with
    everything after it.
    """
    return _COUNT_RANGE.sub(_open_range, pattern.split(rb'[\s\S]', 1)[0])


def _open_range(match: re.Match[bytes]) -> bytes:
    """Return `{n,}` for a count that is too large."""
    least = int(match.group(1))
    most = int(match.group(2) or 0)
    if max(least, most) <= _MAX_COUNT:
        return match.group()
    return b'{%d,}' % min(least, _MAX_COUNT)
