"""Values directly after a word: options of commands, prose, definitions."""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex
from keylint.core.names import squeeze_name
from keylint.syntax import words
from keylint.syntax.shell import ShellForms
from keylint.syntax.walker import Names, Walk, bind_name, is_plain_part

_DEFINING = frozenset((b'def', b'set', b'let', b'define', b'const', b'defvar', b'setq', b'(', b'{'))
_DECLARING = frozenset((b'val', b'var'))
_MAX_PREFIX_CHARS = 2
_MAX_SENTENCE_TOKENS = 16
_MAX_COLUMN_TOKENS = 12
# Between the name of a column and its default.
_COLUMN_WORDS = frozenset(
    b'null not text varchar nvarchar varchar2 char character varying string unique collate'.split()
)
# A PowerShell command whose argument is the value: `ConvertTo-SecureString "…"`.
_COMMAND = defer_regex(rb'[A-Z][A-Za-z]+-[A-Z][A-Za-z]+')
_SCHEMES = frozenset(b'bearer basic token apikey bot key'.split())
_SCHEME_BEFORE = words.QUOTES | {b':', b'='}
_OWN = frozenset(b'my our'.split())
_BEFORE_COPULAS = frozenset(b'is was set equal'.split())
_PREFIX_NAMES = frozenset(b'bearer basic'.split())


class WordForms(ShellForms):
    """Reads options and sentences."""

    def from_word(self, before: int, first: int) -> Walk:
        """Continue from a word directly before the value: an option, a verb, a name, a modifier."""
        token = self.tokens[before]
        word = token.text.lower()
        here = self.find_here_operator(before)
        if here >= 0:
            return here
        if self.is_printed(before):
            yield from self.read_piped(first)
        is_option = self.is_option(before)
        declared = list(self.read_declared(before, word, is_option))
        if declared:
            yield from declared
            return None
        bare = squeeze_name(word.decode('utf-8', 'replace'))
        if is_option and bare in words.VALUE_KEYS:
            yield from self.read_words(self.find_option(before) - 1)
            yield from self.read_named_option(self.find_option(before))
            return None
        if word in words.COPULAS:
            joined = self.is_quoted(first) or self.is_macro(before + 1) or self.has_copula(before)
            yield from self.read_words(self.skip_copulas(before) - 1, joined)
            return None
        if (
            word in _SCHEMES
            and not is_option
            and (before == 0 or self.tokens[before - 1].text.lstrip(b'\\') in _SCHEME_BEFORE)
        ):
            return before
        if _COMMAND.fullmatch(token.text) or self.is_tag(before, first):
            return self.outline.find_operand(before)
        if word in words.MODIFIERS or self.is_anchor(before) or self.is_prefix(before, first):
            return before
        joined = (is_option and is_plain_part(token.text)) or self.is_definition(before, first)
        yield from self.read_words(before, joined)
        if word in _PREFIX_NAMES or bare in words.VALUE_KEYS:
            return before
        return None

    def skip_copulas(self, before: int) -> int:
        """Return where the verb begins whose last word is given: `API_SECRET is set to …`."""
        while before > 1 and self.tokens[before - 1].text in _BEFORE_COPULAS:
            before -= 1
        return before

    def read_declared(self, before: int, word: bytes, is_option: bool) -> Names:
        """Yield the name that a word says is declared with the value, or what an option takes."""
        if word == b'default' and (column := self.find_column(before)) >= 0:
            yield from self.read_words(column)
        elif is_option and word.lstrip(b'-') in words.HMAC_OPTIONS:
            yield bind_name(b'hmac secret')  # `openssl dgst -hmac "…"`
        elif word == b'by' and before > 1 and self.tokens[before - 2].text in _DECLARING:
            yield from self.read_words(before - 1)  # `val apiKey by extra("…")`
        elif word == b'by':
            yield from self.read_annotated(before)  # `val apiKey: String by lazy { "…" }`

    def has_copula(self, before: int) -> bool:
        """Tell whether a sentence gives values away: `the key is … and the secret is …`, `my …`."""
        start = max(self.line_start(before), before - _MAX_SENTENCE_TOKENS)
        return any(
            self.tokens[place].text.lower() in _OWN
            or (
                self.tokens[place].kind == 'run'
                and self.tokens[place - 1].text.lower() in words.COPULAS
            )
            for place in range(start + 1, before)
        )

    def find_column(self, default: int) -> int:
        """Return the column to which a default belongs: `api_secret VARCHAR(64) DEFAULT '…'`."""
        place = default - 1
        for _ in range(_MAX_COLUMN_TOKENS):
            if place < 0:
                break
            token = self.tokens[place]
            if token.text == b')' and self.outline.opener[place] > 0:
                place = self.outline.opener[place] - 1
            elif token.text.lower() in _COLUMN_WORDS:
                place -= 1
            else:
                return place if place < default - 1 and token.kind in ('word', 'string') else -1
        return -1

    def is_prefix(self, before: int, first: int) -> bool:
        """Tell whether a word is the prefix of a literal cut by the end of the text: `b'…`."""
        is_short = len(self.tokens[before].text) <= _MAX_PREFIX_CHARS
        return is_short and self.is_quoted(first) and not self.tokens[first].is_spaced

    def is_tag(self, before: int, first: int) -> bool:
        """Tell whether a word is the tag of a template: String.raw`…`."""
        token = self.tokens[first] if first < len(self.tokens) else None
        is_glued = token is not None and token.kind == 'string' and not token.is_spaced
        return is_glued and len(self.tokens[before].text) > _MAX_PREFIX_CHARS

    def is_quoted(self, first: int) -> bool:
        """Tell whether a value is in quotes, also if the text ends before the closing one."""
        if first >= len(self.tokens):
            return False
        token = self.tokens[first]
        return token.kind == 'string' or token.text.lstrip(b'\\') in words.QUOTES

    def is_macro(self, index: int) -> bool:
        """Tell whether a macro of TeX begins here, which only says how its text is set."""
        following = self.tokens[index : index + 2]
        return len(following) > 1 and following[0].text == b'\\' and following[1].kind == 'word'

    def is_anchor(self, before: int) -> bool:
        """Tell whether a word is an anchor or a tag of YAML before its value: `&name`, `!!str`."""
        mark = self.tokens[before - 1] if before else None
        return mark is not None and mark.text in (b'&', b'!') and not self.tokens[before].is_spaced

    def is_definition(self, before: int, first: int) -> bool:
        """Tell whether a string follows a name that is defined: `(def secret "…")`."""
        if self.is_stored(before) or self.is_variable(before):
            return True
        is_string = first < len(self.tokens) and self.tokens[first].kind == 'string'
        return is_string and before > 0 and self.tokens[before - 1].text in _DEFINING

    def is_variable(self, before: int) -> bool:
        """Tell whether a word is a variable that a command sets: `set -gx NAME value`."""
        command = before - 1
        while command > 0 and self.is_option(command):
            command = self.find_option(command) - 1
        if command < 0 or command < self.line_start(before):
            return False
        word = self.tokens[command].text.lower()
        has_options = command < before - 1
        return word in words.VARIABLE_COMMANDS or (has_options and word == b'set')

    def is_stored(self, before: int) -> bool:
        """Tell whether a word is the key of a store's command: `SET binance:secret "…"`."""
        place = before
        while place > 1 and self.tokens[place - 1].text in (b':', b'/') and before - place < 8:
            place -= 2
        return place < before and place > 0 and self.tokens[place - 1].text.lower() in words.STORES

    def is_option(self, index: int) -> bool:
        """Tell whether a word is an option of a command or a keyword of Lisp or Ruby."""
        text = self.tokens[index].text
        if text.startswith(b'-'):
            return True
        before = self.tokens[max(0, index - 2) : index]
        if not before or self.tokens[index].is_spaced:
            return False
        if before[-1].text == b'-':
            return True
        return before[-1].text == b':' and (
            before[-1].is_spaced or len(before) < 2 or before[-2].kind in ('open', 'line')
        )

    def find_option(self, index: int) -> int:
        """Return the index of the first dash of an option whose word is at `index`."""
        while index and self.tokens[index - 1].text == b'-' and not self.tokens[index].is_spaced:
            index -= 1
        return index
