"""Values in brackets: arguments of calls, items of lists, rows under columns."""

from __future__ import annotations

from keylint.core.names import split_words
from keylint.syntax import words
from keylint.syntax.targets import TargetForms
from keylint.syntax.walker import BoundName, Names, Walk, bind_name

_MAX_FUNCTION_TOKENS = 60
_MAX_LIST_TOKENS = 2000
_MAX_NESTED_ROWS = 3
_DEFINITIONS = frozenset(b'def function fn func fun sub class'.split())


class BracketForms(TargetForms):
    """Reads calls, lists and rows."""

    def from_open(self, opener: int, first: int) -> Walk:
        """Go on from the bracket before a value: it is the first item or argument."""
        return (yield from self.from_brackets(opener, 0, first))

    def from_comma(self, comma: int, first: int) -> Walk:
        """Go on from the comma before a value, in brackets or not."""
        opener = self.outline.opener[comma]
        if opener < 0:
            return (yield from self.from_sequence(comma))
        if first - opener > _MAX_LIST_TOKENS:
            return None
        position = self.outline.count_items(comma) + 1
        return (yield from self.from_brackets(opener, position, first))

    def from_brackets(self, opener: int, position: int, first: int) -> Walk:
        """Go on from an item at a position (counted from 0) of a bracket: a call, a list, a row."""
        if self.is_call(opener):
            return (yield from self.from_call(opener, position, first))
        if position:
            yield from self.read_earlier_items(opener, first)
        yield from self.read_column(opener, position)
        before = opener - 1
        if self.tokens[opener].text == b'{' and before >= 0:
            if self.tokens[before].text == b')' and self.outline.opener[before] > 0:
                return (yield from self.from_block(self.outline.opener[before]))
            if self.tokens[before].kind == 'word':
                yield bind_name(self.tokens[before].text)
                return self.outline.find_operand(before)
        return opener

    def from_call(self, opener: int, position: int, first: int) -> Walk:
        """Go on from an argument: the call's name, the arguments before it, and then outwards.

        A call that looks its argument up, or makes something else of it, ends the walk.
        """
        start = self.outline.find_operand(opener - 1)
        callee = self.read_callee(start, opener)
        own = split_words(callee.rsplit(b'.', 1)[-1].decode('utf-8', 'replace'))
        if start and self.tokens[start - 1].text in _DEFINITIONS:
            return None
        chain = b''.join(
            token.text for token in self.tokens[max(start, opener - 6) : opener]
        ).lower()
        if any(chain.endswith(end) and position == place for end, place in words.HMAC_KEYS):
            yield BoundName('hmac secret', True)
            return None
        yield bind_name(callee.rsplit(b'.', 1)[-1] + b'[%d]' % position)
        if position:
            yield from self.read_earlier_items(opener, first)
        if words.is_stopping_call(own):
            return None
        if not position:
            if words.is_lookup_call(own, callee.decode('utf-8', 'replace')):
                yield bind_name(callee + b'[]')  # a dossier may know better: `load_key("0x…")`
                return None
            yield bind_name(callee)
        for token in self.tokens[start : opener - 1]:
            if token.kind == 'string':
                yield bind_name(token.text)  # `env::var("NAME").unwrap_or("…")`
        return start

    def read_callee(self, start: int, opener: int) -> bytes:
        """Read the name of a call with its owner: `Keypair::from_bytes` as `Keypair.from_bytes`."""
        if self.tokens[opener - 1].kind != 'word':
            return b''
        first = opener - 1
        while first - 2 >= start and self.tokens[first - 1].text == b'::':
            if self.tokens[first - 2].kind != 'word':
                break
            first -= 2
        return b'.'.join(token.text for token in self.tokens[first:opener:2])

    def from_block(self, opener: int) -> Walk:
        """Go on from a block behind a call or a function's head: `ENV.fetch('X') { '…' }`."""
        for place in range(opener + 1, min(opener + 4, len(self.tokens))):
            if self.tokens[place].kind == 'string':
                yield bind_name(self.tokens[place].text)
                break
        if opener:
            yield bind_name(self.tokens[opener - 1].text)
            return self.outline.find_operand(opener - 1)
        return None

    def read_column(self, opener: int, position: int) -> Names:
        """Yield the name of an item's column, where a call or an assignment names the columns."""
        place = opener
        for _ in range(_MAX_NESTED_ROWS):
            before = place - 1
            if before > 0 and self.tokens[before].text == b'=':
                yield from self.read_nth_target(before, position)
                return
            call = self.outline.opener[place]
            if call < 0:
                return
            if self.is_call(call):
                columns = self.list_columns(call, place)
                if len(columns) > max(position, 1):
                    yield bind_name(columns[position])
                return
            place = call

    def list_columns(self, call: int, rows: int) -> list[bytes]:
        """List the names of columns that a call has beside its rows."""
        strings: list[bytes] = []
        limit = min(len(self.tokens), rows + _MAX_LIST_TOKENS)
        for place in range(call + 1, limit):
            if place == rows and strings:
                break
            token = self.tokens[place]
            if token.kind == 'close' and self.outline.opener[place] == call:
                break
            if token.kind == 'string' and not self.is_within(place, rows):
                strings.append(token.text)
        if len(strings) == 1:
            return strings[0].replace(b',', b' ').split()
        return strings

    def is_within(self, place: int, opener: int) -> bool:
        """Tell whether a token stands within a bracket, at any depth."""
        around = self.outline.opener[place]
        while around > opener:
            around = self.outline.opener[around]
        return around == opener

    def from_sequence(self, comma: int) -> Walk:
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
                yield from self.read_nth_target(place, position)
                return None
            elif token.text == b'return':
                yield from self.read_function(place)
                return None
            place -= 1
        before = self.tokens[comma - 1] if comma else None
        if before is not None and before.kind in ('string', 'word'):
            yield bind_name(before.text)
        return None

    def from_return(self, before: int, first: int) -> Walk:
        """Go on from what a function gives to the function's name."""
        yield from self.read_function(before)
        return None

    def read_function(self, place: int) -> Names:
        """Yield the name of the function around a `return`."""
        opener = self.outline.opener[place]
        while opener > 0 and self.tokens[opener].text != b'{':
            opener = self.outline.opener[opener]
        if opener > 1 and self.tokens[opener - 1].text == b')':
            head = self.outline.opener[opener - 1]
            if head > 0:
                yield bind_name(self.tokens[head - 1].text)
                return
        for index in range(place - 1, max(0, place - _MAX_FUNCTION_TOKENS), -1):
            if self.tokens[index - 1].text in _DEFINITIONS and self.tokens[index].kind == 'word':
                yield bind_name(self.tokens[index].text)
                return
