"""The outline of a text: comments blanked, brackets paired, blocks of statements told apart.

It is enough to say what belongs to the same call, object or block, in any language; no parser.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.lazy_typing import Literal
from keylint.core.records import NamedTuple
from keylint.core.regex_cache import compile_once

GroupKind = Literal['call', 'object', 'block', 'parameters']

_BRACKETS = rb'|(?P<open>[(\[{])|(?P<close>[)\]}])'
# Comments and literals of each kind of language.
_LITERALS: dict[str, bytes] = {
    'python': (
        rb'(?P<comment>#[^\n]*)'
        rb'|(?P<text>"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\''
        rb'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\')'
    ),
    'braces': (
        rb'(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))'
        # a regular expression: in one line of minified code its quotes would turn all others round
        rb'|(?P<regex>(?:(?<=[=(,:!&|?\[{};\n])|(?<=[=(,:!&|?] )|(?<=return ))'
        rb'/(?:[^\\/\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/)'
        rb'|(?P<text>"""(?:[^\\]|\\.)*?"""|r(?P<raw>\x23+)".*?"(?P=raw)'
        rb'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`(?:[^`\\]|\\.)*`)'
    ),
    'lines': (
        rb'(?P<comment>(?<![^\s])(?:#|;|//)[^\n]*)'
        rb'|(?P<text>"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\')'
    ),
    'prose': (
        rb'(?P<comment><!--.*?(?:-->|\Z)|(?<![^\s])//[^\n]*)'
        rb'|(?P<text>"(?:[^"\\\n]|\\.)*")'
    ),
}
_LEXERS = {
    language: defer_regex(literals + _BRACKETS, re.DOTALL)
    for language, literals in _LITERALS.items()
}
_PYTHON = frozenset('py pyi pyw ipynb'.split())
_BRACED = frozenset(
    """js ts jsx mjs cjs tsx mts cts go rs java kt kts php swift scala c cc cpp h hpp cs d dart sol
    zig""".split()
)
_PROSE = frozenset('md markdown rst txt adoc mdx html htm log eml'.split())
_PAIRS = {b')': b'(', b']': b'[', b'}': b'{'}
_NO_NEWLINE = defer_regex(rb'[^\n]')
# What stands before the brackets of a definition's parameters.
_DEFINES = defer_regex(rb'\b(?:def|function|fn|func|constructor)\b\*?\s*[\w.$]*\s*\Z')
# What follows the brackets of parameters or of a condition where blocks have braces.
_BODY = defer_regex(rb'\s*(?:=>|\{|->|:\s*[\w<>\[\]|., ]{1,60}(?:=>|\{))')
_BLOCK_BEFORE = defer_regex(
    rb'(?:\)|=>|;|\}|\A|\b(?:else|try|do|finally|static|loop|unsafe)|\)\s*:\s*[\w<>\[\]|., ]{1,60}'
    rb'|\b(?:class|struct|impl|interface|trait|enum|namespace|object|mod|func|fn)\b[^\n{};=]*)\s*\Z'
)
_LINE = defer_regex(rb'(?m)^([ \t]*)(?=[^\s#])')
_BEFORE_BYTES = 120


class BracketPair(NamedTuple):
    """A pair of brackets: its first byte, the byte behind it, its kind, and the group around it."""

    start: int
    end: int
    kind: GroupKind
    parent: int


def find_language(ending: str) -> str:
    """Return which lexer reads a text with this ending of its path."""
    if ending in _PYTHON:
        return 'python'
    if ending in _BRACED:
        return 'braces'
    return 'prose' if ending in _PROSE else 'lines'


def list_literals(data: bytes, ending: str) -> list[tuple[int, int]]:
    """List the byte spans of a text's comments and literals, in order."""
    pattern = compile_once(_LITERALS[find_language(ending)], re.DOTALL)
    return [token.span() for token in pattern.finditer(data)]


class CodeOutline:
    """What stands in a text: `text` without comments, `code` without comments and literals.

    Both are as long as the text, so that offsets hold. `groups` are sorted by their first bytes.
    """

    def __init__(self, data: bytes, ending: str) -> None:
        self.language = find_language(ending)
        self.groups: list[BracketPair] = []
        texts: list[bytes] = []
        codes: list[bytes] = []
        stack: list[int] = []
        brackets: list[tuple[int, int, int]] = []
        position = 0
        for token in _LEXERS[self.language].finditer(data):
            start, end = token.span()
            if token.lastgroup in ('open', 'close'):
                _pair_bracket(token, stack, brackets)
                continue
            between = data[position:start]
            blank = _NO_NEWLINE.sub(b' ', token.group())
            is_silent = token.lastgroup == 'comment' or self._is_doc_string(data, token)
            texts += [between, blank if is_silent else token.group()]
            codes += [between, blank]
            position = end
        self.text = b''.join((*texts, data[position:]))
        self.code = b''.join((*codes, data[position:]))
        self._make_groups(brackets)

    def _is_doc_string(self, data: bytes, token: re.Match[bytes]) -> bool:
        """Tell whether a literal in three quotes is a statement of its own."""
        if self.language != 'python' or token.group()[:3] not in (b'"""', b"'''"):
            return False
        start = token.start()
        return not data[data.rfind(b'\n', 0, start) + 1 : start].strip(b' \trRuUbB')

    def _make_groups(self, brackets: list[tuple[int, int, int]]) -> None:
        """Make groups of pairs of brackets: first byte, byte behind them (or -1), parent."""
        for start, end, parent in brackets:
            end = end if end >= 0 else len(self.code)
            self.groups.append(BracketPair(start, end, self._rate_group(start, end), parent))
        self._starts = [group.start for group in self.groups]

    def _rate_group(self, start: int, end: int) -> GroupKind:
        before = self.code[max(0, start - _BEFORE_BYTES) : start]
        bracket = self.code[start : start + 1]
        if bracket == b'(':
            is_parameters = _DEFINES.search(before) is not None or (
                self.language == 'braces' and _BODY.match(self.code, end) is not None
            )
            return 'parameters' if is_parameters else 'call'
        is_block = bracket == b'{' and self.language == 'braces' and _BLOCK_BEFORE.search(before)
        return 'block' if is_block else 'object'

    def find_group(self, start: int, end: int) -> int:
        """Return the number of the innermost group around `start:end`, -1 where there is none."""
        number = bisect_right(self._starts, start) - 1
        while number >= 0 and self.groups[number].end < end:
            number = self.groups[number].parent
        return number

    def list_groups(self, start: int, end: int) -> list[int]:
        """List the groups around `start:end` within one statement, the innermost first."""
        found = []
        number = self.find_group(start, end)
        while number >= 0 and self.groups[number].kind != 'block':
            found.append(number)
            number = self.groups[number].parent
        return found

    def find_block(self, offset: int) -> int:
        """Return what identifies the block of statements that holds an offset.

        That is the first byte of the line or the bracket which begins it, -1 at the top.
        """
        if self.language == 'python':
            index = bisect_right(self._line_starts, offset) - 1
            return self._headers[index] if index >= 0 else -1
        number = self.find_group(offset, offset)
        while number >= 0 and self.groups[number].kind != 'block':
            number = self.groups[number].parent
        return self.groups[number].start if number >= 0 else -1

    def list_blocks(self, offset: int) -> list[int]:
        """List the blocks around an offset, the innermost first; -1 is the whole text."""
        found = [self.find_block(offset)]
        while found[-1] >= 0:
            if self.language == 'python':
                found.append(self.find_block(found[-1]))
            else:
                found.append(self.find_block(max(0, found[-1] - 1)))
        return found

    @property
    def _line_starts(self) -> list[int]:
        return self._lines[0]

    @property
    def _headers(self) -> list[int]:
        return self._lines[1]

    @cached_property
    def _lines(self) -> tuple[list[int], list[int]]:
        """Starts of the lines that begin statements, and of the lines that head their blocks."""
        starts: list[int] = []
        headers: list[int] = []
        open_lines: list[tuple[int, int]] = []  # indentation and start of the lines around
        for line in _LINE.finditer(self.code):
            indentation = len(line.group(1).expandtabs(8))
            if self.list_groups(line.end(), line.end()):
                continue  # a statement that goes on
            while open_lines and open_lines[-1][0] >= indentation:
                open_lines.pop()
            starts.append(line.start())
            headers.append(open_lines[-1][1] if open_lines else -1)
            open_lines.append((indentation, line.start()))
        return starts, headers


def _pair_bracket(
    token: re.Match[bytes], stack: list[int], brackets: list[tuple[int, int, int]]
) -> None:
    """Open a group, or close the last one where the brackets fit."""
    start, end = token.span()
    if token.lastgroup == 'open':
        brackets.append((start, -1, stack[-1] if stack else -1))
        stack.append(len(brackets) - 1)
        return
    if not stack:
        return
    first, _, parent = brackets[stack[-1]]
    if token.string[first : first + 1] == _PAIRS[token.group()]:
        brackets[stack.pop()] = (first, end, parent)
