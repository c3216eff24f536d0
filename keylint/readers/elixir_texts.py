"""Read Elixir's maps, keyword lists and configurations as literals with braces.

Every byte keeps its place.
"""

from __future__ import annotations

import re

ELIXIR_ENDINGS = ('ex', 'exs')
# `config :bot, :exchange, name: "kraken", …`, whose lines go on while they are indented.
_CONFIG = re.compile(
    rb'(?m)^(?P<margin>[ \t]*)config[ \t]+:\w+(?:,[ \t]*[:\w.]+)*(?P<open>,\s)\s*(?=\w+:\s)'
    rb'[^\n]*(?:\n(?P=margin)[ \t]+[^\n]*)*(?P<close>\n|\Z)'
)
_MAP = re.compile(rb'%(?:[A-Z][\w.]*)?\{')
# A keyword list: brackets whose first entry has a name.
_KEYWORDS = re.compile(rb'\[(?=\s*[a-z]\w*:\s)')
_SIGIL = re.compile(rb'~w(?P<open>[(\[{|/])(?P<words>[^)\]}|/\n]{0,2000})[)\]}|/]a?')
_BRACKET = re.compile(rb'(?P<open>[\[{(])|[\]})]')
_ATOM = re.compile(rb'(?<=[\s,\[({]):(?=[a-z]\w*\b)')

# Brackets further apart are no list of keywords, and more blanks before one no statement.
_MAX_BYTES, _MAX_BLANKS = 20_000, 200


def to_braces(data: bytes) -> bytes:
    """Return a program in Elixir with its maps and keyword lists as mappings in braces."""
    made = bytearray(_SIGIL.sub(_list_words, data))
    for config in _CONFIG.finditer(data):
        start, end = config.start('open'), config.start('close')
        if end < len(data):
            made[start : start + 2], made[end] = b'={', ord('}')
    made = bytearray(_MAP.sub(lambda found: b'=' + b' ' * (len(found[0]) - 2) + b'{', bytes(made)))
    made = bytearray(_ATOM.sub(b' ', bytes(made)))
    text = bytes(made)
    closing = _pair_brackets(text)
    for keywords in _KEYWORDS.finditer(text):
        start = keywords.start()
        _turn_into_mapping(made, start, closing.get(start, len(text)))
    return bytes(made)


def _pair_brackets(text: bytes) -> dict[int, int]:
    """Map the offset of each bracket to that of the one which closes it, of whatever kind."""
    pairs: dict[int, int] = {}
    stack: list[int] = []
    for bracket in _BRACKET.finditer(text):
        if bracket['open']:
            stack.append(bracket.start())
        elif stack:
            pairs[stack.pop()] = bracket.start()
    return pairs


def _list_words(sigil: re.Match[bytes]) -> bytes:
    """Turn `~w(read trade)` into a list of the same length."""
    words = b','.join(sigil['words'].split())
    text = b'[' + words + b']'
    return b' ' * (len(sigil[0]) - len(text)) + text


def _turn_into_mapping(made: bytearray, start: int, end: int) -> None:
    """Turn the brackets of a keyword list into braces, and let a literal begin there."""
    if end < min(len(made), start + _MAX_BYTES):
        made[start], made[end] = b'{}'
    if start and made[start - 1] in b' \t':
        before = bytes(made[max(0, start - _MAX_BLANKS) : start]).rstrip()[-1:]
        if before not in (b'=', b':', b'(', b',', b'[', b'{'):
            made[start - 1] = ord('=')
