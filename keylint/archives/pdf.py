"""PDF: the text of pages whose fonts keep the letters of the file, and files that are attached. Pictures and fonts are never decoded.

Most office programs and browsers write glyphs by number instead: such text is not seen. Source: ISO 32000-1, 7.4, 7.5.7, 9.4.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from keylint.archives.decompress import Chunks, decompress
from keylint.core.limits import Budget, Member, Trouble, cut_off

_REACH = 3000
# The trailer, or the stream that stands for it, lies at one end of the file.
_TRAILER = 4096
_NO_TEXT = (
    b'/Image',
    b'/XRef',
    b'/Length1',
    b'/Length2',
    b'/FontFile',
    b'/ICCBased',
    b'/CIDFontType0C',
    b'/Type1C',
    b'/OpenType',
    b'/ShadingType',
)
_TOKEN = re.compile(
    rb'\(((?:[^()\\]++|\\.)*+)\)|<([0-9A-Fa-f\s]{2,})>|(?<![\d.])(-?\d{1,9}(?:\.\d{1,9})?)(?=\s*+[(<])|(?<![A-Za-z])(T\*|T[dDmjJ]|ET|\'|")(?![A-Za-z])',
    re.DOTALL,
)
_ESCAPE = re.compile(rb'\\(?:([0-7]{1,3})|\r?\n|(.))', re.DOTALL)
_SIMPLE = {b'n': b'\n', b'r': b'\n', b't': b'\t', b'b': b'', b'f': b''}
_BREAKS = (b'T*', b'Td', b'TD', b'Tm', b'ET', b"'", b'"')
# So far back, in thousandths of a letter's size, and it is a space.
_SPACE = -180
_LONGEST = 8 << 20
_STEP = 4096


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """The text of every page and the files in it."""
    if b'/Encrypt' in data[-_TRAILER:] or b'/Encrypt' in data[:_TRAILER]:
        yield Trouble('', 'encrypted: its text was not looked at')
        return
    position = number = 0
    while (position := data.find(b'stream', position)) >= 0:
        budget.tick()
        start = position + 6
        begin = data.rfind(b' obj', max(0, position - _REACH), position)
        before = (
            data[begin:position].rstrip()
            if begin >= 0 and data[position - 3 : position] != b'end'
            else b''
        )
        position = start
        if not before.endswith(b'>>') or any(word in before for word in _NO_TEXT):
            continue
        number += 1
        start += 2 if data[start : start + 2] == b'\r\n' else 1
        yield from _stream(f'stream {number}', before, data, start, budget)


def _stream(
    name: str, about: bytes, data: bytes, start: int, budget: Budget
) -> Iterator[Member | Trouble]:
    """What a stream holds; its end is looked for only where nothing compressed says it."""
    end = data.find(b'endstream', start)
    end = len(data) if end < 0 else end
    content: bytes = data[start : min(end, start + _LONGEST)]
    is_cut = end - start > _LONGEST
    if b'/ASCII85Decode' in about:
        try:
            content = base64.a85decode(
                b'<~' + content.strip().removesuffix(b'~>') + b'~>', adobe=True
            )
        except ValueError:
            return
    if b'/FlateDecode' in about:
        chunks = Chunks(
            decompress(
                'zlib',
                content if b'/ASCII85Decode' in about else memoryview(data)[start:end],
                budget,
            )
        )
        content = chunks.read(_LONGEST)
        is_cut = bool(chunks.peek(1))
    elif b'/Filter' in about and b'/ASCII85Decode' not in about:
        return
    is_own = b'/EmbeddedFile' in about or b'/ObjStm' in about
    text = content if is_own else _text(content, budget)
    if text.strip():
        yield Member(name, text)
    if is_cut:
        yield Trouble(name, cut_off(budget.limits._replace(member=_LONGEST)))


def _text(content: bytes, budget: Budget) -> bytes:
    """The strings that the operators of a page show, a line for each of its lines."""
    if b'BT' not in content:
        return b''
    parts: list[bytes] = []
    for count, token in enumerate(_TOKEN.finditer(content)):
        if not count % _STEP:
            budget.tick()
        string, digits, number, operator = token.groups()
        if string is not None:
            parts.append(_ESCAPE.sub(_unescaped, string))
        elif digits is not None:
            compact = b''.join(digits.split())
            parts.append(bytes.fromhex(compact[: len(compact) & ~1].decode()).replace(b'\x00', b''))
        elif number is not None:
            parts += [b' '] if float(number) < _SPACE else []
        elif operator in _BREAKS:
            parts.append(b'\n')
    return b''.join(parts)


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match.group(1):
        return bytes((int(match.group(1), 8) & 0xFF,))
    return _SIMPLE.get(match.group(2), match.group(2)) if match.group(2) else b''
