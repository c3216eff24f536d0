"""The nesting of a text: brackets paired over its tokens, and the start of each operand."""

from __future__ import annotations

from collections.abc import Sequence

from keylint.syntax.lexer import Token
from keylint.syntax.places import TokenPlaces

_OPENING = {b')': b'(', b']': b'[', b'}': b'{'}
# How many brackets may be out of order before one counts as lost.
_MAX_LOST_BRACKETS = 3
# Operators within an operand: `a.b`, `a?.b`, `a::b`, `&a`, `*a`, `!a`.
_MEMBER = frozenset((b'.', b'?.', b'::', b'->', b'!', b'?'))
# Operators that may begin a line: a chain of calls with each call on its own line.
_DOTS = frozenset((b'.', b'?.'))
_PREFIXES = frozenset((b'&', b'*', b'!', b'@', b'$', b'-', b'#', b'\\'))
# Marks of comments, and of lines that a patch adds.
_LINE_MARKS = frozenset((b'#', b'//', b'+'))
_PREFIX_WORDS = frozenset((b'new', b'await', b'not', b'typeof', b'yield', b'mut', b'ref', b'move'))


class TokenOutline:
    """The tokens of a text and its brackets.

    `opener` has for each token the index of the enclosing bracket, or -1; for a closing bracket,
    that of its opening bracket. `closer` has for each opening bracket the index of its end, unless
    it is still open at the end of the text. `line_marks` are the marks of comments and of added
    lines at the beginnings of lines: code after them is read as usual. `line_starts` has for each
    token the index of the first other token of its line, `solid` that of the last token up to it
    that is neither a line break nor such a mark, or -1.
    """

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.opener, self.closer = _pair_brackets(tokens)
        self.line_marks = _find_line_marks(tokens)
        self.line_starts, self.solid = _list_lines(tokens, self.line_marks)
        self.places = TokenPlaces(tokens, self.opener)
        self._operands: dict[int, int] = {}

    def find_operand(self, index: int) -> int:
        """Return the index of the first token of the operand that ends with the token at `index`.

        An operand is a word, a string, a bracket with its content, or a chain of them:
        `z.string().min(8).default`.
        """
        operands = self._operands
        first = self._skip_bracket(index)
        passed = []
        while first not in operands:
            passed.append(first)
            joined = self._find_joined(first) if first > 0 else -1
            if joined < 0:
                operands[first] = self._skip_prefixes(first)
                break
            first = joined
        start = operands[first]
        for place in passed:
            operands[place] = start
        return start

    def _find_joined(self, first: int) -> int:
        """Return the start of the piece to the left that belongs to the operand; -1 for none."""
        token, before = self.tokens[first], self.tokens[first - 1]
        if token.is_spaced:
            return self._find_generic(first)
        if before.kind == 'operator' and before.text in _MEMBER:
            return self._find_owner(first, before)
        is_call = token.kind == 'open' or token.text[:1] == b'.'
        if is_call and before.kind in ('word', 'close'):
            return self._skip_bracket(first - 1)
        return self._find_generic(first)

    def _find_owner(self, first: int, member: Token) -> int:
        """Return the start of the expression before a dot, also on the line above."""
        is_dot = member.text in _DOTS
        place = self.solid[first - 2] if is_dot and first > 1 else first - 2
        if place < 0 or self.tokens[place].kind in ('operator', 'line', 'open'):
            return -1
        return self._skip_bracket(place) if is_dot or not member.is_spaced else -1

    def find_callee(self, opener: int) -> int:
        """Return the last token of a bracket's callee, without type arguments."""
        generic = self._find_generic(opener)
        return generic if generic >= 0 else opener - 1

    def _find_generic(self, first: int) -> int:
        """Return the start of a call with type arguments: `parse::<Key>(`."""
        if self.tokens[first].kind != 'open' or not _is_generic(self.tokens, first - 1):
            return -1
        return _skip_generic(self.tokens, first - 1)

    def _skip_bracket(self, index: int) -> int:
        if self.tokens[index].kind == 'close' and self.opener[index] >= 0:
            return self.opener[index]
        return index

    def _skip_prefixes(self, first: int) -> int:
        while first > 0 and first - 1 not in self.line_marks:
            before = self.tokens[first - 1]
            if before.text in _PREFIX_WORDS or (
                before.kind == 'operator'
                and before.text in _PREFIXES
                and not self.tokens[first].is_spaced
                and (before.is_spaced or self.tokens[first - 2].kind in ('open', 'operator'))
            ):
                first -= 1
            elif before.text == b']' and self.opener[first - 1] == first - 2:
                first -= 2  # `[]byte(…)`
            else:
                break
        return first

    def find_end(self, opener: int) -> int:
        """Return the end of an opening bracket: its closing one, or the end of the text."""
        return self.closer.get(opener, len(self.tokens))


def _pair_brackets(tokens: Sequence[Token]) -> tuple[list[int], dict[int, int]]:
    opener: list[int] = []
    closer: dict[int, int] = {}
    stack: list[int] = []
    for index, token in enumerate(tokens):
        kind = token.kind
        if kind == 'close':
            opening = _OPENING[token.text]
            for lost in _drop_lost(stack, tokens, opening):
                closer[lost] = index
            if stack and tokens[stack[-1]].text == opening:
                closer[stack[-1]] = index
                opener.append(stack.pop())
            else:
                opener.append(-1)
            continue
        opener.append(stack[-1] if stack else -1)
        if kind == 'open':
            stack.append(index)
    return opener, closer


def _find_line_marks(tokens: Sequence[Token]) -> frozenset[int]:
    """Find the first tokens of lines that only mark a comment or an added line."""
    return frozenset(
        index
        for index, token in enumerate(tokens)
        if token.kind == 'operator'
        and token.text in _LINE_MARKS
        and (not index or tokens[index - 1].kind == 'line')
        and (token.text != b'+' or not token.is_spaced)
        and not _is_heading(tokens, index)
    )


def _is_heading(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a line begins as a heading in Markdown does, below the first: `## Keys`."""
    following = tokens[index + 1 : index + 2]
    return (
        tokens[index].text == b'#'
        and bool(following)
        and following[0].text == b'#'
        and not following[0].is_spaced
    )


def _list_lines(tokens: Sequence[Token], marks: frozenset[int]) -> tuple[list[int], list[int]]:
    """List for each token the start of its line, and the last solid token up to it."""
    starts: list[int] = []
    solid: list[int] = []
    start, last = 0, -1
    for index, token in enumerate(tokens):
        if index in marks:
            start = index + 1
        elif token.kind != 'line':
            last = index
        starts.append(start)
        if token.kind == 'line':
            start = index + 1
        solid.append(last)
    return starts, solid


def _drop_lost(stack: list[int], tokens: Sequence[Token], opening: bytes) -> list[int]:
    """Drop brackets that are never closed, if the bracket that closes here is below them."""
    for depth in range(1, min(len(stack), _MAX_LOST_BRACKETS) + 1):
        if tokens[stack[-depth]].text == opening:
            first = len(stack) - depth + 1
            lost = stack[first:]
            del stack[first:]
            return lost
    return []


def _is_generic(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a `>` closes type arguments: `Optional<String>`, `Hmac::<Sha256>`."""
    return tokens[index].text == b'>' and _skip_generic(tokens, index) != index


def _skip_generic(tokens: Sequence[Token], index: int) -> int:
    for place in range(index - 1, max(-1, index - 12), -1):
        token = tokens[place]
        if token.text == b'<' and place and tokens[place - 1].kind in ('word', 'operator'):
            return place - 1
        if token.kind in ('line', 'open', 'string'):
            break
    return index
