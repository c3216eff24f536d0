"""Encodings, line ends, long lines and binaries."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run
from tests.sources.leaks import LEAK, findings, places

# Encodings, line ends, sizes

ENCODINGS = {
    'utf-8': ('', 'utf-8'),
    'utf-8-mark': ('\ufeff', 'utf-8'),
    'latin-1': ('', 'latin-1'),
    'utf-16-le': ('', 'utf-16-le'),
    'utf-16-be': ('', 'utf-16-be'),
    'utf-16-le-mark': ('\ufeff', 'utf-16-le'),
    'utf-16-be-mark': ('\ufeff', 'utf-16-be'),
}


ENDS = {'lf': '\n', 'crlf': '\r\n', 'cr': '\r'}


def encoded(text: str, encoding: str, end: str) -> bytes:
    mark, codec = ENCODINGS[encoding]
    return (mark + text).replace('\n', ENDS[end]).encode(codec)


def by_variant(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """For every file the finding without what names the file."""
    own = ('path', 'fingerprint', 'places')
    return {
        place['path']: {name: value for name, value in {**f, **place}.items() if name not in own}
        for f in findings(done)
        for place in f['places']
    }


@pytest.mark.parametrize('arguments', [[], ['--staged']])
@pytest.mark.parametrize('ending', ['env', 'json', 'py', 'yaml', 'toml', 'csv'])
def test_the_same_finding_in_every_encoding_and_with_every_line_end(
    keylint: Run, repository: Repository, arguments: list[str], ending: str
) -> None:
    texts = {
        'env': '# café\n\nA=1\n' + LEAK,
        'json': expand_recipes(
            '{{\n  "name": "café",\n  "binance": {{\n    "apiKey": "{alnum:64}",\n'
            '    "secret": "{alnum:64}"\n  }}\n}}\n',
            'json',
        ),
        'py': expand_recipes(
            '# café\nimport ccxt\n\nx = ccxt.binance({{"apiKey": "{alnum:64}",\n'
            '  "secret": "{alnum:64}"}})\n',
            'py',
        ),
        'yaml': expand_recipes(
            '# café\nbinance:\n  # one\n  api_key: {alnum:64}\n  api_secret: {alnum:64}\n', 'yaml'
        ),
        'toml': expand_recipes(
            '# café\n[binance]\n\napi_key = "{alnum:64}"\napi_secret = "{alnum:64}"\n', 'toml'
        ),
        'csv': expand_recipes(
            'exchange,api_key,api_secret\ncafé,,\n,,\nbinance,{alnum:64},{alnum:64}\n', 'csv'
        ),
    }
    variants = [
        (encoding, end) for encoding in ENCODINGS for end in ENDS if (ending, end) != ('csv', 'cr')
    ]
    for encoding, end in variants:
        (repository.folder / f'{encoding}-{end}.{ending}').write_bytes(
            encoded(texts[ending], encoding, end)
        )
    repository.git('add', '-A')
    found = by_variant(keylint('scan', *arguments, '--format', 'json', cwd=repository.folder))
    assert sorted(found) == sorted(f'{encoding}-{end}.{ending}' for encoding, end in variants)
    wanted = found[f'utf-8-lf.{ending}']
    assert (wanted['issuer'], wanted['line'], len(wanted['parts'])) == ('binance', 4, 2)
    assert {name: finding for name, finding in found.items() if finding != wanted} == {}


def test_a_table_with_cr_alone(keylint: Run, tmp_path: Path) -> None:
    text = expand_recipes(
        'exchange,api_key,api_secret\n,,\nbinance,{alnum:64},{alnum:64}\n', 'csv-cr'
    )
    (tmp_path / 'a.csv').write_bytes(encoded(text, 'utf-8', 'cr'))
    assert places(keylint('scan', 'a.csv', '--format', 'json')) == [('a.csv', 3)]


@pytest.mark.parametrize('encoding', ENCODINGS)
def test_columns_on_the_first_line_and_behind_letters_with_accents(
    keylint: Run, tmp_path: Path, encoding: str
) -> None:
    text = expand_recipes(
        'binance_api_secret = "{alnum:64}"  # été\n# été\n\n'
        'été = 1; bybit_api_secret = "{alnum:36}"\n',
        'columns',
    )
    (tmp_path / 'a.py').write_bytes(encoded(text, encoding, 'lf'))
    found = [
        (f['issuer'], part['line'], part['column'])
        for f in findings(keylint('scan', 'a.py', '--format', 'json'))
        for part in f['parts']
    ]
    lines = text.splitlines()
    assert found == [('binance', 1, lines[0].index('"') + 2), ('bybit', 4, lines[3].index('"') + 2)]


def test_cr_is_no_line_end_where_lf_is(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.env').write_bytes(b'a\rb\r\nc\n\rd\n' + LEAK.encode())
    assert places(keylint('scan', 'a.env', '--format', 'json')) == [('a.env', 4)]


def test_a_key_at_the_end_of_a_line_of_8_mb(keylint: Run, repository: Repository) -> None:
    filler = '{"candles":[' + '[1700000000,42000.5,42001.5,41999.5,42000.0],' * 180_000
    assert len(filler) > 8_000_000
    key, secret = (line.split('=')[1] for line in LEAK.splitlines())
    repository.write(
        'data.json', f'{{}}\n{filler}[]],"binance":{{"apiKey":"{key}","secret":"{secret}"}}}}\n'
    )
    repository.git('add', '-A')
    for arguments in ([], ['--staged']):
        done = keylint('scan', *arguments, '--format', 'json', cwd=repository.folder)
        (finding,) = findings(done)
        assert (finding['issuer'], finding['line']) == ('binance', 2)
        assert finding['parts'][0]['column'] == len(filler) + len('[]],"binance":{"apiKey":"') + 1
        assert len(done.stdout) < 10_000
    assert len(keylint('scan', cwd=repository.folder).stdout) < 10_000


@pytest.mark.parametrize('arguments', [[], ['--staged']])
@pytest.mark.parametrize(
    ('recipe', 'rule'),
    [('ghp_{alnum:36}', 'github-credential'), ('{xprv}', 'bip32-extended-private-key-credential')],
)
def test_a_token_in_a_binary_full_of_nul(
    keylint: Run, repository: Repository, arguments: list[str], recipe: str, rule: str
) -> None:
    token = expand_recipes(recipe, 'nul').encode()
    junk = bytes(range(256)) * 40
    for name, data in {
        'short.bin': b'\0' + token + b'\0',
        'middle.pyc': junk + b'\0\0' + token + b'\0\0' + junk,
        'end.so': junk + b'\0' + token,
        'late.bin': b'x' * 9000 + b'\0' * 300 + token + b'\0' * 300 + b'x' * 9000,
        'names.bin': junk + b'api_key=\0' + token + b'\0' + junk,
    }.items():
        (repository.folder / name).write_bytes(data)
    repository.git('add', '-A')
    done = keylint('scan', *arguments, '--format', 'json', cwd=repository.folder)
    names = ['end.so', 'late.bin', 'middle.pyc', 'names.bin', 'short.bin']
    found = [(place['path'], place['rule']) for f in findings(done) for place in f['places']]
    assert sorted(found) == [(name, rule) for name in names]


def test_a_binary_without_tokens_is_silent_whatever_names_it_holds(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / 'a.bin').write_bytes(
        bytes(range(256)) * 40 + LEAK.encode() + bytes(range(256)) * 40
    )
    done = keylint('scan', 'a.bin', '--format', 'json')
    assert (done.returncode, findings(done), json.loads(done.stdout)['summary']['files']) == (
        0,
        [],
        1,
    )
