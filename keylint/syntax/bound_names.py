"""Which names a text binds to a value: by structure, from the innermost name outwards.

The value stands in an assignment, a mapping, a call, a list, a tag or a sentence. Each of these is
a row of `_FORMS`: what stands before the value, and how the name is found from there. A name that
says nothing is followed by the next one outwards, so that nothing needs to be known of the calls
between a name and its literal; a call that hashes or looks something up ends the walk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from typing import NamedTuple

from keylint.core.names import ROLE_WORDS, find_role, split_words, squeeze_name
from keylint.syntax import words
from keylint.syntax.lexer import Token
from keylint.syntax.outline import Outline

_MAX_STEPS = 14
_MAX_NAME_WORDS = 4
_MAX_LABEL_CHARS = 40
_MAX_SIBLINGS = 60
_MAX_LABEL_BREAKS = 2
_MAX_LIST_LINES = 40
_MAX_FUNCTION_TOKENS = 60
_MAX_LIST_TOKENS = 2000
_MAX_SIBLING_LINES = 3
_MAX_NESTED_ROWS = 3
_MAX_TAG_TOKENS = 24
_MAX_TYPE_TOKENS = 14
# Targets that take what nobody wants: `secret, _ := decode("…")`.
_DISCARDED = frozenset((b'_', b'err', b'ok', b'error'))
_EQUALS = frozenset((b'=', b':='))
_QUOTES = frozenset((b'"', b"'", b'`', b'"""', b"'''", b'&quot;', b'&#34;', b'&#39;', b'&apos;'))
_EMPHASIS = frozenset((b'*', b'_', b'~', b'?', b'!'))
_KEYWORDS = frozenset(b'return in and or not if elif while for yield print = await'.split())
_DEFINING = frozenset((b'def', b'set', b'let', b'define', b'const', b'defvar', b'setq', b'(', b'{'))
_DEFINITIONS = frozenset(b'def function fn func fun sub class'.split())
_SCHEMES = frozenset(b'bearer basic token apikey bot key'.split())
_SCHEME_BEFORE = _QUOTES | {b':', b'=', b'='}
_PREFIX_NAMES = frozenset(b'bearer basic'.split())
_STATEMENTS = (b'pass',)
_LABEL = re.compile(rb'[A-Za-z][\w \-]*')
_NAME_AT_END = re.compile(rb'([A-Za-z_][\w.\-]*(?: [A-Za-z]+){0,2})["\']?\s*[:=]\s*["\']?\s*\Z')


class BoundName(NamedTuple):
    """A name, and whether an operator, a bracket or a tag binds it rather than mere closeness."""

    text: str
    is_joined: bool


Names = Iterator[BoundName]
# What a form gives: names on the way, and where the next operand outwards begins, if any.
Walk = Generator[BoundName, None, int | None]


class NameFinder:
    """Finds the names of values in one text of tokens."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.tokens = outline.tokens

    def list_names(self, index: int) -> Names:
        """Yield the names of the value whose first token is at `index`, innermost first."""
        first = index
        for _ in range(_MAX_STEPS):
            before, breaks = self._find_previous(first)
            if before < 0:
                return
            if breaks and not self._continues(before):
                if breaks <= _MAX_LABEL_BREAKS:
                    yield from self._read_label(before)
                return
            following = yield from self._step(before, first)
            if following is None or following >= first:
                return
            first = following

    # -- going left -----------------------------------------------------------------------------

    def _find_previous(self, first: int) -> tuple[int, int]:
        """Find the token before an operand, over line breaks and whole lines of comment."""
        place, breaks = first - 1, 0
        while place >= 0:
            if self.tokens[place].kind == 'line':
                breaks += 1
                place -= 1
                start = self._line_start(place)
                if place >= start >= 0 and self.tokens[start].text in (b'#', b'//') and breaks:
                    place = start - 1
                continue
            return place, breaks
        return -1, breaks

    def _line_start(self, index: int) -> int:
        place = index
        while place > 0 and self.tokens[place - 1].kind != 'line':
            place -= 1
        return place

    def _continues(self, before: int) -> bool:
        """Tell whether the text goes on over a line break behind the token."""
        token = self.tokens[before]
        if self.outline.opener[before] >= 0 and token.kind != 'close':
            return True
        return token.kind == 'open' or token.text in words.CONTINUES or token.text == b'return'

    def _step(self, before: int, first: int) -> Walk:
        """Yield names from the token before an operand; return where the next operand begins."""
        token = self.tokens[before]
        if token.kind == 'string':
            return (yield from self._from_string(before, first))
        handler = _FORMS.get(token.text) if token.kind != 'run' else None
        if handler is None and token.kind == 'word':
            handler = NameFinder._from_word
        elif handler is None and token.text.lstrip(b'\\') in _QUOTES:
            handler = NameFinder._skip
        if handler is None:
            return None
        return (yield from handler(self, before, first))

    def _skip(self, before: int, first: int) -> Walk:
        """Pass over punctuation that only wraps the value."""
        return before
        yield  # a generator like the others

    # -- assignments and mappings ---------------------------------------------------------------

    def _from_assignment(self, operator: int, first: int) -> Walk:
        if self.tokens[operator].text == b':' and operator > 1:
            other = self.outline.find_operand(operator - 1)
            if other > 1 and self.tokens[other - 1].text == b'?':
                return self.outline.find_operand(other - 2)  # the other branch of a conditional
        return (yield from self._from_target(operator))

    def _from_target(self, operator: int) -> Walk:
        """Yield the name to the left of an operator."""
        place = self._skip_wrapping(operator - 1)
        if place < 0 or self.tokens[place].kind == 'line':
            return None
        token = self.tokens[place]
        start = self.outline.find_operand(place)
        if self.tokens[operator].text in _EQUALS:
            yield from self._read_annotated(operator)
            if start > 1 and self.tokens[start - 1].text.lower() == b'as':
                yield _bind(self.tokens[start - 2].text)  # Visual Basic, VBA
            if start and self.tokens[start - 1].text == b',' and token.text in _DISCARDED:
                yield from self._read_nth_target(operator, 0)
        name = token.text
        if token.kind == 'string':
            yield _bind(name)
        elif token.text == b']':
            yield from self._read_subscript(place)
            start = self.outline.opener[place]
            name = b''
            if start > 0 and self.tokens[start - 1].kind == 'word':
                yield from self._read_words(start - 1)
        elif token.kind in ('word', 'run'):
            yield from self._read_words(place)
        elif token.text == b'>' or token.text in words.ASSIGNMENTS:
            return place + 1
        else:
            return None
        return (yield from self._leave_mapping(place, operator, name))

    def _skip_wrapping(self, place: int) -> int:
        """Pass over marks of emphasis, accessors and asides between a name and its operator."""
        while place >= 0:
            token = self.tokens[place]
            if token.kind == 'operator' and (
                token.text in _EMPHASIS or token.text.lstrip(b'\\') in _QUOTES
            ):
                place -= 1
            elif token.text in (b')', b'}') and self.outline.opener[place] > 0:
                place = self.outline.opener[place] - 1
            else:
                break
        return place

    def _read_annotated(self, operator: int) -> Names:
        """Yield the name that has a type: `key: str = …`, `let key: &'static str = …`."""
        level = self.outline.opener[operator]
        for place in range(operator - 1, max(0, operator - _MAX_TYPE_TOKENS), -1):
            token = self.tokens[place]
            if token.kind in ('line', 'string') or token.text in (b',', b'=', b';'):
                return
            if token.text == b':' and self.outline.opener[place] == level:
                place -= 1
                while place > 0 and self.tokens[place].text in (b'?', b'!'):
                    place -= 1
                if self.tokens[place].kind == 'word':
                    yield _bind(self.tokens[place].text)
                return

    def _read_subscript(self, closing: int) -> Names:
        """Yield the key of `config["key"]`."""
        opener = self.outline.opener[closing]
        for place in range(closing - 1, max(opener, closing - 4), -1):
            if self.tokens[place].kind in ('string', 'word'):
                yield _bind(self.tokens[place].text)
                return

    def _leave_mapping(self, place: int, operator: int, name: bytes) -> Walk:
        """Go on from a key that only says that this is the value."""
        opener = self.outline.opener[place]
        is_default = opener > 0 and self.tokens[opener - 1].text == b'$'
        if is_default:
            return opener - 1  # `${NAME:-default}`
        if squeeze_name(name.decode('utf-8', 'replace')) not in words.VALUE_KEYS:
            return None
        yield from self._read_siblings(place, opener)
        if opener < 0:
            return None
        if self.tokens[opener].text == b'(' and opener:
            yield from self._read_earlier_items(opener, place)
            return self.outline.find_operand(opener - 1)
        return opener

    def _read_siblings(self, place: int, opener: int) -> Names:
        """Yield the names that stand beside a value in its mapping or tag."""
        low, high = self._entry_range(place, opener)
        for index in range(low, high - 2):
            key, operator, value = self.tokens[index : index + 3]
            if (
                operator.text in (b':', b'=', b'=>')
                and key.kind in ('word', 'string')
                and value.kind in ('word', 'string', 'run')
                and squeeze_name(key.text.decode('utf-8', 'replace')) in words.NAME_KEYS
                and self.outline.opener[index] == opener
            ):
                yield _bind(value.text)

    def _entry_range(self, place: int, opener: int) -> tuple[int, int]:
        """Find the tokens among which the neighbours of an entry stand."""
        tokens = self.tokens
        low = max(opener + 1, place - _MAX_SIBLINGS)
        high = min(len(tokens), place + _MAX_SIBLINGS)
        if opener < 0:
            breaks = 0
            low = place
            while low > 0 and breaks < _MAX_SIBLING_LINES and place - low < _MAX_SIBLINGS:
                low -= 1
                breaks += tokens[low].kind == 'line'
                if tokens[low].text == b'<':
                    break
        for index in range(place + 1, high):
            if self.outline.opener[index] == opener and (
                tokens[index].kind == 'close' or (opener < 0 and tokens[index].kind == 'line')
            ):
                return low, index
        return low, high

    # -- brackets -------------------------------------------------------------------------------

    def _from_open(self, opener: int, first: int) -> Walk:
        return (yield from self._from_brackets(opener, 0, first))

    def _from_comma(self, comma: int, first: int) -> Walk:
        opener = self.outline.opener[comma]
        if opener < 0:
            return (yield from self._from_sequence(comma))
        if first - opener > _MAX_LIST_TOKENS:
            return None
        position = self.outline.count_items(first)
        return (yield from self._from_brackets(opener, position, first))

    def _from_brackets(self, opener: int, position: int, first: int) -> Walk:
        if self._is_call(opener):
            return (yield from self._from_call(opener, position, first))
        if position:
            yield from self._read_earlier_items(opener, first)
        yield from self._read_column(opener, position)
        before = opener - 1
        if self.tokens[opener].text == b'{' and before >= 0:
            if self.tokens[before].text == b')' and self.outline.opener[before] > 0:
                return (yield from self._from_block(self.outline.opener[before]))
            if self.tokens[before].kind == 'word':
                yield _bind(self.tokens[before].text)
                return self.outline.find_operand(before)
        return opener

    def _is_call(self, opener: int) -> bool:
        if self.tokens[opener].text != b'(' or opener == 0:
            return False
        before = self.tokens[opener - 1]
        if before.kind in ('word', 'run'):
            return before.text not in _KEYWORDS
        return before.text in (b'!', b'>') or (
            before.kind == 'close' and not self.tokens[opener].is_spaced
        )

    def _from_call(self, opener: int, position: int, first: int) -> Walk:
        start = self.outline.find_operand(opener - 1)
        callee = self.tokens[opener - 1].text if self.tokens[opener - 1].kind == 'word' else b''
        own = split_words(callee.rsplit(b'.', 1)[-1].decode('utf-8', 'replace'))
        if start and self.tokens[start - 1].text in _DEFINITIONS:
            return None
        chain = b''.join(
            token.text for token in self.tokens[max(start, opener - 6) : opener]
        ).lower()
        if any(chain.endswith(end) and position == place for end, place in words.HMAC_KEYS):
            yield BoundName('hmac secret', True)
            return None
        yield _bind(callee.rsplit(b'.', 1)[-1] + b'[%d]' % position)
        if position:
            yield from self._read_earlier_items(opener, first)
        if words.is_stopping_call(own):
            return None
        if not position:
            if words.is_lookup_call(own):
                return None
            yield _bind(callee)
        for token in self.tokens[start : opener - 1]:
            if token.kind == 'string':
                yield _bind(token.text)  # `env::var("NAME").unwrap_or("…")`
        return start

    def _from_block(self, opener: int) -> Walk:
        """Go on from a block behind a call or a function's head: `ENV.fetch('X') { '…' }`."""
        for place in range(opener + 1, min(opener + 4, len(self.tokens))):
            if self.tokens[place].kind == 'string':
                yield _bind(self.tokens[place].text)
                break
        if opener:
            yield _bind(self.tokens[opener - 1].text)
            return self.outline.find_operand(opener - 1)
        return None

    def _read_earlier_items(self, opener: int, first: int) -> Names:
        """Yield the items before one that may name it: `setenv("NAME", "…")`, `["--secret", "…"]`."""
        items = self.outline.list_items(opener, first)[:-1]
        for item in (*items[-1:], *items[:1]):
            texts = [self.tokens[place] for place in item]
            if len(texts) == 1 and texts[0].kind in ('string', 'word'):
                name = texts[0].text
                if len(name) <= _MAX_LABEL_CHARS:
                    yield _bind(name.lstrip(b'-'))

    def _read_column(self, opener: int, position: int) -> Names:
        """Yield the name of an item's column, where a call or an assignment names the columns."""
        place = opener
        for _ in range(_MAX_NESTED_ROWS):
            before = place - 1
            if before > 0 and self.tokens[before].text == b'=':
                yield from self._read_nth_target(before, position)
                return
            call = self.outline.opener[place]
            if call < 0:
                return
            if self._is_call(call):
                columns = self._list_columns(call, place)
                if len(columns) > max(position, 1):
                    yield _bind(columns[position])
                return
            place = call

    def _list_columns(self, call: int, rows: int) -> list[bytes]:
        """List the names of columns that a call has beside its rows."""
        strings: list[bytes] = []
        limit = min(len(self.tokens), rows + _MAX_LIST_TOKENS)
        for place in range(call + 1, limit):
            if place == rows:
                if strings:
                    break
            token = self.tokens[place]
            if token.kind == 'close' and self.outline.opener[place] == call:
                break
            if token.kind == 'string' and not self._is_within(place, rows):
                strings.append(token.text)
        if len(strings) == 1:
            return strings[0].replace(b',', b' ').split()
        return strings

    def _is_within(self, place: int, opener: int) -> bool:
        around = self.outline.opener[place]
        while around > opener:
            around = self.outline.opener[around]
        return around == opener

    def _from_sequence(self, comma: int) -> Walk:
        """Go on from a comma outside of brackets: `key, secret = "…", "…"`, a row, a sentence."""
        position = 0
        place = comma
        while place >= 0 and self.tokens[place].kind != 'line':
            token = self.tokens[place]
            if token.kind == 'close' and self.outline.opener[place] >= 0:
                place = self.outline.opener[place] - 1
                continue
            if token.text == b',':
                position += 1
            elif token.text in (b'=', b':='):
                yield from self._read_nth_target(place, position)
                return None
            elif token.text == b'return':
                yield from self._read_function(place)
                return None
            place -= 1
        before = self.tokens[comma - 1] if comma else None
        if before is not None and before.kind in ('string', 'word'):
            yield _bind(before.text)
        return None

    def _read_nth_target(self, operator: int, position: int) -> Names:
        """Yield one of several targets of an assignment."""
        targets: list[Token] = []
        place = operator - 1
        while place >= 0 and self.tokens[place].kind != 'line' and self.tokens[place].text != b';':
            if self.tokens[place].kind in ('word', 'run'):
                after = self.tokens[place + 1]  # at most the operator
                if after.text in (b',', b')', b']', b'}', b'=', b':='):
                    targets.append(self.tokens[place])
            place -= 1
        targets.reverse()
        if len(targets) > 1 and position < len(targets):
            yield _bind(targets[position].text)

    # -- functions, alternatives, sums ----------------------------------------------------------

    def _from_return(self, before: int, first: int) -> Walk:
        yield from self._read_function(before)
        return None

    def _read_function(self, place: int) -> Names:
        """Yield the name of the function around a `return`."""
        opener = self.outline.opener[place]
        while opener > 0 and self.tokens[opener].text != b'{':
            opener = self.outline.opener[opener]
        if opener > 1 and self.tokens[opener - 1].text == b')':
            head = self.outline.opener[opener - 1]
            if head > 0:
                yield _bind(self.tokens[head - 1].text)
                return
        for index in range(place - 1, max(0, place - _MAX_FUNCTION_TOKENS), -1):
            if self.tokens[index - 1].text in _DEFINITIONS and self.tokens[index].kind == 'word':
                yield _bind(self.tokens[index].text)
                return

    def _from_fallback(self, operator: int, first: int) -> Walk:
        """Go on from a default: what is asked first may name it."""
        if self.tokens[operator].text == b'|' and self._is_table(operator):
            return (yield from self._from_cell(operator))
        if operator == 0:
            return None
        last = operator - 1
        start = self.outline.find_operand(last)
        token = self.tokens[last]
        if token.kind in ('word', 'string'):
            yield _bind(token.text)
        elif token.text == b']':
            yield from self._read_subscript(last)
        elif token.text == b')':
            inner = self.outline.opener[last] + 1
            if 0 < inner < last and self.tokens[inner].kind == 'string':
                yield _bind(self.tokens[inner].text)
        return start

    def _from_else(self, before: int, first: int) -> Walk:
        """Go on from the second branch of `a if condition else b`."""
        level = self.outline.opener[before]
        for place in range(before - 1, max(0, before - _MAX_FUNCTION_TOKENS), -1):
            if self.outline.opener[place] == level and self.tokens[place].text == b'if':
                return self.outline.find_operand(place - 1)
            if self.tokens[place].kind == 'line':
                break
        return None
        yield

    def _from_sum(self, operator: int, first: int) -> Walk:
        """Go on from the second part of a sum; the first may end with a name: `"key=" + "…"`."""
        if operator == 0:
            return None
        if self.tokens[operator - 1].kind == 'string':
            yield from _read_end(self.tokens[operator - 1].text)
        return self.outline.find_operand(operator - 1)

    def _from_string(self, before: int, first: int) -> Walk:
        """Go on from a string right before the value: a name, or a part of a sum."""
        text = self.tokens[before].text
        yield from _read_end(text)
        if len(text) <= _MAX_LABEL_CHARS and find_role(text.decode('utf-8', 'replace')):
            yield _bind(text)
        return self.outline.find_operand(before)

    # -- tags, lists, tables --------------------------------------------------------------------

    def _from_tag(self, closing: int, first: int) -> Walk:
        """Go on from the end of a tag: its attributes, its own name, the cell before it."""
        opening = self._find_tag(closing)
        if opening < 0:
            return (yield from self._from_target(closing))
        if self.tokens[opening + 1].text == b'/':
            place = opening - 1
            if place >= 0 and self.tokens[place].text == b'>':
                return opening
            if place >= 0 and self.tokens[place].kind in ('word', 'run'):
                yield from self._read_words(place)
            return None
        yield from self._read_attributes(opening, closing)
        if self.tokens[opening + 1].kind == 'word':
            yield _bind(self.tokens[opening + 1].text)
        return opening

    def _find_tag(self, closing: int) -> int:
        for place in range(closing - 1, max(-1, closing - _MAX_TAG_TOKENS), -1):
            if self.tokens[place].text in (b'<', b'&lt;'):
                return place
            if self.tokens[place].text in (b'>', b';'):
                break
        return -1

    def _read_attributes(self, opening: int, closing: int) -> Names:
        for index in range(opening + 1, closing - 2):
            key, operator, value = self.tokens[index : index + 3]
            if operator.text == b'=' and value.kind in ('string', 'word'):
                if squeeze_name(key.text.decode('utf-8', 'replace')) in words.NAME_KEYS:
                    yield _bind(value.text)

    def _from_dash(self, before: int, first: int) -> Walk:
        """Go on from a dash: an item of a list under a key, or `name - value`."""
        start = self._line_start(before)
        if start != before:
            if self.tokens[before].is_spaced and (
                before + 1 >= len(self.tokens) or self.tokens[before + 1].is_spaced
            ):
                return (yield from self._from_target(before))
            return before if self.tokens[before].is_spaced else None
        column = self._column_of(before)
        place = before
        for _ in range(_MAX_LIST_LINES):
            place = start - 2
            while place >= 0 and self.tokens[place].kind == 'line':
                place -= 1
            if place < 0:
                return None
            start = self._line_start(place)
            if self.tokens[start].text != b'-' or self._column_of(start) != column:
                break
        if self.tokens[place].text == b':':
            return (yield from self._from_target(place))
        return None

    def _column_of(self, index: int) -> int:
        return self.tokens[index].first - (self.tokens[index - 1].end if index else 0)

    def _is_table(self, bar: int) -> bool:
        start = self._line_start(bar)
        return self.tokens[start].text == b'|'

    def _from_cell(self, bar: int) -> Walk:
        """Yield the cell to the left in a table of Markdown, then the head of the column."""
        if bar and self.tokens[bar - 1].text != b'|':
            yield from self._read_cell(bar)
        start = self._line_start(bar)
        column = sum(1 for token in self.tokens[start : bar + 1] if token.text == b'|')
        head = start
        for _ in range(_MAX_LIST_LINES):
            above = head - 1
            while above >= 0 and self.tokens[above].kind == 'line':
                above -= 1
            if above < 0 or self.tokens[self._line_start(above)].text != b'|':
                break
            head = self._line_start(above)
        place = head
        while head != start and place < start and self.tokens[place].kind != 'line':
            column -= self.tokens[place].text == b'|'
            place += 1
            if column == -1 or (column == 0 and self.tokens[place].text == b'|'):
                yield from self._read_cell(place)
                break
        return None

    def _read_cell(self, bar: int) -> Names:
        place = self._skip_wrapping(bar - 1)
        if place >= 0 and self.tokens[place].kind == 'string':
            yield _bind(self.tokens[place].text)
        elif place >= 0 and self.tokens[place].kind in ('word', 'run'):
            yield from self._read_words(place)

    # -- words ----------------------------------------------------------------------------------

    def _from_word(self, before: int, first: int) -> Walk:
        """Go on from a word right before the value: an option, a verb, a name, a modifier."""
        token = self.tokens[before]
        word = token.text.lower()
        is_option = self._is_option(before)
        bare = squeeze_name(word.decode('utf-8', 'replace'))
        if is_option and bare in words.VALUE_KEYS:
            yield from self._read_words(self._find_option(before) - 1)
            return None
        if word in words.COPULAS:
            yield from self._read_words(
                before - 1, joined=first >= len(self.tokens) or self.tokens[first].kind == 'string'
            )
            return None
        if word in _SCHEMES and (
            before == 0 or self.tokens[before - 1].text.lstrip(b'\\') in _SCHEME_BEFORE
        ):
            return before
        if word in words.MODIFIERS:
            return before
        joined = (is_option and _is_plain_part(token.text)) or self._is_definition(before, first)
        yield from self._read_words(before, joined)
        if word in _PREFIX_NAMES or bare in words.VALUE_KEYS:
            return before
        return None

    def _is_definition(self, before: int, first: int) -> bool:
        """Tell whether a string follows a name that is defined: `(def secret "…")`."""
        is_string = first < len(self.tokens) and self.tokens[first].kind == 'string'
        return is_string and before > 0 and self.tokens[before - 1].text in _DEFINING

    def _is_option(self, index: int) -> bool:
        """Tell whether a word is an option of a command or a keyword of Lisp or Ruby."""
        text = self.tokens[index].text
        if text.startswith(b'-'):
            return True
        before = self.tokens[max(0, index - 2) : index]
        if not before or self.tokens[index].is_spaced:
            return False
        if before[-1].text == b'-':
            return True
        return before[-1].text == b':' and (
            before[-1].is_spaced or len(before) < 2 or before[-2].kind in ('open', 'line')
        )

    def _find_option(self, index: int) -> int:
        while index and self.tokens[index - 1].text == b'-' and not self.tokens[index].is_spaced:
            index -= 1
        return index

    def _read_words(self, place: int, joined: bool = True) -> Names:
        """Yield a name with the words of prose before it where they say more: `API key`."""
        if place < 0:
            return
        while place > 0 and self.tokens[place].text.lower() in words.ARTICLES:
            place -= 1
        last = self.tokens[place]
        if last.kind == 'string':
            yield BoundName(last.text.decode('utf-8', 'replace'), joined)
            return
        if last.kind not in ('word', 'run'):
            return
        parts = [last.text.lstrip(b'-')]
        while len(parts) < _MAX_NAME_WORDS and place > 0 and self.tokens[place].is_spaced:
            place -= 1
            token = self.tokens[place]
            if token.kind != 'word' or token.text.lower() in words.MODIFIERS:
                break
            parts.insert(0, token.text)
        single = parts[-1].decode('utf-8', 'replace')
        whole = b' '.join(parts).decode('utf-8', 'replace')
        name = whole if find_role(whole) not in (None, find_role(single)) else single
        yield BoundName(name, joined)

    def _read_label(self, before: int) -> Names:
        """Yield a line that is nothing but a name, above a line that is nothing but a value."""
        start = self._line_start(before)
        line = self.tokens[start : before + 1]
        text = b' '.join(token.text for token in line).strip(b' \t*#->:`')
        if len(text) > _MAX_LABEL_CHARS or not _LABEL.fullmatch(text):
            return
        role = find_role(text.decode('utf-8', 'replace'))
        if role and role[1] and text not in _STATEMENTS:
            yield BoundName(text.decode('utf-8', 'replace'), True)


def _bind(text: bytes) -> BoundName:
    return BoundName(text.decode('utf-8', 'replace').strip(), True)


def _read_end(text: bytes) -> Names:
    """Yield the name that a string ends with: `"apiKey="`."""
    found = _NAME_AT_END.search(text[-_MAX_LABEL_CHARS:])
    if found is not None:
        yield _bind(found.group(1))


def _is_plain_part(text: bytes) -> bool:
    return all(word in ROLE_WORDS for word in split_words(text.decode('utf-8', 'replace')))


_Handler = Callable[[NameFinder, int, int], Walk]

# What stands before a value, and how to go on from there.
_FORMS: dict[bytes, _Handler] = {
    **dict.fromkeys(words.ASSIGNMENTS, NameFinder._from_assignment),
    **dict.fromkeys(words.CONCATENATIONS, NameFinder._from_sum),
    **dict.fromkeys((b'or', b'||', b'??', b'?:', b'|', b'?', b'unless'), NameFinder._from_fallback),
    **dict.fromkeys((b'(', b'[', b'{'), NameFinder._from_open),
    **dict.fromkeys((b'return', b'yield'), NameFinder._from_return),
    **dict.fromkeys(
        (b'>-', b'|-', b'>+', b'|+', b'*', b'$', b'@', b'&', b'!', b'\\', b'_', b'%', b'^'),
        NameFinder._skip,
    ),
    b'else': NameFinder._from_else,
    b',': NameFinder._from_comma,
    b'>': NameFinder._from_tag,
    b'&gt;': NameFinder._from_tag,
    b'-': NameFinder._from_dash,
}
