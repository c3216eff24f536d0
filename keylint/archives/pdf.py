"""PDF: text of pages whose fonts keep the letters of the file, and attached files.

Most office programs and browsers number their glyphs instead: such text is not found. Pictures and
fonts are never decoded. Source: ISO 32000-1, 7.4, 7.5.7, 9.4.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from keylint.archives.budget import Budget
from keylint.archives.decompress import ChunkReader, decompress
from keylint.archives.members import Member, Unreadable, describe_cut

# The dictionary of a stream begins at most this far before it.
_MAX_DICTIONARY_BYTES = 3000
# The trailer, or the stream that replaces it, is at one end of the file.
_TRAILER_BYTES = 4096
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
    rb'\(((?:[^()\\]++|\\.)*+)\)'  # a string
    rb'|<([0-9A-Fa-f\s]{2,})>'  # a string in hex
    rb'|(?<![\d.])(-?\d{1,9}(?:\.\d{1,9})?)(?=\s*+[(<])'  # the distance to the next string
    rb'|(?<![A-Za-z])(T\*|T[dDmjJ]|ET|\'|")(?![A-Za-z])',  # an operator
    re.DOTALL,
)
_ESCAPE = re.compile(rb'\\(?:([0-7]{1,3})|\r?\n|(.))', re.DOTALL)
_CONTROL_CHARACTERS = {b'n': b'\n', b'r': b'\n', b't': b'\t', b'b': b'', b'f': b''}
_LINE_BREAKS = (b'T*', b'Td', b'TD', b'Tm', b'ET', b"'", b'"')
# A distance below this, in thousandths of the font size, is a space.
_SPACE_DISTANCE = -180
_MAX_STREAM_BYTES = 8 << 20
_TOKENS_PER_TICK = 4096


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield the text of every page and the attached files."""
    if b'/Encrypt' in data[-_TRAILER_BYTES:] or b'/Encrypt' in data[:_TRAILER_BYTES]:
        yield Unreadable('', 'encrypted: its text was not looked at')
        return
    start = number = 0
    while (position := data.find(b'stream', start)) >= 0:
        budget.tick()
        start = position + len(b'stream')
        dictionary = _find_dictionary(data, position)
        if not dictionary.endswith(b'>>') or any(word in dictionary for word in _NO_TEXT):
            continue
        number += 1
        content = start + (2 if data[start : start + 2] == b'\r\n' else 1)
        yield from _read_stream(f'stream {number}', dictionary, data, content, budget)


def _find_dictionary(data: bytes, position: int) -> bytes:
    """Return the text between an object's beginning and its stream, empty if there is none."""
    if data[position - 3 : position] == b'end':
        return b''
    begin = data.rfind(b' obj', max(0, position - _MAX_DICTIONARY_BYTES), position)
    return data[begin:position].rstrip() if begin >= 0 else b''


def _read_stream(
    name: str, dictionary: bytes, data: bytes, start: int, budget: Budget
) -> Iterator[Member | Unreadable]:
    """Yield the text or the file in a stream, and a note if it was cut off."""
    end = data.find(b'endstream', start)
    end = len(data) if end < 0 else end
    content: bytes = data[start : min(end, start + _MAX_STREAM_BYTES)]
    is_cut = end - start > _MAX_STREAM_BYTES
    is_ascii = b'/ASCII85Decode' in dictionary
    if is_ascii:
        try:
            text = content.strip().removesuffix(b'~>')
            content = base64.a85decode(b'<~' + text + b'~>', adobe=True)
        except ValueError:
            return
    if b'/FlateDecode' in dictionary:
        packed = content if is_ascii else memoryview(data)[start:end]
        chunks = ChunkReader(decompress('zlib', packed, budget))
        content = chunks.read(_MAX_STREAM_BYTES)
        is_cut = bool(chunks.peek(1))
    elif b'/Filter' in dictionary and not is_ascii:
        return
    is_file = b'/EmbeddedFile' in dictionary or b'/ObjStm' in dictionary
    text = content if is_file else _extract_page_text(content, budget)
    if text.strip():
        yield Member(name, text)
    if is_cut:
        yield Unreadable(name, describe_cut(_MAX_STREAM_BYTES))


def _extract_page_text(content: bytes, budget: Budget) -> bytes:
    """Join the strings that a page's operators show, one line for each line of the page."""
    if b'BT' not in content:
        return b''
    parts: list[bytes] = []
    for count, token in enumerate(_TOKEN.finditer(content)):
        if not count % _TOKENS_PER_TICK:
            budget.tick()
        string, digits, distance, operator = token.groups()
        if string is not None:
            parts.append(_ESCAPE.sub(_replace_escape, string))
        elif digits is not None:
            compact = b''.join(digits.split())
            parts.append(bytes.fromhex(compact[: len(compact) & ~1].decode()).replace(b'\x00', b''))
        elif distance is not None:
            if float(distance) < _SPACE_DISTANCE:
                parts.append(b' ')
        elif operator in _LINE_BREAKS:
            parts.append(b'\n')
    return b''.join(parts)


def _replace_escape(escape: re.Match[bytes]) -> bytes:
    octal, letter = escape.groups()
    if octal:
        return bytes((int(octal, 8) & 0xFF,))
    return _CONTROL_CHARACTERS.get(letter, letter) if letter else b''
