"""Values that a shell passes on: here-documents, here-strings, pipes, options beside a name."""

from __future__ import annotations

from keylint.core.names import squeeze_name
from keylint.syntax import words
from keylint.syntax.choices import ChoiceForms
from keylint.syntax.walker import Names, Walk, bind_name

_MAX_COMMAND_TOKENS = 40
# `vercel env add NAME production`
_MAX_ARGUMENTS = 2
_PRINTING = frozenset((b'echo', b'printf'))
# Commands that store their input: `echo "…" | gcloud secrets create NAME --data-file=-`.
_STORING = frozenset(b'create set put add write insert import update login versions'.split())
# Marks after `<<`: those of indented texts, and PHP's `<<<`.
_HERE_MARKS = (b'-', b'~', b'<')


class ShellForms(ChoiceForms):
    """Reads commands of a shell."""

    def find_here_operator(self, word: int) -> int:
        """Return the index of the `<<` whose end mark a word is: `<<EOT`, `<<-EOT`; -1 for none."""
        place = word - 1
        if place >= 0 and self.tokens[place].text in _HERE_MARKS:
            place -= 1
        if place < 0 or self.tokens[place].text != b'<<' or self.tokens[word].is_spaced:
            return -1
        return place

    def continues(self, before: int) -> bool:
        """Tell whether the text continues over a line break after the token."""
        return super().continues(before) or self.find_here_operator(before) >= 0

    def from_string(self, before: int, first: int) -> Walk:
        """Continue from a string before the value, also from the mark of a nowdoc: `<<<'EOT'`."""
        here = self.find_here_operator(before)
        if here >= 0 and self.tokens[before].text:
            return here
        return (yield from super().from_string(before, first))

    def from_here_string(self, before: int, first: int) -> Walk:
        """Continue from `<<<` to the last argument of the command that reads the value."""
        if before > 1 and self.tokens[before - 1].text == b'<<':
            yield from self.read_last_argument(before - 2, self.line_start(before))
        return None

    def read_piped(self, value: int) -> Names:
        """Yield the name under which the command after a pipe stores a printed value."""
        end = min(len(self.tokens), value + _MAX_COMMAND_TOKENS)
        pipe = next((i for i in range(value, end) if self.tokens[i].text == b'|'), end)
        last = next((i for i in range(value, end) if self.tokens[i].kind == 'line'), end) - 1
        if any(self.tokens[index].text.lower() in _STORING for index in range(pipe, last + 1)):
            yield from self.read_last_argument(last, pipe)

    def read_last_argument(self, last: int, first: int) -> Names:
        """Yield the last words of a command that are no options, and the last option."""
        option, found = b'', 0
        for index in range(last, max(first, last - _MAX_COMMAND_TOKENS), -1):
            token = self.tokens[index]
            if token.kind not in ('word', 'run', 'string'):
                continue
            if not (token.text.startswith(b'-') or self.tokens[index - 1].text == b'-'):
                yield bind_name(token.text)
                found += 1
                if found == _MAX_ARGUMENTS:
                    break
                continue
            option = option or token.text
        if option:
            yield bind_name(option.lstrip(b'-').removesuffix(b'-stdin'))

    def read_named_option(self, option: int) -> Names:
        """Yield the name in an option before another one: `--name /bot/api_secret --value "…"`."""
        start = max(self.line_start(option), option - _MAX_COMMAND_TOKENS)
        for index in range(option - 2, start, -1):
            token = self.tokens[index]
            is_option = token.text.startswith(b'-') or self.tokens[index - 1].text == b'-'
            if is_option and squeeze_name(token.text.decode('utf-8', 'replace')) in words.NAME_KEYS:
                last = index + 1
                while last + 1 < option and not self.tokens[last + 1].is_spaced:
                    last += 1
                yield bind_name(self.tokens[last].text.rpartition(b'/')[2])
                return

    def is_printed(self, before: int) -> bool:
        """Tell whether the word or option before a value belongs to a command that prints it."""
        place = before
        while place > 0 and (
            self.tokens[place].text.startswith((b'-', b'%'))
            or self.tokens[place - 1].text in (b'-', b'%')
        ):
            place -= 2 if self.tokens[place - 1].text in (b'-', b'%') else 1
        return place >= 0 and self.tokens[place].text in _PRINTING
