"""Show a line of a file by what may be shown of it: names, operators, keywords, punctuation.

Reports are read by others than the file, in logs of CI systems above all. On the line of a finding
stand more secrets than rules know: a PIN, a recovery phrase with a wrong word, what `-u` hands to
curl. So nothing is shown because it is unknown. Contents of strings, numbers, and what stands right
of `=` and `:` become an ellipsis, in programs and data alike; in prose, comments and command lines
only the words of `keylint.validators.plain_words` are left.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

from keylint.core.lazy_modules import defer_module
from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.findings.comments import CommentMap
from keylint.findings.excerpt_text import finish_line, show_code, show_text
from keylint.readers.formats import ending_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
else:
    ast = defer_module('ast')

# Languages whose values are quoted, so that a bare word is a name. All else is read as text.
_CODE_ENDINGS = frozenset(
    """py pyi pyw js jsx mjs cjs ts tsx go rs java kt kts scala swift c cc cpp cxx h hpp cs d dart
    sol php rb lua pl pm groovy gradle json jsonc json5 hjson webmanifest postman_collection har
    proto sql zig tf tfvars hcl toml ipynb""".split()
)
# A string that stands in a list, as each line of a cell does.
_LISTED_STRING = defer_regex(
    r'(?:^|(?<=\[)|(?<=,))\s*"((?:[^"\\]|\\.)*+)"(?=\s*(?:[,\]]|$))', re.DOTALL
)


# Where a comment or a string begins and ends, in bytes of the file, and whether it is a comment.
MarkedSpan = tuple[int, int, bool]


def is_code(path: str) -> bool:
    """Tell whether values are quoted in a file, as its ending says."""
    return ending_of(path) in _CODE_ENDINGS


class ExcerptMaker:
    """Make what is shown of the lines of one file.

    `marks` are the comments and strings of the whole file, in bytes: a line may begin in either.
    """

    def __init__(self, path: str, marks: CommentMap, issuers: frozenset[str]) -> None:
        self._ending = ending_of(path)
        self._is_code = is_code(path)
        self._marks = marks
        self._issuers = issuers

    def show_line(self, line: bytes, start: int) -> str:
        """Return what may be shown of a line whose first byte is at `start` in the file.

        Zeros stand for what rules found.
        """
        if self._ending == 'ipynb':
            return self._show_notebook_line(line.decode('utf-8', 'replace'))
        shown = ''.join(
            show_text(text, self._issuers) if is_text else show_code(text, self._issuers)
            for text, is_text in self._split_line(line, start)
        )
        return finish_line(shown)

    def _split_line(self, line: bytes, start: int) -> Iterator[tuple[str, bool]]:
        """Cut a line where code, and comments or strings of several lines, meet."""
        if not self._is_code:
            yield from self._split_comments(line, start)
            return
        at, end = start, start + len(line)
        for first, last, is_comment in self._list_marks(start, end):
            if not is_comment and first >= start and last <= end:
                continue  # a string within the line is a token of it
            first, last = max(first, at), min(last, end)
            if first >= last:
                continue
            yield _decode(line[at - start : first - start]), False
            yield _decode(line[first - start : last - start]), True
            at = last
        yield _decode(line[at - start :]), False

    def _split_comments(self, line: bytes, start: int) -> Iterator[tuple[str, bool]]:
        at, end = start, start + len(line)
        for first, last, is_comment in self._list_marks(start, end):
            if is_comment and max(first, at) < min(last, end):
                yield _decode(line[at - start : max(first, at) - start]), True
                yield _decode(line[max(first, at) - start : min(last, end) - start]), True
                at = min(last, end)
        yield _decode(line[at - start :]), True

    def _list_marks(self, start: int, end: int) -> Iterator[MarkedSpan]:
        """Yield the comments and strings that reach into a stretch of the file."""
        spans, ends = self._ordered_marks
        at = bisect_right(ends, start)
        while at < len(spans) and spans[at][0] < end:
            if spans[at][1] > start:
                yield spans[at]
            at += 1

    @cached_property
    def _ordered_marks(self) -> tuple[list[MarkedSpan], list[int]]:
        """The comments and strings in their order, and for each the last byte that is reached."""
        spans = [(first, last, True) for first, last in self._marks.comments]
        spans += [(first, last, False) for first, last in self._marks.strings]
        spans.sort()
        return spans, list(accumulate((last for _, last, _ in spans), max))

    def _show_notebook_line(self, line: str) -> str:
        """Show the source in the strings of a line; keys and other values as in any JSON."""
        shown: list[str] = []
        at = 0
        for string in _LISTED_STRING.finditer(line):
            before = line[at : string.start(1) - 1]
            source = string[1].removesuffix('\\n')
            tail = string[1][len(source) :]
            shown += [show_code(before, self._issuers), f'"{self._show_source(source)}{tail}"']
            at = string.end()
        shown.append(show_code(line[at:], self._issuers))
        return finish_line(''.join(shown))

    def _show_source(self, source: str) -> str:
        """Show a line of a cell: as code if it is some, else as text, such as an output's."""
        text = source.replace('\\"', '"')
        code, sign, comment = text.partition(' #')
        if not _is_python(code):
            return show_text(text, self._issuers)
        shown = show_code(code, self._issuers)
        return shown + (sign + show_text(comment, self._issuers) if sign else '')


def _is_python(line: str) -> bool:
    """Tell whether a line is a statement that does something: a bare word may be an output's."""
    try:
        body = ast.parse(line.strip().replace('\x00', '_')).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(body) and all(
        isinstance(node, ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
        for node in body
    )


def _decode(data: bytes) -> str:
    return data.decode('utf-8', 'replace')
