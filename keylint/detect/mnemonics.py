"""Recovery phrases in running text: any stretch of words that a wallet made, wherever it begins."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from keylint.matcher.prefilter import PROSE
from keylint.validators.phrases import PHRASES, english, slip39_words

# Between two words stands what a list or a broken line brings along, or the number of the second one.
_WORDS = re.compile(
    rb'[a-z]{3,12}(?:(?:[ \t\r\n,"\']{1,12}|[ \t\r\n]{1,8}\d{1,2}[.):]?[ \t]{1,4})[a-z]{3,12}){11,}'
)
_WORD = re.compile(rb'[a-z]{3,12}')
_SHORTEST = 12
_MOST = 65536
_LONGEST_STRETCH = 48
_MONERO_LETTERS, _MONERO_COUNT = 4, 25
_SLIP39_LETTERS, _SLIP39_COUNT = range(4, 9), 20
# The checks for words of the English list of BIP-39, by the number of words; those that one stretch of such a length is, right or wrong.
_OF_ENGLISH = ('algorand', 'bip39', 'aezeed', 'ton', 'electrum')
_WHOLE = PHRASES['bip39'][1]
# Checks that no row of words passes by chance.
_STRONG = frozenset(('slip39', 'algorand', 'aezeed', 'monero'))

Word = re.Match[bytes]


class Phrase(NamedTuple):
    """The check that a phrase passes, and its byte span."""

    check: str
    start: int
    end: int


def phrases(data: bytes, start: int, stop: int) -> Iterator[Phrase]:
    """The valid phrases in `data[start:stop]`, none over another."""
    for run in _WORDS.finditer(data, start, stop):
        if _is_prose(run.group()):
            continue
        covered = 0
        for phrase in sorted(_of_run(data, run), key=lambda phrase: (phrase.start, -phrase.end)):
            if phrase.start >= covered:
                covered = phrase.end
                yield phrase


def _of_run(data: bytes, run: re.Match[bytes]) -> Iterator[Phrase]:
    words = list(_WORD.finditer(data, run.start(), min(run.end(), run.start() + _MOST)))
    known: Collection[str] = english()
    for stretch in _stretches(words, [word.group().decode() in known for word in words]):
        yield from _in_stretch(data, stretch, _OF_ENGLISH)
    for stretch in _stretches(words, [len(word.group()) >= _MONERO_LETTERS for word in words]):
        if len(stretch) >= _MONERO_COUNT:
            yield from _in_stretch(data, stretch, ('monero',))
    for stretch in _stretches(
        words,
        [len(word.group()) in _SLIP39_LETTERS and word.group() not in PROSE for word in words],
    ):
        if len(stretch) >= _SLIP39_COUNT:
            known = slip39_words()
            for part in _stretches(stretch, [word.group().decode() in known for word in stretch]):
                yield from _in_stretch(data, part, ('slip39',))


def _is_prose(text: bytes) -> bool:
    """Whether no dozen words in a row is free of words that stand in no phrase."""
    free = 0
    for word in _WORD.findall(text):
        free = 0 if word in PROSE else free + 1
        if free >= _SHORTEST:
            return False
    return True


def _in_stretch(data: bytes, stretch: list[Word], checks: tuple[str, ...]) -> list[Phrase]:
    """The phrases in a stretch of words that may stand in one: all of it, else its lines, else its first or its last words.

    A stretch too long for a phrase is a word list, unless most of its lines are phrases or one is beyond doubt.
    """
    if found := _passed(stretch, checks):
        return [found]
    lines = _lines(data, stretch)
    whole = [phrase for line in lines if len(lines) > 1 and (phrase := _passed(line, checks))]
    if len(stretch) > _LONGEST_STRETCH and len(whole) * 2 < len(lines):
        whole = [phrase for phrase in whole if phrase.check in _STRONG]
    if whole:
        return whole
    if len(stretch) > _LONGEST_STRETCH or (len(stretch) in _WHOLE and 'bip39' in checks):
        return []
    for first, length in _windows(len(stretch), checks):
        if found := _passed(stretch[first : first + length], checks):
            return [found]
    return []


def _windows(count: int, checks: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where a phrase can lie among `count` words: the first or the last of them, the longest first."""
    lengths = sorted(
        {length for check in checks for length in PHRASES[check][1] if length < count}, reverse=True
    )
    return [window for length in lengths for window in ((0, length), (count - length, length))]


def _stretches(words: list[Word], is_known: list[bool]) -> Iterator[list[Word]]:
    stretch: list[Word] = []
    for word, known in zip(words, is_known, strict=True):
        if known:
            stretch.append(word)
            continue
        yield stretch
        stretch = []
    yield stretch


def _lines(data: bytes, stretch: list[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for before, word in zip([None, *stretch], stretch, strict=False):
        if before is None or b'\n' in data[before.end() : word.start()]:
            lines.append([])
        lines[-1].append(word)
    return lines


def _passed(words: list[Word], checks: tuple[str, ...]) -> Phrase | None:
    """The phrase that the words are by the first of the checks that they pass."""
    fitting = [check for check in checks if len(words) in PHRASES[check][1]]
    text = b' '.join(word.group() for word in words) if fitting else b''
    return next(
        (
            Phrase(check, words[0].start(), words[-1].end())
            for check in fitting
            if PHRASES[check][0](text)
        ),
        None,
    )
