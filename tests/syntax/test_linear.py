"""The reader's work grows with the text, whatever stands on one line: counted in lines of code.

No clock: a trace counts the lines that Python executes. What is added to a
text may take no more of them where it stands behind more.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import pytest

from keylint.core.terms import PartKind
from keylint.rules.recipes import expand_recipes
from keylint.syntax.lexer import split_tokens
from keylint.syntax.values import ValueReader

STEP = 110
MAX_GROWTH = 1.1

# One piece of text, which is repeated; `§` is a value of its own in each, `#` a number.
PIECES = {
    'JSON of one line': '"k#":"§",',
    'a list': '"§",',
    'a row of CSV': '§,',
    'assignments': 'a#="§";',
    'declarations': 'a#="§",',
    'calls': 'f("a","§");',
    'a chain of calls': '.f("§")',
    'calls in calls': 'f("§",',
    'lists in lists': '["§",',
    'mappings in mappings': '{"§":',
    'rows': '["§","§"],',
    'a row of a table': '§|',
    'rows of a table': '|§|§|\n',
    'a list of YAML': '  - §\n',
    'a list of YAML with blank lines': '  - §\n\n\n',
    'a sum': '"§"+',
    'tags': '<a b="c" d="§">§</a>',
    'labels': 'API Key\n§\n',
    'comments': '#"k" "§"\n',
    'returns': 'return "§";',
    'returned values': 'return "§",',
    'second branches': 'a if b else "§" ',
    'choices': 'a?"§":',
    'lines in a call': '"§"\n',
    'names and values': '{"name":"API_KEY","value":"§"},',
    'names and values outside of brackets': '"name":"API_KEY","value":"§",',
    'sentences': 'the key is § ',
    'parameters of an address': '&a=§',
    'escaped quotes': '\\"§\\",',
    'quotes that do not close': "'§ ",
    'brackets that do not close': '(§ ',
    'brackets of the wrong kind': '[(§} ',
    'named parameters': '("§"), b=',
    'backslashes': '\\\\\\\\§ ',
    'words of a type': 'a::<b>::c("§") ',
    'columns': '("§","§"),',
    'here-strings': 'put a <<< "§" ',
    'pipes': 'echo "§" | create a ; ',
    'options': '--name a --value "§" ',
    'ends of here-documents': 'a = <<EOT\n§\nEOT\n',
}
# What stands before the pieces, if anything: once for all, or as often as the pieces.
BEFORE = {
    'nothing': lambda count: '',
    'a call': lambda count: 'f(',
    'a list with names of columns': lambda count: 'parametrize("a,b",[',
    'targets': lambda count: ','.join(f'a{n}' for n in range(count)) + '=',
    'blank lines': lambda count: 'f(\n' + '\n' * count,
    'brackets': lambda count: '[' * count,
    'a long name': lambda count: 'a' * count + '(',
    'an owner of many names': lambda count: '::'.join('a' * count) + '(',
    'articles': lambda count: 'the ' * count,
    'dashes': lambda count: '-' * count,
    'a head of a table': lambda count: '|a' * count + '|\n|',
    'a string': lambda count: '"',
}


def make_text(before: Callable[[int], str], piece: str, count: int) -> bytes:
    values = (expand_recipes('{alnum:20}', str(number)) for number in range(10 * count))
    pieces = ''.join(piece.replace('#', str(number)) for number in range(count)).split('§')
    text = pieces[0] + ''.join(next(values) + rest for rest in pieces[1:])
    return (before(count) + text).encode()


def count_lines(work: Callable[[], object]) -> int:
    """Count the lines of Python that a call executes."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == 'line'
        return trace

    former = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(former)
    return count


def read_name(name: str) -> tuple[PartKind | None, bool]:
    return ('secret' if name.endswith('secret') else None), False


def read_all(data: bytes) -> None:
    reader = ValueReader(data, read_name)
    list(reader.read(0, len(data)))


# All pieces alone, and some behind each beginning.
COMBINED = ('a list', 'a row of CSV', 'a row of a table', 'a sum')
CASES = [
    (piece, before)
    for piece in PIECES
    for before in BEFORE
    if before == 'nothing' or piece in COMBINED
]


@pytest.mark.parametrize(('piece', 'before'), CASES)
def test_the_reader_is_linear(piece: str, before: str) -> None:
    texts = [make_text(BEFORE[before], PIECES[piece], STEP * size) for size in (1, 2, 3)]
    for text in texts:
        read_all(text)  # what is remembered of names is in all caches, of all texts
    small, middle, large = (count_lines(partial(read_all, text)) for text in texts)
    assert large - middle < MAX_GROWTH * (middle - small)


@pytest.mark.parametrize('text', ['\\', '\\"', '"\\', "'\\'", '&quot;', '{', '\\\\n', '[', 'a.'])
def test_the_lexer_reads_each_byte_a_few_times(text: str) -> None:
    small, large = (
        len(split_tokens(text.encode() * count, 0, count * len(text))) for count in (300, 1200)
    )
    assert large <= 4 * small + 4
