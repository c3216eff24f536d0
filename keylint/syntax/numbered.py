"""Values in lists that are numbered, and behind variables in braces."""

from __future__ import annotations

from keylint.syntax.pieces import PieceForms
from keylint.syntax.walker import BoundName, Walk

_NUMBER_TOKENS = 3
_MAX_LIST_LINES = 12


class NumberedForms(PieceForms):
    """Reads items such as `(0) …`, and `${NAME}    …`."""

    def from_close(self, closing: int, first: int) -> Walk:
        """Go on from the number of an item to the label above the list: what Ganache prints."""
        opener = self.outline.opener[closing]
        start = self.line_start(closing)
        if opener == start and closing == start + _NUMBER_TOKENS - 1:
            label = self.find_list_label(start)
            if label >= 0 and self.tokens[start + 1].kind == 'number':
                yield from self.read_label(label)
        elif opener > 0 and closing == opener + 2 and self.tokens[opener - 1].text == b'$':
            yield BoundName(self.tokens[closing - 1].text.decode('utf-8', 'replace'), False)
        return None

    def find_list_label(self, start: int) -> int:
        """Return the last token of the line above a numbered list and its rule; -1 for none."""
        for _ in range(_MAX_LIST_LINES):
            above = self.outline.solid[start - 1] if start else -1
            if above < 0:
                return -1
            start = self.line_start(above)
            is_item = self.tokens[start].text == b'('
            if not is_item and not self.is_rule(start, above):
                return above
        return -1

    def is_rule(self, start: int, last: int) -> bool:
        """Tell whether a line is nothing but a rule: `=====`."""
        return all(token.text.strip(b'=-') == b'' for token in self.tokens[start : last + 1])
