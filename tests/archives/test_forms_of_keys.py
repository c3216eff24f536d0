"""A key in every form that lies in a bot's folder.

Found, its issuer named, key and secret one finding. benchmarks/carriers.py prints the table.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from keylint.core.blob import Blob, Origin, UnreadFile
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.pipeline.blob import scan_blob
from keylint.rules.recipes import expand_recipes
from keylint.sources.files import load_file
from tests.archives.made import RULES
from tests.archives.rows import ROWS, Row, values

KINDS = [pytest.param(row, id=row.name) for row in ROWS]


def findings(row: Row, key: str, secret: str, folder: Path) -> list[Finding]:
    """Return what is found in the row's files, as they lie in a folder."""
    files = row.files(key, secret)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    found: list[Finding] = []
    for name in files:
        blob = load_file(UnreadFile(str(folder / name), name))
        assert isinstance(blob, Blob)
        result = scan_blob(blob, RULES, Config(show_secrets=True))
        assert result.failures == ()
        found += result.findings
    return found


@pytest.mark.parametrize('row', KINDS)
def test_placeholders_are_silent(row: Row, tmp_path: Path) -> None:
    assert findings(row, 'your_binance_api_key', 'your_binance_api_secret', tmp_path) == []


@pytest.mark.parametrize('row', KINDS)
def test_found_and_named(row: Row, tmp_path: Path) -> None:
    key, secret = values(row)
    found = [
        finding
        for finding in findings(row, key, secret, tmp_path)
        if any(part.value == secret for part in finding.parts)
    ]
    assert [(finding.issuer, len(finding.parts)) for finding in found] == [(row.issuer, row.parts)]


# What lies in such files and is none, by file name.
NOTHING = {
    'a column of hashes': (
        'keys.csv',
        (
            'exchange,api_key_hash,secret_sha256,key_fingerprint\n'
            'binance,{alnum:64},{hex:64},{hex:32}\n'
        ),
    ),
    'a user': ('.netrc', 'machine github.com login trader password your_password\n'),
    'a list of names': (
        'bot.py',
        'import binance\nkeys = ["exchange_name_of_account", "symbol_name_of_account"]\n',
    ),
    'a table without telling columns': (
        'dump.sql',
        "INSERT INTO trades (id, order_hash) VALUES (1, '{hex:64}');\n",
    ),
    'a dump without values': (
        'dump.sql',
        'COPY api_keys (exchange, key, secret) FROM stdin;\nbinance\t\\N\t\\N\n\\.\n',
    ),
    'a message about keys': (
        'a.eml',
        (
            'Subject: your api key\nContent-Transfer-Encoding: quoted-printable\n\n'
            'Your API key =\nis ready.\n'
        ),
    ),
    'a page of highlighted code': (
        'a.html',
        (
            '<pre><span class="n">api_key</span> = <span '
            'class="s">&quot;YOUR_API_KEY&quot;</span></pre>'
        ),
    ),
    'a command of PowerShell': (
        'a.ps1',
        '$BinanceSecret = ConvertTo-SecureString $env:SECRET -AsPlainText -Force\n',
    ),
}


@pytest.mark.parametrize('case', NOTHING)
def test_what_is_nothing(case: str) -> None:
    name, text = NOTHING[case]
    data = expand_recipes(text, case).encode()
    result = scan_blob(blob_of(name, data), RULES, Config())
    assert (result.findings, result.failures) == ((), ())


def blob_of(name: str, data: bytes) -> Blob:
    return Blob(data, Origin(name))


# Forms of one reader each, the value that must be a part of a named credential, and the issuer.
FORMS = {
    'a list of two': (
        'bot.py',
        '# binance\nkeys = ["{alnum:64}", "$S"]\n',
        '{alnum:64}',
        'binance',
    ),
    'a keyword with a list of two': (
        'bot.py',
        'client = Binance(keys=["{alnum:64}", "$S"])\n',
        '{alnum:64}',
        'binance',
    ),
    'a program called env.py': (
        'env.py',
        'BINANCE_KEY = "{alnum:32}" "{alnum:32}"\nBINANCE_SECRET = "$S1" "$S2"\n',
        '{alnum:64}',
        'binance',
    ),
    'padding behind backslashes': (
        'a.properties',
        'kraken.api.key=Ab3{alnum:52}\\=\nkraken.api.secret=$P\n',
        '{alnum:86}==',
        'kraken',
    ),
    'an INSERT without columns': (
        'dump.sql',
        'CREATE TABLE `api_keys` (\n  `id` int NOT NULL,\n  `exchange` varchar(9),\n'
        '  `key` text,\n  `secret` text,\n  PRIMARY KEY (`id`)\n);\n'
        "INSERT INTO `api_keys` VALUES (1,'kraken','',''),(2,'binance','{alnum:64}','$S');\n",
        '{alnum:64}',
        'binance',
    ),
}


@pytest.mark.parametrize('case', FORMS)
def test_forms(case: str) -> None:
    name, text, recipe, issuer = FORMS[case]
    secret = expand_recipes(recipe, f'{case}/secret')
    text = expand_recipes(text, case)
    for mark, value in {
        '$S1': secret[:32],
        '$S2': secret[32:],
        '$S': secret,
        '$P': secret.replace('=', '\\='),
    }.items():
        text = text.replace(mark, value)
    found = scan_blob(blob_of(name, text.encode()), RULES, Config(show_secrets=True)).findings
    assert [(finding.issuer, finding.parts[-1].value, len(finding.parts)) for finding in found] == [
        (issuer, secret, 2)
    ]
