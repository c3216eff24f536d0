"""Values in brackets: arguments of calls, items of lists, rows under columns."""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex
from keylint.core.names import split_words
from keylint.core.records import NamedTuple
from keylint.syntax import words
from keylint.syntax.outline import TokenOutline
from keylint.syntax.targets import TargetForms
from keylint.syntax.walker import BoundName, Names, Walk, bind_name

# How far before a `return` the head of a function without brackets may be.
_MAX_FUNCTION_TOKENS = 60
_MAX_NESTED_ROWS = 3
_CHAIN_TOKENS = 6
# The number of tokens before the word of `<![CDATA[`.
_CDATA_TOKENS = 3
_DEFINITIONS = frozenset(b'def function fn func fun sub class'.split())


# Parts of a form field's name that do not name its value: `entry_api_secret`, `secret_box`.
_WIDGETS = defer_regex(rb'(?i)_?(?:box|field|input|entry|edit|widget|textbox|line_?edit)\Z')


class CallHead(NamedTuple):
    """The text before the arguments of a call.

    `start` is its first token, `callee` the call's name with its owner, `words` are the last name's
    words, `chain` is the text directly before the arguments.
    """

    start: int
    callee: bytes
    words: tuple[str, ...]
    chain: bytes

    @property
    def name(self) -> bytes:
        """Return the last name of the callee."""
        return self.callee.rsplit(b'.', 1)[-1]


class BracketForms(TargetForms):
    """Reads calls, lists and rows."""

    def __init__(self, outline: TokenOutline) -> None:
        super().__init__(outline)
        self._calls: dict[int, CallHead] = {}
        self._blocks: dict[int, int] = {}
        self._columns: dict[int, list[bytes]] = {}

    def from_open(self, opener: int, first: int) -> Walk:
        """Continue from the bracket before a value, which is the first item or argument."""
        return (yield from self.from_brackets(opener, opener))

    def from_comma(self, comma: int, first: int) -> Walk:
        """Continue from the comma before a value, in brackets or not."""
        opener = self.outline.opener[comma]
        if opener < 0:
            return (yield from self.from_sequence(comma))
        return (yield from self.from_brackets(opener, comma))

    def from_brackets(self, opener: int, before: int) -> Walk:
        """Continue from an item after a comma or `opener`: in a call, a list, a row."""
        position = 0
        if before != opener:
            position = self.outline.places.count_commas(opener, before) + 1
        if self.is_call(opener):
            return (yield from self.from_call(opener, position, before))
        if position:
            yield from self.read_earlier_items(opener, before + 1)
        yield from self.read_column(opener, position)
        before = opener - 1
        if self.tokens[before].text == b'CDATA' and before > _CDATA_TOKENS:
            return before - _CDATA_TOKENS
        if self.tokens[opener].text == b'{' and before >= 0:
            if self.tokens[before].text == b')' and self.outline.opener[before] > 0:
                return (yield from self.from_block(self.outline.opener[before]))
            if self.tokens[before].text == b'}' and not self.tokens[opener].is_spaced:
                yield from self.read_subscript(before)  # `\newcommand{\secret}{…}`
                return None
            if self.tokens[before].kind == 'word':
                yield bind_name(self.tokens[before].text)
                return self.outline.find_operand(before)
        return opener

    def from_call(self, opener: int, position: int, before: int) -> Walk:
        """Continue from an argument to the call's name, the arguments before it, and then outwards.

        A call that looks up or transforms its argument ends the walk.
        """
        call = self.read_call(opener)
        if call.start and self.tokens[call.start - 1].text in _DEFINITIONS:
            return None
        if any(call.chain.endswith(end) and position == place for end, place in words.HMAC_KEYS):
            yield BoundName('hmac secret', True)
            return None
        if words.is_setter(call.words):
            return (yield from self.from_setter(call, opener, position, before))
        yield bind_name(call.name + b'[%d]' % position)
        if position:
            yield from self.read_earlier_items(opener, before + 1)
        if words.is_stopping_call(call.words):
            return None
        if not position:
            if words.is_lookup_call(call.words, call.callee.decode('utf-8', 'replace')):
                yield bind_name(call.callee + b'[]')  # a dossier may know better: `load_key("0x…")`
                return None
            yield bind_name(call.callee)
            if call.name != call.callee:
                yield bind_name(call.name)
        yield from self.read_strings(call.start, opener - 1)  # `env::var("NAME").unwrap_or("…")`
        return call.start

    def from_setter(self, call: CallHead, opener: int, position: int, before: int) -> Walk:
        """Continue from the argument of a setter: `find(By.ID, "api_secret").send_keys("…")`."""
        yield bind_name(call.name + b'[%d]' % position)
        if position:
            yield from self.read_earlier_items(opener, before + 1)
        yield from self.read_later_key(before + 1)
        owner = call.callee.rpartition(b'.')[0]
        if owner:
            yield bind_name(_WIDGETS.sub(b'', owner.rsplit(b'.', 1)[-1]))
        yield from self.read_strings(call.start, opener - 1)
        return call.start

    def read_call(self, opener: int) -> CallHead:
        """Read the text before the arguments of a call, once for all of them."""
        call = self._calls.get(opener)
        if call is None:
            end = self.outline.find_callee(opener)
            start = self.outline.find_operand(end)
            callee = self.read_callee(start, end + 1)[-words.MAX_NAME_BYTES :]
            own = split_words(callee.rsplit(b'.', 1)[-1].decode('utf-8', 'replace'))
            tokens = self.tokens[max(start, opener - _CHAIN_TOKENS) : opener]
            chain = b''.join(token.text for token in tokens).lower()
            call = self._calls[opener] = CallHead(start, callee, own, chain)
        return call

    def read_callee(self, start: int, opener: int) -> bytes:
        """Read the name of a call with its owner: `Keypair::from_bytes` as `Keypair.from_bytes`."""
        if self.tokens[opener - 1].kind != 'word':
            return b''
        first = opener - 1
        while first - 2 >= start and self.tokens[first - 1].text in (b'::', b'.'):
            if self.tokens[first - 2].kind != 'word':
                break
            first -= 2
        return b'.'.join(token.text for token in self.tokens[first:opener:2])

    def from_block(self, opener: int) -> Walk:
        """Continue from a block after a call or a function's head: `ENV.fetch('X') { '…' }`."""
        for place in range(opener + 1, min(opener + 4, len(self.tokens))):
            if self.tokens[place].kind == 'string':
                yield bind_name(self.tokens[place].text)
                break
        if opener:
            yield bind_name(self.tokens[opener - 1].text)
            return self.outline.find_operand(opener - 1)
        return None

    def read_column(self, opener: int, position: int) -> Names:
        """Yield the name of an item's column, if a call or an assignment names the columns."""
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
                yield from self.read_named_column(call, place, position)
                return
            place = call

    def read_named_column(self, call: int, rows: int, position: int) -> Names:
        """Yield one of the column names that a call has before or after its rows."""
        places = self.outline.places
        first, last = places.find_strings(call, rows)
        if first == last:
            first, last = places.find_strings(
                self.outline.find_end(rows), self.outline.find_end(call)
            )
        if last - first > max(position, 1):
            yield bind_name(self.tokens[places.strings[first + position]].text)
        elif last - first == 1:
            columns = self.split_columns(places.strings[first])
            if len(columns) > max(position, 1):
                yield bind_name(columns[position])

    def split_columns(self, index: int) -> list[bytes]:
        """Split a string that names several columns: `"api_key,api_secret"`."""
        if index not in self._columns:
            self._columns[index] = self.tokens[index].text.replace(b',', b' ').split()
        return self._columns[index]

    def from_sequence(self, comma: int) -> Walk:
        """Continue from a comma outside brackets: `key, secret = "…", "…"`, a row, a sentence."""
        head, position = self.outline.places.find_sequence_head(comma)
        if head >= 0:
            if self.tokens[head].text == b'return':
                yield from self.read_function(head)
            else:
                yield from self.read_nth_target(head, position)
            return None
        before = self.tokens[comma - 1] if comma else None
        if before is not None and before.kind in ('string', 'word'):
            yield bind_name(before.text)
        return None

    def from_return(self, before: int, first: int) -> Walk:
        """Continue from the return value of a function to the function's name."""
        yield from self.read_function(before)
        return None

    def read_function(self, place: int) -> Names:
        """Yield the name of the function around a `return`."""
        opener = self.find_block(self.outline.opener[place])
        if opener > 1 and self.tokens[opener - 1].text == b')':
            head = self.outline.opener[opener - 1]
            if head > 0:
                yield bind_name(self.tokens[head - 1].text)
                return
        for index in range(place - 1, max(0, place - _MAX_FUNCTION_TOKENS), -1):
            if self.tokens[index - 1].text in _DEFINITIONS and self.tokens[index].kind == 'word':
                yield bind_name(self.tokens[index].text)
                return

    def find_block(self, opener: int) -> int:
        """Find the brace around a bracket, or return the bracket itself if it is a brace."""
        blocks, passed = self._blocks, []
        while opener > 0 and self.tokens[opener].text != b'{' and opener not in blocks:
            passed.append(opener)
            opener = self.outline.opener[opener]
        block = blocks.get(opener, opener)
        for inner in passed:
            blocks[inner] = block
        return block
