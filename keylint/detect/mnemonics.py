"""Recovery phrases in running text: any stretch of words that is a BIP-39 phrase, wherever it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.validators.checksums import CHECKS

_WORDS = re.compile(rb'[a-z]{3,8}(?:[ \t\r\n,"\']{1,12}[a-z]{3,8}){11,}')
# Words of running English that are in no phrase: where one stands in every dozen, the word list need not be loaded.
_PROSE = frozenset(
    b"""and the for with from not are was were has had been should but new may than its each every existing without after remains
    would could their there which your will only any more most some such these those when where while does did default data
    value values using used uses both via per none null set get also into other his her our you all can see""".split(),
) - frozenset(b'will only any more some such there you all can when where that this also other into used both'.split())
_WORD = re.compile(rb'[a-z]{3,8}')
_LENGTHS = (24, 21, 18, 15, 12)
_MOST = 4000
_LONGEST_STRETCH = 48


def phrases(data: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Byte spans of the valid phrases in `data[start:stop]`. Source: BIP-39 (word list, checksum)."""
    known: frozenset[bytes] | None = None
    for run in _WORDS.finditer(data, start, stop):
        if _is_prose(run.group()):
            continue
        if known is None:
            known = _english()
        words = list(_WORD.finditer(data, run.start(), min(run.end(), run.start() + _MOST)))
        is_known = [word.group() in known for word in words]
        yield from _valid(data, words, is_known)


def _is_prose(text: bytes) -> bool:
    """Whether no dozen words in a row is free of words that stand in no phrase."""
    free = 0
    for word in _WORD.findall(text):
        free = 0 if word in _PROSE else free + 1
        if free >= _LENGTHS[-1]:
            return False
    return True


def _english() -> frozenset[bytes]:
    from mnemonic import Mnemonic  # noqa: PLC0415 - the word list is read only when twelve short words stand in a row

    return frozenset(word.encode() for word in Mnemonic('english').wordlist)


def _valid(data: bytes, words: list[re.Match[bytes]], is_known: list[bool]) -> Iterator[tuple[int, int]]:
    """Phrases in the stretches of known words. A stretch of a standard length is one phrase, right or wrong."""
    for stretch in _stretches(words, is_known):
        if len(stretch) > _LONGEST_STRETCH:
            continue  # a word list
        for first, length in _windows(len(stretch)):
            if _passes(stretch[first : first + length]):
                yield stretch[first].start(), stretch[first + length - 1].end()
                break


def _windows(count: int) -> list[tuple[int, int]]:
    """Where a phrase can lie among `count` known words: all of them, else the first or the last of them, the longest first."""
    if count in _LENGTHS:
        return [(0, count)]
    return [window for length in _LENGTHS if length < count for window in ((0, length), (count - length, length))]


def _stretches(words: list[re.Match[bytes]], is_known: list[bool]) -> Iterator[list[re.Match[bytes]]]:
    stretch: list[re.Match[bytes]] = []
    for word, known in zip(words, is_known, strict=True):
        if known:
            stretch.append(word)
            continue
        yield stretch
        stretch = []
    yield stretch


def _passes(words: list[re.Match[bytes]]) -> bool:
    return CHECKS['bip39'](b' '.join(word.group() for word in words))
