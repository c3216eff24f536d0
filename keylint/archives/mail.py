"""Mail: `.eml` files and mailboxes. Bodies and attachments in quoted-printable or base64; what stands as it is, is seen as it is.

Read by hand, line by line and without recursion: the standard library's parser descends into parts and holds them all as text.
Source: RFC 2045 and 2046; RFC 4155 for mailboxes.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from keylint.core.limits import Budget, Member, Trouble, cut_off

_MESSAGE = re.compile(rb'(?m)^From [^\r\n]*\r?\n')
_BOUNDARY = re.compile(rb'(?i)\bboundary="?([^"\s;]{1,70})')
_DELIMITER = re.compile(rb'(?m)^--([^\r\n]{1,74})\r?$\n?')
_BLANK = re.compile(rb'\r?\n\r?\n')
_ENCODING = re.compile(rb'(?im)^content-transfer-encoding:[ \t]*(quoted-printable|base64)\b')
_TYPE = re.compile(rb'(?im)^content-type:\s*([\w.+-]+/[\w.+-]+)')
_NAME = re.compile(rb'(?i)\b(?:file)?name\*?="?(?:utf-8\'\')?([^"\r\n;]{1,300})')
_NO_BASE64 = re.compile(rb'[^A-Za-z0-9+/]+')
_LONGEST_HEADER = 1 << 16
_DEEPEST = 5
_ENDINGS = {b'text/html': 'html', b'application/json': 'json', b'text/csv': 'csv'}


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """The encoded parts of all messages; those of a mailbox have the number of their message in front."""
    starts = [mark.end() for mark in _MESSAGE.finditer(data)] if data.startswith(b'From ') else [0]
    ends = (
        [*(mark.start() for mark in _MESSAGE.finditer(data)), len(data)][1:]
        if data.startswith(b'From ')
        else [len(data)]
    )
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
        yield from _message(f'{number}/' if len(starts) > 1 else '', data[start:end], budget)


def _message(label: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    boundaries = {boundary.group(1) for boundary in _BOUNDARY.finditer(data)}
    position = 0
    for number, (start, end) in enumerate(
        [*_delimiters(data, boundaries), (len(data), len(data))], 1
    ):
        budget.tick()
        yield from _part(label, number, data[position:start], budget)
        position = end


def _delimiters(data: bytes, boundaries: set[bytes]) -> Iterator[tuple[int, int]]:
    for line in _DELIMITER.finditer(data) if boundaries else ():
        mark = line.group(1).rstrip()
        if mark in boundaries or mark.removesuffix(b'--') in boundaries:
            yield line.span()


def _part(label: str, number: int, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """The decoded body of a part. A message in a message has headers of its own behind those of the part."""
    for _ in range(_DEEPEST):
        end = _BLANK.search(data, 0, _LONGEST_HEADER)
        if end is None:
            return
        head, data = data[: end.start()], data[end.end() :]
        kind = _TYPE.search(head)
        if kind is None or not kind.group(1).lower().startswith(b'message/'):
            break
    encoding = _ENCODING.search(head)
    if encoding is None:
        return
    body = (
        binascii.a2b_qp(data) if encoding.group(1).lower() == b'quoted-printable' else _base64(data)
    )
    budget.take(len(body))
    found = _NAME.search(head)
    ending = _ENDINGS.get(kind.group(1).lower() if kind else b'', 'txt')
    name = label + (
        found.group(1).decode('utf-8', 'replace').strip() if found else f'{number}.{ending}'
    )
    if body:
        yield Member(name, body[: budget.limits.member])
    if len(body) > budget.limits.member:
        yield Trouble(name, cut_off(budget.limits))


def _base64(data: bytes) -> bytes:
    letters = _NO_BASE64.sub(b'', data)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b'=' * (-len(letters) % 4))
