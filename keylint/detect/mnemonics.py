"""Find recovery phrases in running text: any stretch of words that a wallet made, at any place."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.records import NamedTuple
from keylint.matcher.plain_text import PROSE
from keylint.validators.phrases import PHRASE_CHECKS, load_english_words, load_slip39_words

# Between two words stands what a list or a broken line brings along, or the second one's number.
_WORDS = defer_regex(
    rb'[a-z]{3,12}(?:(?:[ \t\r\n,"\']{1,12}|[ \t\r\n]{1,8}\d{1,2}[.):]?[ \t]{1,4})[a-z]{3,12}){11,}'
)
_WORD = defer_regex(rb'[a-z]{3,12}')
_MIN_WORDS = 12
_MAX_RUN_BYTES = 65536
# A longer stretch of words is a word list.
_MAX_WORDS = 48
_MIN_MONERO_LETTERS, _MONERO_WORDS = 4, 25
_SLIP39_LETTERS, _SLIP39_WORDS = range(4, 9), 20
# The checks for words of the English list of BIP-39.
_ENGLISH_CHECKS = ('algorand', 'bip39', 'aezeed', 'ton', 'electrum')
# A stretch of such a length is one phrase of BIP-39, right or wrong.
_BIP39_LENGTHS = PHRASE_CHECKS['bip39'][1]
# Checks that no row of words passes by chance.
_STRONG_CHECKS = frozenset(('slip39', 'algorand', 'aezeed', 'monero'))

TYPE_CHECKING = False
if TYPE_CHECKING:
    Word = re.Match[bytes]

_QUOTE = defer_regex(rb'["\'`]')


class Phrase(NamedTuple):
    """The check that a phrase passes, and its byte span."""

    check: str
    start: int
    end: int


def find_phrases(data: bytes, start: int, stop: int) -> Iterator[Phrase]:
    """Yield the valid phrases in `data[start:stop]`, none of which overlap."""
    for run in _WORDS.finditer(data, start, stop):
        if _is_prose(run.group()):
            continue
        covered = 0
        found = _find_in_run(data, run)
        for phrase in sorted(found, key=lambda phrase: (phrase.start, -phrase.end)):
            if phrase.start >= covered:
                covered = phrase.end
                yield phrase


def _find_in_run(data: bytes, run: re.Match[bytes]) -> Iterator[Phrase]:
    words = list(_WORD.finditer(data, run.start(), min(run.end(), run.start() + _MAX_RUN_BYTES)))
    known: Collection[str] = load_english_words()
    for stretch in _split_words(words, [word.group().decode() in known for word in words]):
        yield from _find_in_stretch(data, stretch, _ENGLISH_CHECKS)
    for stretch in _split_words(words, [len(w.group()) >= _MIN_MONERO_LETTERS for w in words]):
        if len(stretch) >= _MONERO_WORDS:
            yield from _find_in_stretch(data, stretch, ('monero',))
    may_be_slip39 = [len(w.group()) in _SLIP39_LETTERS and w.group() not in PROSE for w in words]
    for stretch in _split_words(words, may_be_slip39):
        if len(stretch) >= _SLIP39_WORDS:
            known = load_slip39_words()  # loaded only here: most stretches are too short
            for part in _split_words(stretch, [word.group().decode() in known for word in stretch]):
                yield from _find_in_stretch(data, part, ('slip39',))


def _is_prose(text: bytes) -> bool:
    """Tell whether every dozen words in a row hold one that stands in no phrase."""
    free = 0
    for word in _WORD.findall(text):
        free = 0 if word in PROSE else free + 1
        if free >= _MIN_WORDS:
            return False
    return True


def _find_in_stretch(data: bytes, stretch: list[Word], checks: tuple[str, ...]) -> list[Phrase]:
    """Find the phrases in a stretch of words that may stand in one.

    That is all of it, else its lines, else its first or its last words. A stretch too long for a
    phrase is a word list, unless most of its lines are phrases or one is beyond doubt.
    """
    if found := _check_words(stretch, checks):
        return [found]
    lines = _split_lines(data, stretch)
    whole = [phrase for line in lines if len(lines) > 1 and (phrase := _check_words(line, checks))]
    if len(stretch) > _MAX_WORDS and len(whole) * 2 < len(lines):
        whole = [phrase for phrase in whole if phrase.check in _STRONG_CHECKS]
    if whole:
        return whole
    if len(stretch) > _MAX_WORDS or (len(stretch) in _BIP39_LENGTHS and 'bip39' in checks):
        return []
    quoted = _split_quoted(data, stretch)
    if len(quoted) > 1 and (whole := [p for part in quoted if (p := _check_words(part, checks))]):
        return whole
    for first, length in _list_windows(len(stretch), checks):
        if found := _check_words(stretch[first : first + length], checks):
            return [found]
    return []


def _list_windows(count: int, checks: tuple[str, ...]) -> list[tuple[int, int]]:
    """List start and length of the first and the last words that may be a phrase, longest first."""
    lengths = sorted(
        {length for check in checks for length in PHRASE_CHECKS[check][1] if length < count},
        reverse=True,
    )
    return [window for length in lengths for window in ((0, length), (count - length, length))]


def _split_words(words: list[Word], is_known: list[bool]) -> Iterator[list[Word]]:
    """Yield the stretches of known words, also empty ones."""
    stretch: list[Word] = []
    for word, known in zip(words, is_known, strict=True):
        if known:
            stretch.append(word)
            continue
        yield stretch
        stretch = []
    yield stretch


def _split_lines(data: bytes, stretch: list[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for before, word in zip([None, *stretch], stretch, strict=False):
        if before is None or b'\n' in data[before.end() : word.start()]:
            lines.append([])
        lines[-1].append(word)
    return lines


def _split_quoted(data: bytes, stretch: list[Word]) -> list[list[Word]]:
    """Split a stretch where quotes stand between its words: `"seed_phrase", 'margin …'`."""
    pieces: list[list[Word]] = []
    for before, word in zip([None, *stretch], stretch, strict=False):
        if before is None or _QUOTE.search(data, before.end(), word.start()):
            pieces.append([])
        pieces[-1].append(word)
    return pieces


def _check_words(words: list[Word], checks: tuple[str, ...]) -> Phrase | None:
    """Return the phrase that the words are, by the first check that they pass."""
    fitting = [check for check in checks if len(words) in PHRASE_CHECKS[check][1]]
    if not fitting:
        return None
    text = b' '.join(word.group() for word in words)
    for check in fitting:
        if PHRASE_CHECKS[check][0](text):
            return Phrase(check, words[0].start(), words[-1].end())
    return None
