"""`keylint init --keys` writes an inventory from the code of a project."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from keylint.declarations.inventory_schema import FIELDS
from keylint.rules.recipes import expand_recipes
from tests.conftest import Run
from tests.declarations.inventories import ARGUMENTS, SCHEMA, configured, errors, plain

BOT = """\
import os
import ccxt

kraken = ccxt.kraken({'apiKey': os.environ['KRAKEN_KEY'], 'secret': os.environ['KRAKEN_SECRET']})
kraken.create_order('BTC/EUR', 'limit', 'buy', 1, 1)
"""


# keylint init --keys


def test_init_writes_a_first_inventory_and_a_scan_says_what_is_missing(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / 'bot.py').write_text(BOT)
    done = keylint('init', '--keys')
    assert (done.returncode, done.stderr) == (0, '')
    text = (tmp_path / 'keys.yaml').read_text(encoding='utf-8')
    assert re.match(r'# yaml-language-server: \$schema=https://\S+/keys\.schema\.json\n', text)
    document = plain(text)
    assert document == {
        'keys': [{'exchange': 'kraken', 'used_by': ['bot.py'], 'secret_ref': 'env:KRAKEN_SECRET'}]
    }
    jsonschema.validate(document, SCHEMA)
    assert 'the code needs trade (create_order bot.py:5)' in text
    assert all(f'#   {name} ' in text for name in FIELDS)
    assert 'TODO' in text
    scanned = keylint('scan', '--format', 'json')
    assert errors(scanned) == []
    assert [one['rule'] for one in json.loads(scanned.stdout)['findings']] == [
        'key-rights-not-stated'
    ]


def test_every_line_that_is_to_be_filled_in_can_be(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'bot.py').write_text(BOT)
    text = keylint('init', '--keys', '--dry-run').stdout
    opened = re.sub(r'^    # (\w+):  # TODO.*$', r'    \1:', text, flags=re.MULTILINE)
    assert opened != text
    document = plain(opened)
    assert set(document['keys'][0]) > {'label', 'permissions', 'ip_allowlist', 'created'}
    jsonschema.validate(document, SCHEMA)


def test_init_overwrites_nothing(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keys.toml').write_text('a = 1\n')
    done = keylint('init', '--keys')
    assert done.returncode == 2
    assert done.stderr == (
        'keylint: keys.toml: exists already and is not overwritten; --dry-run prints what '
        'would be written\n'
    )
    (tmp_path / 'keys.toml').unlink()
    (tmp_path / 'keys.yaml').symlink_to(tmp_path / 'nowhere')
    assert keylint('init', '--keys').returncode == 2
    assert not (tmp_path / 'nowhere').exists()


def test_a_dry_run_writes_nothing(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'bot.py').write_text(BOT)
    done = keylint('init', '--keys', '--dry-run')
    assert done.returncode == 0
    assert '- exchange: kraken' in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ['bot.py']


def test_init_knows_no_values(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.env').write_text(
        leak := expand_recipes(
            'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'inventory'
        )
    )
    text = keylint('init', '--keys', '--dry-run').stdout
    assert '- exchange: binance' in text
    assert 'revoke this key first, its value is in a.env:1' in text
    assert not any(line.partition('=')[2] in text for line in leak.splitlines())


def test_a_client_without_a_key_is_no_entry(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'bot.py').write_text(
        "import ccxt\nkraken = ccxt.kraken()\nkraken.fetch_ticker('BTC/EUR')\n"
    )
    text = keylint('init', '--keys', '--dry-run').stdout
    assert plain(text) == {'keys': []}
    jsonschema.validate(plain(text), SCHEMA)


def test_two_secrets_are_no_certainty(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'bot.py').write_text(
        BOT + "b = ccxt.kraken({'apiKey': os.environ['B_KEY'], 'secret': os.environ['B_SECRET']})\n"
    )
    text = keylint('init', '--keys', '--dry-run').stdout
    assert 'secret_ref' not in plain(text)['keys'][0]
    assert 'the code reads KRAKEN_KEY, KRAKEN_SECRET, B_KEY, B_SECRET' in text


def test_paths_are_those_below_the_inventory(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'live').mkdir()
    (tmp_path / 'live' / 'my bot #1.py').write_text(BOT)
    assert keylint('init', '--keys', 'live').returncode == 0
    assert plain((tmp_path / 'live' / 'keys.yaml').read_text())['keys'][0]['used_by'] == [
        'my bot #1.py'
    ]


def test_the_configured_name_is_written(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'ops').mkdir()
    (tmp_path / 'bot.py').write_text(BOT)
    configured(tmp_path, '["ops/vault.yaml"]')
    assert keylint('init', '--keys').returncode == 0
    assert plain((tmp_path / 'ops' / 'vault.yaml').read_text())['keys'][0]['used_by'] == [
        '../bot.py'
    ]
    assert errors(keylint(*ARGUMENTS)) == []


INIT_MISTAKES = {
    'a missing folder': (['init', '--keys', 'nowhere'], 'keylint: nowhere: no such file or folder'),
    'a folder that is not there': (
        ['init', '--keys', '--config', 'c.toml'],
        'keylint: deep/down/keys.yaml: cannot write the inventory',
    ),
}


@pytest.mark.parametrize('case', INIT_MISTAKES)
def test_a_mistake_of_init_is_one_line(case: str, keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'c.toml').write_text('inventory = ["deep/down/keys.yaml"]\n')
    arguments, message = INIT_MISTAKES[case]
    done = keylint(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(message)
    assert done.stderr.count('\n') == 1
