"""Find the names that a text binds to a value, by structure, from the innermost name outwards.

The value is in an assignment, a mapping, a call, a list, a tag or a sentence. Each of these is a
row of `_FORMS`: the token before the value, and how to find the name from there. If a name says
nothing, the walk continues to the next one outwards, so that the calls between a name and its
literal need not be known; a call that hashes or looks something up ends the walk.
"""

from __future__ import annotations

from keylint.syntax import words
from keylint.syntax.forms import FORMS
from keylint.syntax.numbered import NumberedForms
from keylint.syntax.walker import Names, Walk
from keylint.syntax.wording import WordForms

_MAX_STEPS = 14
_MAX_LABEL_BREAKS = 2


class NameFinder(NumberedForms):
    """Finds the names of values in one text of tokens."""

    def list_names(self, index: int) -> Names:
        """Yield the names of the value whose first token is at `index`, innermost first."""
        first = index
        for _ in range(_MAX_STEPS):
            before, breaks = self.find_previous(first)
            if before < 0:
                return
            if breaks and not self.continues(before):
                if breaks <= _MAX_LABEL_BREAKS:
                    yield from self.read_label(before)
                return
            following = yield from self.step(before, first)
            if following is None or following >= first:
                return
            first = following

    def step(self, before: int, first: int) -> Walk:
        """Yield names from the token before an operand; return the start of the next operand."""
        token = self.tokens[before]
        if token.kind == 'string':
            return (yield from self.from_string(before, first))
        if token.kind == 'close':
            return (yield from self.from_close(before, first))
        handler = FORMS.get(token.text) if token.kind != 'run' else None
        if handler is None and token.kind == 'word':
            handler = WordForms.from_word
        elif handler is None and token.text.lstrip(b'\\') in words.QUOTES:
            handler = WordForms.skip
        if handler is None:
            return None
        return (yield from handler(self, before, first))
