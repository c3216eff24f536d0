"""Values that stand in one string and are taken apart: `key, secret = "… …".split()`."""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex
from keylint.syntax.walker import Names, bind_name
from keylint.syntax.wording import WordForms

# What a string is split by, and nothing but values between: `A:B`, `A, B`.
_SEPARATOR = defer_regex(rb'[ \t]*[,;:|][ \t]*|[ \t]+')
_PIECES = defer_regex(rb'[\w+/=.\-]+(?:(?:[ \t]*[,;:|][ \t]*|[ \t]+)[\w+/=.\-]+){1,5}')
_MAX_PIECES_BYTES = 800
_SPLITTING = frozenset(
    b'split rsplit partition fields explode split_whitespace splitn split_once qw w'.split()
)
_EQUALS = frozenset((b'=', b':='))
_MAX_HEAD_TOKENS = 12


def count_pieces(text: bytes, offset: int) -> int:
    """Return the place of the piece that begins at an offset of a text; -1 where it has none."""
    if len(text) > _MAX_PIECES_BYTES or _PIECES.fullmatch(text) is None:
        return -1
    return sum(1 for _ in _SEPARATOR.finditer(text, 0, offset))


class PieceForms(WordForms):
    """Reads what takes the pieces of a string."""

    def list_piece_names(self, index: int, position: int) -> Names:
        """Yield the name that takes the piece at a position of the string at `index`."""
        before = self.tokens[index - 1] if index else None
        if before is not None and before.text == b'<' and self.tokens[index - 2].text == b'<<':
            yield from self.read_variable(index - 2, position)
        elif self.is_split(index):
            start = self.line_start(index)
            for place in range(index - 1, max(start, index - _MAX_HEAD_TOKENS), -1):
                if self.tokens[place].text in _EQUALS:
                    yield from self.read_nth_target(place, position)
                    return

    def is_split(self, index: int) -> bool:
        """Tell whether a call takes a string apart: its method, or one that it is given to."""
        behind = self.tokens[index + 1 : index + 3]
        if len(behind) > 1 and behind[0].text == b'.' and self.is_splitting(behind[1].text):
            return True
        opener = self.outline.opener[index]
        return opener > 0 and self.is_splitting(self.tokens[opener - 1].text)

    def is_splitting(self, name: bytes) -> bool:
        """Tell whether a call of this name splits a string."""
        return name.rpartition(b'.')[2].lower() in _SPLITTING

    def read_variable(self, here: int, position: int) -> Names:
        """Yield the variable that `read` puts a piece into: `read -r KEY SECRET <<< "… …"`."""
        start = self.line_start(here)
        words = range(max(start, here - _MAX_HEAD_TOKENS), here)
        command = next((i for i in words if self.tokens[i].text == b'read'), -1)
        names = [
            self.tokens[i].text
            for i in range(command + 1, here)
            if self.tokens[i].kind in ('word', 'run') and not self.is_option(i)
        ]
        if command >= 0 and position < len(names):
            yield bind_name(names[position])
