"""Values in markup: text and attributes of tags, items of lists, cells of tables."""

from __future__ import annotations

from keylint.core.names import find_role, squeeze_name
from keylint.syntax import words
from keylint.syntax.bracketed import BracketForms
from keylint.syntax.outline import TokenOutline
from keylint.syntax.walker import Names, Walk, bind_name

_MAX_TAG_TOKENS = 24
_OPTION_DASHES = 2


class MarkupForms(BracketForms):
    """Reads tags, lists and tables."""

    def __init__(self, outline: TokenOutline) -> None:
        super().__init__(outline)
        # By the first tokens of lines: the start of an item's list and of a row's table.
        self._list_heads: dict[int, int] = {}
        self._table_heads: dict[int, int] = {}

    def from_tag(self, closing: int, first: int) -> Walk:
        """Continue from the end of a tag: its attributes, its own name, the cell before it."""
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
        """Return the index of the `<` of the tag that ends at a `>`; -1 if no tag ends there."""
        for place in range(closing - 1, max(-1, closing - _MAX_TAG_TOKENS), -1):
            if self.tokens[place].text in (b'<', b'&lt;'):
                return place
            if self.tokens[place].text in (b'>', b';'):
                break
        return -1

    def read_attributes(self, opening: int, closing: int) -> Names:
        """Yield the values of attributes that contain names: `name="api_secret"`."""
        for index in range(opening + 1, closing - 2):
            key, operator, value = self.tokens[index : index + 3]
            is_attribute = operator.text == b'=' and value.kind in ('string', 'word')
            if (
                is_attribute
                and squeeze_name(key.text.decode('utf-8', 'replace')) in words.NAME_KEYS
            ):
                yield bind_name(value.text)

    def from_dash(self, before: int, first: int) -> Walk:
        """Continue from a dash: an item of a list under a key, or `name - value`."""
        start = self.line_start(before)
        if start != before:
            if self.tokens[before].is_spaced and (
                before + 1 >= len(self.tokens) or self.tokens[before + 1].is_spaced
            ):
                return (yield from self.from_target(before))
            return before if self.tokens[before].is_spaced else None
        above = self.outline.solid[before - 1] if before else -1
        if above > 0 and self.is_option_item(above):
            yield bind_name(self.tokens[above].text.lstrip(b'-'))
            return None
        place = self.find_list_head(before)
        if place >= 0 and self.tokens[place].text == b':':
            return (yield from self.from_target(place))
        return None

    def is_option_item(self, last: int) -> bool:
        """Tell whether a token is all of an item that is an option: `- --api-secret`."""
        start = self.line_start(last)
        token = self.tokens[last]
        if self.tokens[start].text != b'-' or token.kind not in ('word', 'string', 'run'):
            return False
        if last == start + 1:
            return token.text.startswith(b'--')
        dashes = self.tokens[start + 1 : last]
        return len(dashes) == _OPTION_DASHES and all(mark.text == b'-' for mark in dashes)

    def find_list_head(self, dash: int) -> int:
        """Find the last token above the list in which a dash begins an item; -1 for none."""
        heads, passed = self._list_heads, []
        column = self.column_of(dash)
        start = dash
        while start not in heads:
            passed.append(start)
            above = self.outline.solid[start - 1] if start else -1
            if above < 0:
                heads[start] = -1
                break
            next_start = self.line_start(above)
            if self.tokens[next_start].text != b'-' or self.column_of(next_start) != column:
                heads[start] = above
                break
            start = next_start
        for item in passed:
            heads[item] = heads[start]
        return heads[start]

    def is_table(self, bar: int) -> bool:
        """Tell whether a bar is in a line of a Markdown table."""
        start = self.line_start(bar)
        return self.tokens[start].text == b'|'

    def from_cell(self, bar: int) -> Walk:
        """Yield the head of the column in a table of Markdown, before it a cell that says more."""
        left = list(self.read_cell(bar)) if bar and self.tokens[bar - 1].text != b'|' else []
        has_role = any(find_role(name.text) for name in left)
        if has_role:
            yield from left
        start = self.line_start(bar)
        head = self.find_table_head(start)
        places = self.outline.places
        border = places.find_bar(head, places.count_bars(start, bar))
        if head != start and border >= 0 and self.line_start(border) == head:
            yield from self.read_cell(border)
        if not has_role:
            yield from left
        return None

    def find_table_head(self, row: int) -> int:
        """Find the start of a table's first row, given the start of another row."""
        heads, passed = self._table_heads, []
        while row not in heads:
            passed.append(row)
            next_row = self.find_line_above(row)
            if next_row >= 0 and self.tokens[next_row].text[:1] in (b'+', b'-'):
                next_row = self.find_line_above(next_row)  # skips a rule: `+-----+`
            if next_row < 0 or self.tokens[next_row].text != b'|':
                heads[row] = row
                break
            row = next_row
        for known in passed:
            heads[known] = heads[row]
        return heads[row]

    def find_line_above(self, start: int) -> int:
        """Return the first token of the line above one that begins with a token, or -1."""
        above = self.outline.solid[start - 1] if start else -1
        return self.line_start(above) if above >= 0 else -1

    def read_cell(self, bar: int) -> Names:
        """Yield the text of the cell that ends at a bar."""
        place = self.skip_wrapping(bar - 1)
        if place >= 0 and self.tokens[place].kind == 'string':
            yield bind_name(self.tokens[place].text)
        elif place >= 0 and self.tokens[place].kind in ('word', 'run'):
            yield from self.read_words(place)
