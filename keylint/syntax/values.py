"""Read the values of a text with their names, from tokens."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Candidate
from keylint.core.names import find_role, split_words
from keylint.matcher.word_runs import WORDY
from keylint.syntax.bare_values import find_value_spans
from keylint.syntax.bound_names import NameFinder
from keylint.syntax.lexer import Token, split_tokens
from keylint.syntax.outline import TokenOutline
from keylint.syntax.pieces import count_pieces
from keylint.syntax.walker import BoundName
from keylint.syntax.words import STATEMENTS

# Tells whether a name denotes a part of a credential.
HasRole = Callable[[str], bool]
# Returns the part that a name denotes, if any, and whether it names an issuer as well.
ReadName = Callable[[str], tuple[str | None, bool]]

_STRUCTURE = defer_regex(rb'[\s=:&?"\'`<{(\[,;|]|\\[nrt"\']')
_TEMPLATE = defer_regex(rb'\$?\{[^{}\s]*\}|\{\{|<%|%\([a-z_]+\)s')
_REGEX = defer_regex(rb'\[[^\[\]\s]+\][+*?{]|\\[dwsbDWSB]|\(\?[:=!P<]|\.[*+]\??')
# Words, and text with another level of quotes.
_NO_ATOM = defer_regex(rb'\\*["\'`]|\S*\s')
# Text that may precede a value in its string without being a name: a scheme, a prefix.
_SCHEME = defer_regex(rb'\s*(?:[A-Za-z][A-Za-z0-9\-]{0,14}[:= ]\s*|//|\$\{\w{1,40}:?[-=?])?')
_INSIDE = (b'.', b'-', b'@', b'#', b'~')
_MIN_VALUE_BYTES = 4
_MAX_DEPTH = 3
_MAX_NAMES = 10
_MAX_CONTEXT_BYTES = 600
# A token is also a coin: `LP Element Yield Token …` is one, `the access token …` is not.
_ACCESS_TOKEN_WORDS = frozenset(
    """api access auth authorization authentication bearer refresh session bot secret personal
    private id identity security service account deploy registry github gitlab slack telegram
    discord npm pypi webhook jwt oauth csrf upload push app application client user""".split()
)
# A whole line of base64 that ends directly before a value: an apparent name is the line's end.
_BASE64_LINE = defer_regex(rb'[A-Za-z0-9+/]{60,}(?:\s|\\[nr]|&#x?[0-9a-fA-F]{1,2};)+\Z')
_BASE64_LINE_BYTES = 100


class ValueReader:
    """Reads the values of a text; `read_name` decides at which names to stop."""

    def __init__(self, data: bytes, read_name: ReadName) -> None:
        self._data = data
        self._read_name = read_name

    def read(self, start: int, end: int) -> Iterator[Candidate]:
        """Yield every value of `data[start:end]` that is more than words, with its name."""
        yield from self._read(start, end, None, 0)

    def _read(self, start: int, end: int, around: _Place | None, depth: int) -> Iterator[Candidate]:
        tokens = split_tokens(self._data, start, end)
        finder = NameFinder(TokenOutline(tokens))
        place = _Place(finder, [token.end for token in tokens], start, around)
        position = start
        for index, token in enumerate(tokens):
            if token.kind != 'string':
                continue
            yield from self._read_bare(position, token.first, place)
            yield from self._read_string(token, index, place, depth)
            position = token.end
        yield from self._read_bare(position, end, place)

    def _read_string(
        self, token: Token, index: int, place: _Place, depth: int
    ) -> Iterator[Candidate]:
        """Yield a string as one value, and the values within it that have names of their own."""
        text = token.text
        has_structure = _STRUCTURE.search(text) is not None
        if has_structure and depth < _MAX_DEPTH:
            inside = _Place(place.finder, place.ends, token.start, place.around, index)
            yield from self._read(token.start, token.end, inside, depth + 1)
        if len(text) < _MIN_VALUE_BYTES or _NO_ATOM.match(text) or not _is_value(text):
            return
        if has_structure and count_pieces(text, 0) == 0 and place.finder.is_split(index):
            return  # its pieces are values, it is none
        names = place.list_names(index, self._data, token.first)
        yield self._name_value(token.start, token.end, names)

    def _read_bare(self, start: int, end: int, place: _Place) -> Iterator[Candidate]:
        """Yield the values outside of strings."""
        for first, last in find_value_spans(self._data, start, end):
            if WORDY.fullmatch(self._data, first, last):
                continue  # words are not secrets; naming each would cost the most time
            if _is_inside_word(self._data, first):
                yield Candidate('', self._data[first:last], first, last)
                continue
            index = bisect_right(place.ends, first)
            yield self._name_value(first, last, place.list_names(index, self._data, first))

    def _name_value(self, first: int, last: int, names: Iterator[BoundName]) -> Candidate:
        """Give a value the first of its names that denotes a part, or else the nearest.

        A name further out that denotes the same part and also an issuer takes precedence.
        """
        nearest = best = ''
        part: str | None = None
        for number, name in enumerate(names):
            role, has_issuer = self._read_name(name.text)
            if role is None:
                nearest = nearest or (name.text if name.is_joined else '')
            elif name.is_joined or is_named_closely(name.text, self._data, first):
                if part in (None, role) and (not best or has_issuer):
                    best, part = name.text, role
                if has_issuer:
                    break
            if number >= _MAX_NAMES:
                break
        return Candidate(best or nearest, self._data[first:last], first, last)


class _Place:
    """A tokenised text, and the string around it, whose names count if its own say nothing."""

    def __init__(
        self,
        finder: NameFinder,
        ends: list[int],
        start: int,
        around: _Place | None,
        index: int = -1,
    ) -> None:
        self.finder = finder
        self.ends = ends
        self.start = start
        self.around = around
        self.index = index

    def list_names(self, index: int, data: bytes, first: int) -> Iterator[BoundName]:
        """List the names of the value at `first`, whose token is `index`, then the string's around.

        The string's own names count if hardly anything precedes the value in it: a scheme; if the
        string is split, the name that takes the value's piece counts.
        """
        outer = self.around
        if outer is None:
            yield from self.finder.list_names(index)
            return
        position = count_pieces(outer.finder.tokens[outer.index].text, first - self.start)
        if position >= 0:
            yield from outer.finder.list_piece_names(outer.index, position)
        yield from self.finder.list_names(index)
        if _SCHEME.fullmatch(data, self.start, first):
            yield from outer.finder.list_names(outer.index)


def _is_inside_word(data: bytes, first: int) -> bool:
    """Tell whether a value continues a word: `name-value`, `a.b`; but not `${NAME:-value}`."""
    before = data[first - 1 : first]
    return before in _INSIDE and (before != b'-' or data[max(0, first - 2) : first - 1].isalnum())


def _is_value(text: bytes) -> bool:
    """Tell whether a string may be a value: not a word, a template or a regular expression."""
    return not (WORDY.fullmatch(text) or _TEMPLATE.search(text) or _REGEX.search(text))


def is_named_closely(name: str, data: bytes, first: int) -> bool:
    """Tell whether a name is bound to the value at `first` although no operator joins them."""
    role = find_role(name)
    if not role or not role[1] or name in STATEMENTS:
        return False
    if role[0] == 'token' and ' ' in name and _ACCESS_TOKEN_WORDS.isdisjoint(split_words(name)):
        return False
    return _BASE64_LINE.search(data, max(0, first - _BASE64_LINE_BYTES), first) is None


def find_name(data: bytes, start: int, has_role: HasRole) -> BoundName:
    """Find the name that the text before `start` binds to the value there; empty if none."""
    lower = max(0, start - _MAX_CONTEXT_BYTES)
    tokens = split_tokens(data, lower, start)
    nearest = BoundName('', False)
    for name in NameFinder(TokenOutline(tokens)).list_names(len(tokens)):
        if has_role(name.text):
            return name
        nearest = nearest if nearest.text else name
    return nearest
