"""Values in markup: text and attributes of tags, items of lists, cells of tables."""

from __future__ import annotations

from keylint.core.names import squeeze_name
from keylint.syntax import words
from keylint.syntax.bracketed import BracketForms
from keylint.syntax.walker import Names, Walk, bind_name

_MAX_LIST_LINES = 40
_MAX_TAG_TOKENS = 24


class MarkupForms(BracketForms):
    """Reads tags, lists and tables."""

    def from_tag(self, closing: int, first: int) -> Walk:
        """Go on from the end of a tag: its attributes, its own name, the cell before it."""
        opening = self.find_tag(closing)
        if opening < 0:
            return (yield from self.from_target(closing))
        if self.tokens[opening + 1].text == b'/':
            place = opening - 1
            if place >= 0 and self.tokens[place].text == b'>':
                return opening
            if place >= 0 and self.tokens[place].kind in ('word', 'run'):
                yield from self.read_words(place)
            return None
        yield from self.read_attributes(opening, closing)
        if self.tokens[opening + 1].kind == 'word':
            yield bind_name(self.tokens[opening + 1].text)
        return opening

    def find_tag(self, closing: int) -> int:
        """Return the index of the `<` of the tag that ends at a `>`; -1 where none does."""
        for place in range(closing - 1, max(-1, closing - _MAX_TAG_TOKENS), -1):
            if self.tokens[place].text in (b'<', b'&lt;'):
                return place
            if self.tokens[place].text in (b'>', b';'):
                break
        return -1

    def read_attributes(self, opening: int, closing: int) -> Names:
        """Yield the values of the attributes that name something: `name="api_secret"`."""
        for index in range(opening + 1, closing - 2):
            key, operator, value = self.tokens[index : index + 3]
            is_attribute = operator.text == b'=' and value.kind in ('string', 'word')
            if (
                is_attribute
                and squeeze_name(key.text.decode('utf-8', 'replace')) in words.NAME_KEYS
            ):
                yield bind_name(value.text)

    def from_dash(self, before: int, first: int) -> Walk:
        """Go on from a dash: an item of a list under a key, or `name - value`."""
        start = self.line_start(before)
        if start != before:
            if self.tokens[before].is_spaced and (
                before + 1 >= len(self.tokens) or self.tokens[before + 1].is_spaced
            ):
                return (yield from self.from_target(before))
            return before if self.tokens[before].is_spaced else None
        column = self.column_of(before)
        place = before
        for _ in range(_MAX_LIST_LINES):
            place = start - 2
            while place >= 0 and self.tokens[place].kind == 'line':
                place -= 1
            if place < 0:
                return None
            start = self.line_start(place)
            if self.tokens[start].text != b'-' or self.column_of(start) != column:
                break
        if self.tokens[place].text == b':':
            return (yield from self.from_target(place))
        return None

    def is_table(self, bar: int) -> bool:
        """Tell whether a bar stands in a line of a table in Markdown."""
        start = self.line_start(bar)
        return self.tokens[start].text == b'|'

    def from_cell(self, bar: int) -> Walk:
        """Yield the cell to the left in a table of Markdown, then the head of the column."""
        if bar and self.tokens[bar - 1].text != b'|':
            yield from self.read_cell(bar)
        start = self.line_start(bar)
        column = sum(1 for token in self.tokens[start : bar + 1] if token.text == b'|')
        head = start
        for _ in range(_MAX_LIST_LINES):
            above = head - 1
            while above >= 0 and self.tokens[above].kind == 'line':
                above -= 1
            if above < 0 or self.tokens[self.line_start(above)].text != b'|':
                break
            head = self.line_start(above)
        place = head
        while head != start and place < start and self.tokens[place].kind != 'line':
            column -= self.tokens[place].text == b'|'
            place += 1
            if column == -1 or (column == 0 and self.tokens[place].text == b'|'):
                yield from self.read_cell(place)
                break
        return None

    def read_cell(self, bar: int) -> Names:
        """Yield the text of the cell that ends at a bar."""
        place = self.skip_wrapping(bar - 1)
        if place >= 0 and self.tokens[place].kind == 'string':
            yield bind_name(self.tokens[place].text)
        elif place >= 0 and self.tokens[place].kind in ('word', 'run'):
            yield from self.read_words(place)
