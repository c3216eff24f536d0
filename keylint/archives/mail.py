"""Mail: bodies and attachments of `.eml` files and mailboxes in quoted-printable or base64.

Parts without an encoding are scanned as plain text. Messages are read line by line and without
recursion: the standard library's parser recurses into parts and keeps them all in memory as text.
Source: RFC 2045 and 2046; RFC 4155 for mailboxes.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from keylint.archives.budget import Budget
from keylint.archives.members import Member, Unreadable, describe_cut

_MESSAGE = re.compile(rb'(?m)^From [^\r\n]*\r?\n')
_BOUNDARY = re.compile(rb'(?i)\bboundary="?([^"\s;]{1,70})')
_DELIMITER = re.compile(rb'(?m)^--([^\r\n]{1,74})\r?$\n?')
_BLANK = re.compile(rb'\r?\n\r?\n')
_ENCODING = re.compile(rb'(?im)^content-transfer-encoding:[ \t]*(quoted-printable|base64)\b')
_TYPE = re.compile(rb'(?im)^content-type:\s*([\w.+-]+/[\w.+-]+)')
_NAME = re.compile(rb'(?i)\b(?:file)?name\*?="?(?:utf-8\'\')?([^"\r\n;]{1,300})')
_NO_BASE64 = re.compile(rb'[^A-Za-z0-9+/]+')
_MAX_HEADER_BYTES = 1 << 16
# Messages nested in messages: each has its own headers.
_MAX_DEPTH = 5
_ENDINGS = {b'text/html': 'html', b'application/json': 'json', b'text/csv': 'csv'}


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield the encoded parts of all messages.

    In a mailbox the names begin with the number of the message.
    """
    if not data.startswith(b'From '):
        yield from _read_message('', data, budget)
        return
    marks = [mark.span() for mark in _MESSAGE.finditer(data)]
    ends = [start for start, _ in marks[1:]] + [len(data)]
    for number, ((_, start), end) in enumerate(zip(marks, ends, strict=False), 1):
        label = f'{number}/' if len(marks) > 1 else ''
        yield from _read_message(label, data[start:end], budget)


def _read_message(label: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    boundaries = {boundary.group(1) for boundary in _BOUNDARY.finditer(data)}
    delimiters = _find_delimiters(data, boundaries) if boundaries else []
    position = 0
    for number, (start, end) in enumerate([*delimiters, (len(data), len(data))], 1):
        budget.tick()
        yield from _read_part(label, number, data[position:start], budget)
        position = end


def _find_delimiters(data: bytes, boundaries: set[bytes]) -> list[tuple[int, int]]:
    """List the spans of the lines that separate parts."""
    spans = []
    for line in _DELIMITER.finditer(data):
        boundary = line.group(1).rstrip()
        if boundary in boundaries or boundary.removesuffix(b'--') in boundaries:
            spans.append(line.span())
    return spans


def _read_part(
    label: str, number: int, data: bytes, budget: Budget
) -> Iterator[Member | Unreadable]:
    """Yield the decoded body of a part; `number` names it if its headers do not."""
    head, content_type, data = _split_headers(data)
    encoding = _ENCODING.search(head)
    if encoding is None:
        return
    if encoding.group(1).lower() == b'quoted-printable':
        body = binascii.a2b_qp(data)
    else:
        body = _decode_base64(data)
    budget.take(len(body))
    own_name = _NAME.search(head)
    if own_name:
        name = label + own_name.group(1).decode('utf-8', 'replace').strip()
    else:
        name = f'{label}{number}.{_ENDINGS.get(content_type, "txt")}'
    max_bytes = budget.limits.member
    if body:
        yield Member(name, body[:max_bytes])
    if len(body) > max_bytes:
        yield Unreadable(name, describe_cut(max_bytes))


def _split_headers(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Split a part into headers, content type in lower case and body.

    For a message in a part, these are the message's own; the headers are empty if they do not end.
    """
    head = content_type = b''
    for _ in range(_MAX_DEPTH):
        end = _BLANK.search(data, 0, _MAX_HEADER_BYTES)
        if end is None:
            return b'', b'', data
        head, data = data[: end.start()], data[end.end() :]
        match = _TYPE.search(head)
        content_type = match.group(1).lower() if match else b''
        if not content_type.startswith(b'message/'):
            break
    return head, content_type, data


def _decode_base64(data: bytes) -> bytes:
    """Decode base64 leniently: other characters are skipped, a lone last one is dropped."""
    letters = _NO_BASE64.sub(b'', data)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b'=' * (-len(letters) % 4))
