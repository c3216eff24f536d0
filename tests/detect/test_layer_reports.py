"""How findings in layers are told, and the limits of layers."""

from __future__ import annotations

import gzip
import json

import keylint.detect.decoded
import keylint.detect.encoded_runs
from keylint.rules.recipes import expand_recipes
from tests.archives.made import zipped_rows
from tests.detect.layered import PAIR, b64, found, scanned


def test_several_credentials_in_one_run_are_all_told() -> None:
    more = expand_recipes(
        'KUCOIN_API_KEY={hex:24}\nKUCOIN_API_SECRET={uuid}\nKUCOIN_PASSPHRASE={pass:12}\n',
        'layers/kucoin',
    )
    for code in (
        b64(PAIR + '\n' * 12 + more),
        b64(gzip.compress((PAIR + '\n' * 12 + more).encode())),
    ):
        assert sorted(finding.rule for finding in found('a.txt', f'"{code}"')) == [
            'binance-credential',
            'kucoin-credential',
        ]


def test_what_stands_in_clear_is_told_once() -> None:
    (finding,) = found('a.env', f'{PAIR}BLOB={b64(PAIR)}\n')[:1]
    assert finding.container is None
    assert (
        len(
            found(
                'a.env', f'{PAIR}BLOB={b64("nothing secret in this text, no key, no password")}\n'
            )
        )
        == 1
    )


def test_a_member_of_an_archive_says_both() -> None:
    (finding,) = found('a.zip', zipped_rows([('conf/a.txt', b64(PAIR).encode())]))
    assert (finding.container, finding.place.line) == ('a.zip!/conf/a.txt!/base64', 1)


def test_a_notebook_cell() -> None:
    cell = {
        'cell_type': 'code',
        'metadata': {},
        'outputs': [],
        'source': ['import x\n', f'BLOB = "{b64(PAIR)}"\n'],
    }
    (finding,) = found('a.ipynb', json.dumps({'cells': [cell], 'nbformat': 4}, indent=1))
    assert (
        finding.rule,
        finding.container,
        finding.cell and (finding.cell.number, finding.cell.line),
    ) == ('binance-credential', 'base64', (0, 2))


def test_a_mark_on_the_encoded_line_covers_it() -> None:
    (finding,) = found('a.py', f'BLOB = "{b64(PAIR)}"  # keylint: ignore made up\n')
    assert finding.state == 'suppressed'


# Limits


def nested(depth: int) -> str:
    text = PAIR
    for number in range(depth):
        text = b64(f'secret {number} ' + text if number % 2 else text + ' secret')
    return text


def test_deeper_than_the_limit_is_a_failure() -> None:
    assert [
        failure.error
        for failure in scanned('a.txt', nested(keylint.detect.decoded.MAX_LAYERS)).failures
    ] == []
    result = scanned('a.txt', nested(keylint.detect.decoded.MAX_LAYERS + 1))
    assert [(failure.stage, failure.error) for failure in result.failures] == [
        ('decode', 'nested more than 3 deep: not decoded')
    ]


def test_a_bomb_is_a_failure() -> None:
    bomb = b64(gzip.compress(b'secret ' * (4 << 20)))
    result = scanned('a.txt', f'{PAIR}"{bomb}"')
    assert [failure.error for failure in result.failures] == [
        'more than 16 MB come out of a compressed run: not decoded'
    ]
    assert [finding.rule for finding in result.findings] == ['binance-credential']


def test_what_cannot_be_decoded_is_no_failure() -> None:
    for text in (
        'c2VjcmV0' * 30 + 'A',
        'secret ' + 'eJz' + 'A' * 60,
        '"H4sI' + 'A' * 60 + '"',
        'quoted-printable\n\n=ZZ=3',
    ):
        assert scanned('a.txt', text).failures == ()
