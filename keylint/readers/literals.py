"""Dictionaries and lists that stand as literals in program text, in any language with braces: Python, JavaScript, TypeScript, Go.

One pass over the tokens, no grammar: a broken or old file gives what can be read of it. Names are those that the literal is assigned to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.model import Setting
from keylint.readers.jsonlike import settings as document

_TOKEN = re.compile(
    rb'(?P<text>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`[^`\n]*`)'
    rb'|(?P<comment>#[^\n]*|/\*.*?(?:\*/|\Z)|(?<!:)//[^\n]*)|(?P<open>[\[{(])|(?P<close>[\]})])|(?P<name>[A-Za-z_$][\w$.]*)|(?P<other>[^\s\w])',
    re.DOTALL,
)
_JOINS = (b'=', b':', b'(', b',', b'[')
_LEADS = (b'return', b'yield', b'await', b'json', b'jsonc', b'data')
_MOST = 2000
_DEEPEST = 200


def literals(data: bytes, is_prose: bool) -> Iterator[tuple[Setting, ...]]:
    """The settings of each literal; with `is_prose` also of those that begin a line. The name of the literal heads every path."""
    for name, start, end in regions(data, is_prose):
        inner = document(data[start:end], whole=True)
        yield tuple(Setting((name, *s.path), s.value, start + s.start, start + s.end) for s in inner)


def regions(data: bytes, is_prose: bool) -> Iterator[tuple[str, int, int]]:
    """Name and byte span of every outermost literal in braces or brackets."""
    stack: list[tuple[int, bool, str]] = []  # start, whether an outermost literal, its name
    last = name = b''
    found = 0
    for token in _TOKEN.finditer(data):
        kind = token.lastgroup
        if kind == 'comment':
            continue
        text = token.group()
        if kind == 'open':
            is_literal = text != b'(' and (last in _JOINS or last in _LEADS or (is_prose and _begins_line(data, token.start())))
            is_inner = any(literal for _, literal, _ in stack)
            stack.append((token.start(), is_literal and not is_inner, name.decode('utf-8', 'replace')))
            if len(stack) > _DEEPEST:
                return
        elif kind == 'close' and stack:
            start, is_literal, own = stack.pop()
            if is_literal:
                yield own, start, token.end()
                found += 1
                if found > _MOST:
                    return
        elif kind == 'name' and text not in _LEADS:
            name = text
        elif text in (b';',):
            name = b''
        last = text


def _begins_line(data: bytes, start: int) -> bool:
    line = data.rfind(b'\n', 0, start) + 1
    return not data[line:start].strip(b' \t>`')
