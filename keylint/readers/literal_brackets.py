"""Write the lists and mappings of a program as those of JSON: tuples, sets, `dict(…)`.

Every byte keeps its place.
"""

from __future__ import annotations

import re

TEXT = (
    rb'"""(?:[^"\\]++|\\.|"(?!""))*+"""'
    rb'|\'\'\'(?:[^\'\\]++|\\.|\'(?!\'\'))*+\'\'\''
    rb'|"(?:[^"\\\n]++|\\.)*+"|\'(?:[^\'\\\n]++|\\.)*+\'|`[^`\n]*`'
)
COMMENT = rb'#[^\n]*|/\*.*?(?:\*/|\Z)|(?<!:)//[^\n]*'
TEXT_OR_COMMENT = (
    rb'(?P<text>' + TEXT + rb')|(?P<comment>' + COMMENT + rb')'
    rb'|(?P<open>[\[{(])|(?P<close>[\]})])'
)
TOKEN = re.compile(
    TEXT_OR_COMMENT + rb'|(?P<name>[A-Za-z_$][\w$.]*)|(?P<number>\d[\w.]*)|(?P<other>[^\s\w])',
    re.DOTALL,
)
JOINS = (b'=', b':', b'(', b',', b'[')
CALLS = (b'dict', b'OrderedDict')
# A value that is looked up by its name: `System.get_env("KEY")`, `env('KEY')`.
_LOOKED_UP = re.compile(
    rb'(?<=[:=>])(?P<name>[ \t]{0,8}[A-Za-z_$][\w$.:]{0,60}?'
    rb'(?i:env|secret|fetch|lookup|param)!?)'
    rb'\([ \t]{0,8}(?:"[^"\n]{0,80}"|\'[^\'\n]{0,80}\')[ \t]{0,8}\)'
)


def as_brackets(text: bytes) -> bytes:
    """Return the literal with tuples and sets of texts as lists and `dict(…)` as a mapping.

    Every byte keeps its place.
    """
    made = bytearray(_LOOKED_UP.sub(_blank_argument, text))
    stack: list[list[int]] = []  # start, how many texts and commas, how much else
    last = b''
    for token in TOKEN.finditer(text):
        kind, word, start = token.lastgroup, token.group(), token.start()
        if kind in ('comment', 'number'):
            continue
        if kind == 'open':
            is_call = word == b'(' and (
                start == 0 or (last in CALLS and text[start - len(last) : start] == last)
            )
            if is_call:
                made[start] = ord('{')
                made[start - len(last) : start] = b' ' * len(last)
            stack.append(
                [start, 0, int(word == b'[' or is_call or (word == b'(' and last not in JOINS))]
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


def _blank_argument(call: re.Match[bytes]) -> bytes:
    """Keep the name of a call that looks a value up: what it is given is no value here."""
    return call['name'] + b' ' * (len(call[0]) - len(call['name']))
