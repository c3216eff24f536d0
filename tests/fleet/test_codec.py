"""Nouns go into the store and come out as they were; what is none of ours is refused."""

from __future__ import annotations

import json
import zlib

import pytest

from keylint.core.claims import Claim, Proof
from keylint.core.errors import SourceError
from keylint.core.model import (
    Cell,
    CommitRef,
    DeclarationSummary,
    Finding,
    FindingPart,
    Lifetime,
    RelatedLocation,
    SourceRange,
)
from keylint.core.report import Failure
from keylint.fleet.codec import pack, unpack
from keylint.fleet.units import ChunkAnswer
from keylint.history.occurrences import Occurrence

PLACE = SourceRange(1, 2, 3, 4)


def make_finding() -> Finding:
    when = CommitRef('c' * 40, '2023-04-02T10:00:00+02:00', '2023-04-02T08:00:00+00:00')
    return Finding(
        path='a\udce4/b.env',
        place=PLACE,
        rule='binance-credential',
        severity='critical',
        confidence='high',
        issuer='binance',
        claims=(Claim('environment', 'live', 'proven', Proof('host', 'api.binance.com', 3)),),
        title='t',
        message='m',
        do=('one', 'two'),
        parts=(FindingPart('secret', PLACE, 'ab… (64 chars)'),),
        fingerprint='f' * 32,
        help_url='https://example.org',
        cell=Cell(1, 'source'),
        declaration=DeclarationSummary('okx', 'x', ('read',), None, 'inventory'),
        related=(RelatedLocation('c.py', PLACE, 'note'),),
        life=Lifetime(when, None, 3, ('a',), ('refs/heads/main',), (), True, True, False),
        missing=('passphrase',),
    )


def test_a_finding_comes_out_as_it_went_in() -> None:
    finding = make_finding()
    finding = finding._replace(copies=(finding._replace(path='copy'),))
    assert unpack(Finding, pack(finding)) == finding


def test_a_chunk_comes_out_as_it_went_in() -> None:
    occurrence = Occurrence('f', frozenset((b'\x00\xff', b'ab')), 'o', 'p', is_live=True)
    chunk = ChunkAnswer(1, (occurrence,), (Failure('p', 's', 'e'),), b'\x01' * 16, (), 3, 4)
    assert unpack(ChunkAnswer, pack(chunk)) == chunk


@pytest.mark.parametrize(
    'change',
    [
        lambda plain: plain[:-1],
        lambda plain: [*plain, 1],
        lambda plain: [7, *plain[1:]],
        lambda plain: [*plain[:3], 'terrible', *plain[4:]],
        lambda plain: {'path': 'a'},
        lambda plain: None,
    ],
)
def test_what_is_no_finding_is_refused(change: object) -> None:
    assert callable(change)
    plain = json.loads(zlib.decompress(pack(make_finding())))
    with pytest.raises(SourceError, match='broken data'):
        unpack(Finding, zlib.compress(json.dumps(change(plain)).encode()))


@pytest.mark.parametrize('data', [b'', b'no', pack(())[:-3], zlib.compress(b'[' * 100_000)])
def test_what_is_broken_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match='broken data'):
        unpack(Finding, data)


def test_what_unfolds_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('keylint.fleet.codec._MAX_BYTES', 1000)
    with pytest.raises(SourceError, match='broken data'):
        unpack(Finding, zlib.compress(b' ' * 100_000))
