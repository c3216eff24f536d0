"""Streams of a PDF: which filters are undone, and which streams are left."""

from __future__ import annotations

import base64
import zlib

import pytest

from keylint.archives.walk import LocatedMember, walk_members
from keylint.core.limits import Limits

PAGE = b'BT (shown) Tj ET\n'
ASCII = base64.a85encode(PAGE, adobe=True).removeprefix(b'<~')
PACKED_ASCII = base64.a85encode(zlib.compress(PAGE), adobe=True).removeprefix(b'<~')


@pytest.mark.parametrize(
    ('filters', 'content', 'texts'),
    [
        pytest.param(b'/Filter /DCTDecode', PAGE, [], id='a picture'),
        pytest.param(b'', PAGE, ['shown'], id='no filter'),
        pytest.param(b'/Filter /FlateDecode', zlib.compress(PAGE), ['shown'], id='packed'),
        pytest.param(b'/Filter /ASCII85Decode', ASCII, ['shown'], id='letters'),
        pytest.param(
            b'/Filter [/ASCII85Decode /FlateDecode]', PACKED_ASCII, ['shown'], id='packed letters'
        ),
    ],
)
def test_the_text_of_a_stream(filters: bytes, content: bytes, texts: list[str]) -> None:
    head = b'%%PDF-1.4\n1 0 obj\n<< /Length %d %s >>\nstream\n' % (len(content), filters)
    found = walk_members('p.pdf', head + content + b'\nendstream\nendobj\n%%EOF\n', Limits())
    members = [one.member for one in found if isinstance(one, LocatedMember)]
    assert [member.data.decode().strip() for member in members] == texts
