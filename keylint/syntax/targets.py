"""Values after an operator: in an assignment, an entry of a mapping, an attribute."""

from __future__ import annotations

from keylint.core.names import squeeze_name
from keylint.syntax import words
from keylint.syntax.walker import Names, TokenWalker, Walk, bind_name, strip_label

_MAX_SIBLINGS = 60
_MAX_SIBLING_LINES = 3
_MAX_TYPE_TOKENS = 14
_MAX_STRINGS = 4
_MAX_KEY_TOKENS = 4
# Targets for unused values: `secret, _ := decode("…")`.
_DISCARDED = frozenset((b'_', b'err', b'ok', b'error'))
_EQUALS = frozenset((b'=', b':='))
_COMPARED = frozenset(b'== ==='.split())
# Between the operands of a condition.
_COMPARISONS = frozenset(b'== === != !== > < && || >= <='.split())
_MAX_COMPARISONS = 4
# Before a type: `key: str`, and Julia's `key::String`.
_TYPE_MARKS = frozenset((b':', b'::'))


class TargetForms(TokenWalker):
    """Reads the targets of assignments and the keys of mappings."""

    def from_assignment(self, operator: int, first: int) -> Walk:
        """Continue from an operator to its left operand; or from `:` to its condition."""
        if self.tokens[operator].text == b':' and operator > 1:
            other = self.outline.find_operand(operator - 1)
            if other > 1 and self.tokens[other - 1].text == b'?':
                return self.find_condition(other - 1)  # the other branch of a conditional
            if self.tokens[operator - 1].text == b'lambda':
                return operator - 1
        return (yield from self.from_target(operator))

    def from_target(self, operator: int) -> Walk:
        """Yield the name to the left of an operator."""
        place = self.find_braced_name(operator - 1)
        if place < 0:
            place = self.skip_wrapping(operator - 1)
        if place >= 0 and self.tokens[place].kind == 'line' and self.tokens[operator].text == b'=':
            place = self.outline.solid[place]  # `name` on a line and `= "…"` on the next
        if place < 0 or self.tokens[place].kind == 'line':
            return None
        token = self.tokens[place]
        start = self.outline.find_operand(place)
        if self.tokens[operator].text in _EQUALS:
            yield from self.read_before_target(operator, start)
        name = token.text
        if token.kind == 'string':
            yield bind_name(name)
        elif token.text == b']':
            yield from self.read_bracket_target(place)
            name = b''
        elif self.is_compared_variable(place, operator):
            yield from self.read_strings(place + 1, operator)
            return None
        elif token.kind in ('word', 'run'):
            yield from self.read_words(place)
            if squeeze_name(name.decode('utf-8', 'replace').lstrip('.')) in words.VALUE_KEYS:
                yield from self.read_strings(start, place)  # `getElementById("secret").value = …`
        else:
            return self.find_outer_operand(place)
        return (yield from self.leave_mapping(place, operator, name))

    def is_compared_variable(self, place: int, operator: int) -> bool:
        """Tell whether a call's variable is compared with the value: `getenv("SECRET") == "…"`."""
        return (
            self.tokens[operator].text in _COMPARED
            and self.tokens[place + 1].text == b'('
            and b'env' in self.tokens[place].text.lower()
        )

    def find_condition(self, mark: int) -> int:
        """Return where the condition before a question mark begins: `n > 0 ? a : b`."""
        level = self.outline.opener[mark]
        place = self.outline.find_operand(mark - 1)
        for _ in range(_MAX_COMPARISONS):
            is_joined = place > 1 and self.tokens[place - 1].text in _COMPARISONS
            if not is_joined or self.outline.opener[place - 1] != level:
                break
            place = self.outline.find_operand(place - 2)
        return place

    def read_bracket_target(self, closing: int) -> Names:
        """Yield the names of `config["key"]`, or the first of `const [key, setKey] = …`."""
        opener = self.outline.opener[closing]
        if self.tokens[opener].is_spaced and self.tokens[opener + 1].kind == 'word':
            yield bind_name(self.tokens[opener + 1].text)
            return
        yield from self.read_subscript(closing)
        if opener > 0 and self.tokens[opener - 1].kind == 'word':
            yield from self.read_words(opener - 1)

    def find_outer_operand(self, place: int) -> int | None:
        """Return where to go on if the target is not a name: an index, an operator, a bracket."""
        token = self.tokens[place]
        if token.kind == 'number' and self.outline.opener[place] >= 0:
            return self.outline.opener[place]  # `{0: "…"}`
        if token.text == b'>' or token.text in words.ASSIGNMENTS:
            return place + 1
        return place if token.text == b'[' else None  # a long bracket of Lua: `[==[…]==]`

    def find_braced_name(self, closing: int) -> int:
        """Return the index of the name in `$config{api_secret}` or `${env:NAME}`; -1 for none."""
        opener = self.outline.opener[closing] if closing > 1 else -1
        if opener == closing - 4 and [
            token.text.lower() for token in self.tokens[opener - 1 : closing - 1]
        ] == [b'$', b'{', b'env', b':']:
            return closing - 1
        if self.tokens[closing].text != b'}' or opener != closing - 2 or opener < 1:
            return -1
        owner = self.tokens[opener - 1]
        is_hash = owner.text.startswith(b'$') or owner.text == b'->'
        return closing - 1 if is_hash and not self.tokens[opener].is_spaced else -1

    def read_later_key(self, value: int) -> Names:
        """Yield the key that follows a stored value: `set("…", forKey: "apiSecret")`."""
        for place in range(value + 1, min(value + _MAX_KEY_TOKENS, len(self.tokens) - 2)):
            token = self.tokens[place]
            if token.kind in ('line', 'close'):
                return
            if token.kind == 'word' and token.text.startswith(b'for'):
                if self.tokens[place + 1].text == b':' and self.tokens[place + 2].kind == 'string':
                    yield bind_name(self.tokens[place + 2].text)
                return

    def read_strings(self, start: int, place: int) -> Names:
        """Yield the first strings of an operand before a token."""
        first, last = self.outline.places.find_strings(start - 1, place)
        for index in self.outline.places.strings[first : min(last, first + _MAX_STRINGS)]:
            yield bind_name(strip_label(self.tokens[index].text))

    def read_before_target(self, operator: int, start: int) -> Names:
        """Yield the names before a type, or before a target that discards its value."""
        yield from self.read_annotated(operator)
        before = self.tokens[start - 1].text.lower() if start else b''
        if start > 1 and before == b'as':
            yield bind_name(self.tokens[start - 2].text)  # Visual Basic, VBA
        if before == b',' and self.tokens[start].text in _DISCARDED:
            yield from self.read_nth_target(operator, 0)

    def read_annotated(self, operator: int) -> Names:
        """Yield the name that has a type: `key: str = …`, `let key: &'static str = …`."""
        level = self.outline.opener[operator]
        for place in range(operator - 1, max(0, operator - _MAX_TYPE_TOKENS), -1):
            token = self.tokens[place]
            if token.kind in ('line', 'string') or token.text in (b',', b'=', b';'):
                return
            if token.text in _TYPE_MARKS and self.outline.opener[place] == level:
                place -= 1
                while place > 0 and self.tokens[place].text in (b'?', b'!'):
                    place -= 1
                if self.tokens[place].kind == 'word':
                    yield bind_name(self.tokens[place].text)
                return

    def leave_mapping(self, place: int, operator: int, name: bytes) -> Walk:
        """Continue from a key that only marks its value as a value."""
        opener = self.outline.opener[place]
        is_default = opener > 0 and self.tokens[opener - 1].text == b'$'
        if is_default:
            return opener - 1  # `${NAME:-default}`
        key = squeeze_name(name.decode('utf-8', 'replace'))
        if key in words.USES and opener > 0:
            return opener
        if key not in words.VALUE_KEYS:
            return None
        yield from self.read_siblings(place, opener)
        if opener < 0:
            return None
        if self.tokens[opener].text == b'(' and opener:
            yield from self.read_earlier_items(opener, place)
            yield from self.read_declared_below(opener)
            return self.outline.find_operand(opener - 1)
        return opener

    def read_declared_below(self, opener: int) -> Names:
        """Yield the field that an attribute of Rust is about: `#[arg(default_value = "…")]`."""
        around = self.outline.opener[opener]
        if around < 1 or self.tokens[around].text != b'[' or self.tokens[around - 1].text != b'#':
            return
        for index in range(self.outline.find_end(around) + 1, len(self.tokens) - 1):
            token = self.tokens[index]
            if self.tokens[index + 1].text == b':' and token.kind in ('word', 'run'):
                yield bind_name(token.text)
                return
            if token.kind not in ('line', 'word', 'open', 'close'):
                return

    def read_siblings(self, place: int, opener: int) -> Names:
        """Yield the names beside a value in its mapping or tag."""
        low, high = self.entry_range(place, opener)
        for index in range(low, high - 2):
            key, operator, value = self.tokens[index : index + 3]
            if (
                operator.text in (b':', b'=', b'=>')
                and key.kind in ('word', 'string')
                and value.kind in ('word', 'string', 'run')
                and squeeze_name(key.text.decode('utf-8', 'replace')) in words.NAME_KEYS
                and self.outline.opener[index] == opener
            ):
                yield bind_name(value.text)

    def entry_range(self, place: int, opener: int) -> tuple[int, int]:
        """Find the range of tokens with the neighbours of an entry."""
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

    def read_nth_target(self, operator: int, position: int) -> Names:
        """Yield one of several targets of an assignment."""
        target = self.outline.places.find_target(operator, position)
        if target >= 0:
            yield bind_name(self.tokens[target].text)
