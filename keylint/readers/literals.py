"""Read dictionaries and lists that stand as literals in a program of any language with braces.

One pass over the tokens, no grammar: a broken or old file gives what can be read of it. Names are
those that the literal is assigned to. Python's tuples and sets of texts are lists, and its
`dict(name=value)` is a mapping.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from keylint.core.model import Setting
from keylint.readers.json import stream_json

# A token with the blanks before it: passing over those by themselves costs as much again.
_TOKEN = re.compile(
    rb'\s*+(?:(?P<text>"""(?:[^"\\]++|\\.|"(?!""))*+"""'
    rb'|\'\'\'(?:[^\'\\]++|\\.|\'(?!\'\'))*+\'\'\''
    rb'|"(?:[^"\\\n]++|\\.)*+"|\'(?:[^\'\\\n]++|\\.)*+\'|`[^`\n]*`)'
    rb'|(?P<comment>#[^\n]*|/\*.*?(?:\*/|\Z)|(?<!:)//[^\n]*)'
    rb'|(?P<open>[\[{(])|(?P<close>[\]})])|(?P<name>[A-Za-z_$][\w$.]*)'
    rb'|(?P<number>\d[\w.]*)|(?P<other>[^\s\w]))',
    re.DOTALL,
)
_JOINS = (b'=', b':', b'(', b',', b'[')
_LEADS = (b'return', b'yield', b'await', b'json', b'jsonc', b'data')
_CALLS = (b'dict', b'OrderedDict')
_MOST = 20_000


def read_literals(data: bytes, is_prose: bool) -> Iterator[Iterator[Setting]]:
    """Yield the settings of each literal; with `is_prose` also of those that begin a line.

    The name of the literal heads every path.
    """
    for name, start, end in islice(find_literals(data, is_prose), _MOST + 1):
        yield _settings(name, start, _as_brackets(data[start:end]))


def _settings(name: str, start: int, text: bytes) -> Iterator[Setting]:
    for setting in stream_json(text):
        yield Setting(
            (name, *setting.path), setting.value, start + setting.start, start + setting.end
        )


def _as_brackets(text: bytes) -> bytes:
    """Return the literal with tuples and sets of texts as lists and `dict(…)` as a mapping.

    Every byte keeps its place.
    """
    made = bytearray(text)
    stack: list[list[int]] = []  # start, how many texts and commas, how much else
    last = b''
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind is None or kind in ('comment', 'number'):
            continue
        word, start = token[kind], token.start(kind)
        if kind == 'open':
            is_call = word == b'(' and (
                start == 0 or (last in _CALLS and text[start - len(last) : start] == last)
            )
            if is_call:
                made[start] = ord('{')
                made[start - len(last) : start] = b' ' * len(last)
            stack.append(
                [start, 0, int(word == b'[' or is_call or (word == b'(' and last not in _JOINS))]
            )
        elif kind == 'close' and stack:
            first, inner, others = stack.pop()
            if word == b')' and made[first] == ord('{'):
                made[start] = ord('}')
            elif not others and inner > (word == b')') and word != b']':
                made[first], made[start] = b'[]'
            if stack:
                stack[-1][2] += 1
        elif stack:
            stack[-1][1 if kind == 'text' or word == b',' else 2] += 1
        last = word
    return bytes(made)


def find_literals(data: bytes, is_prose: bool) -> Iterator[tuple[str, int, int]]:
    """Yield name and byte span of every outermost literal in braces or brackets."""
    stack: list[tuple[int, bool, str]] = []  # start, whether an outermost literal, its name
    last = name = b''
    annotated = (b'', 0)  # a name with a type, and where the type begins
    inside = 0
    for token in _TOKEN.finditer(data):
        kind = token.lastgroup
        if kind is None or kind == 'comment':
            continue
        text = token[kind]
        if kind == 'open':
            start = token.start(kind)
            is_value = text != b'(' and (
                last in _JOINS or last in _LEADS or (is_prose and _begins_line(data, start))
            )
            is_literal = not inside and (is_value or (text == b'(' and last in _CALLS))
            stack.append((start, is_literal, name.decode('utf-8', 'replace')))
            inside += is_literal
        elif kind == 'close' and stack:
            start, is_literal, own = stack.pop()
            if is_literal:
                yield own, start, token.end()
                inside -= 1
        elif kind == 'name' and text not in _LEADS and text not in _CALLS:
            name = text
        elif text == b';':
            name = b''
        elif text == b':' and not stack:
            annotated = name, token.end()
        elif text == b'=' and annotated[0]:
            name = (
                annotated[0]
                if not stack and b'\n' not in data[annotated[1] : token.start(kind)]
                else name
            )
            annotated = b'', 0
        last = text


def _begins_line(data: bytes, start: int) -> bool:
    line = data.rfind(b'\n', 0, start) + 1
    return not data[line:start].strip(b' \t>`')
