"""Values after other values: defaults, branches of a conditional, parts of a sum."""

from __future__ import annotations

from keylint.core.names import find_role
from keylint.syntax import words
from keylint.syntax.markup import MarkupForms
from keylint.syntax.walker import Walk, bind_name, read_end

# How far before the second branch its condition may be.
_MAX_CONDITION_TOKENS = 60
_HMAC_OPTION = b'-hmac '


class ChoiceForms(MarkupForms):
    """Reads alternatives and sums."""

    def from_fallback(self, operator: int, first: int) -> Walk:
        """Continue from a default to the expression before the operator, which may name it."""
        if self.tokens[operator].text == b'|' and self.is_table(operator):
            return (yield from self.from_cell(operator))
        closure = self.find_closure(operator)
        if closure >= 0:
            return closure + 1  # `unwrap_or_else(|_| "…")`
        if operator == 0 or self.is_alternative(operator):
            return None
        last = operator - 1
        start = self.outline.find_operand(last)
        token = self.tokens[last]
        if token.kind in ('word', 'string'):
            yield bind_name(token.text)
        elif token.text == b']':
            yield from self.read_subscript(last)
        elif token.text == b')':
            inner = self.outline.opener[last] + 1
            if 0 < inner < last and self.tokens[inner].kind == 'string':
                yield bind_name(self.tokens[inner].text)
            elif 0 < inner < last and self.tokens[last - 1].kind in ('word', 'string'):
                yield bind_name(self.tokens[last - 1].text)  # `dig(:binance, :secret) || "…"`
        return start

    def find_closure(self, bar: int) -> int:
        """Return the bracket before the head of a closure that a bar ends: `(|_| …`; or -1."""
        if self.tokens[bar].text == b'|' and bar > 1:
            bar -= 2 if self.tokens[bar - 2].text == b'|' else 0
        elif self.tokens[bar].text != b'||':
            return -1
        return bar - 1 if bar and self.tokens[bar - 1].text == b'(' else -1

    def is_alternative(self, bar: int) -> bool:
        """Tell whether a bar is in a list of words, none of which names another: `a|b|c`."""
        tokens = self.tokens[max(0, bar - 2) : bar + 1]
        return [token.text for token in tokens[::2]] == [b'|', b'|'] and not any(
            token.is_spaced for token in tokens[1:]
        )

    def from_else(self, before: int, first: int) -> Walk:
        """Continue from the second branch of `a if condition else b`."""
        level = self.outline.opener[before]
        for place in range(before - 1, max(0, before - _MAX_CONDITION_TOKENS), -1):
            if self.outline.opener[place] == level and self.tokens[place].text == b'if':
                return self.outline.find_operand(place - 1)
            if self.tokens[place].kind == 'line':
                break
        return None
        yield

    def from_sum(self, operator: int, first: int) -> Walk:
        """Continue from the second part of a sum; the first may end with a name: `"key=" + "…"`."""
        if operator == 0:
            return None
        if self.tokens[operator - 1].kind == 'string':
            yield from read_end(self.tokens[operator - 1].text)
        return self.outline.find_operand(operator - 1)

    def from_string(self, before: int, first: int) -> Walk:
        """Continue from a string directly before the value: a name, or a part of a sum."""
        text = self.tokens[before].text
        if not text:
            # an opening mark in RST, or the value of the name before it
            is_mark = first < len(self.tokens) and not self.tokens[first].is_spaced
            return before if is_mark else None
        yield from read_end(text)
        if text.endswith(_HMAC_OPTION):
            yield bind_name(b'hmac secret')  # `"…$(openssl dgst -hmac "…")"`
        if len(text) <= words.MAX_LABEL_CHARS and find_role(text.decode('utf-8', 'replace')):
            yield bind_name(text)
        return self.outline.find_operand(before)
