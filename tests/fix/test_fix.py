"""`keylint fix` as a real process.

What it leaves alone, what it changes, and that the changed programs still run as before.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from keylint.fix import config
from keylint.fix.edits import Edit, MovedValue, SecretSpan, Unfixable, apply_edits
from keylint.fix.env import format_line, read_values
from keylint.fix.names import Names, name_for
from keylint.fix.store import replace_file
from keylint.rules.recipes import expand
from tests.conftest import Repository, Run

pytestmark = pytest.mark.slow

CCXT = """
class Exchange:
    def __init__(self, config=None):
        print(sorted((config or {}).items()))
binance = kraken = kucoin = bybit = Exchange
"""


def secrets_of(text: str) -> list[str]:
    """Return the long runs of a text that only a recipe can have made, and PEM bodies."""
    return re.findall(r'[A-Za-z0-9+/]{32,}={0,2}|[0-9a-f]{24}', text)


def ran(folder: Path, name: str = 'bot.py', **variables: str) -> str:
    """Return what a program prints, with a stand-in for ccxt; `variables` are its environment."""
    stand_in = folder.parent / 'stand-in'
    stand_in.mkdir(exist_ok=True)
    (stand_in / 'ccxt.py').write_text(CCXT)
    environment = {
        'PATH': os.environ['PATH'],
        'PYTHONPATH': str(stand_in),
        'PYTHONDONTWRITEBYTECODE': '1',
        **variables,
    }
    done = subprocess.run(
        [sys.executable, name],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def dotenv(folder: Path) -> dict[str, str]:
    return read_values((folder / '.env').read_bytes())


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob('*')
        if path.is_file() and '.git/' not in f'{path}/'
    }


HEAD = 'import ccxt\n'
PROGRAMS = {
    'variables': HEAD
    + (
        "KEY = 'x'\nBINANCE_API_KEY = '{alnum:64}'\nBINANCE_API_SECRET = '{alnum:64}'\n"
        'print(BINANCE_API_KEY, BINANCE_API_SECRET)\n'
    ),
    'dictionary': HEAD
    + "ccxt.binance({{\n    'apiKey': '{alnum:64}',  # mine\n    'secret': \"{alnum:64}\",\n}})\n",
    'adjacent strings': HEAD
    + "ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:32}'\n    '{alnum:32}'}})\n",
    'concatenation': HEAD
    + "ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:32}' + '{alnum:32}'}})\n",
    'default of a parameter': HEAD + "def f(api_key='{alnum:64}', api_secret='{alnum:64}'):\n"
    "    ccxt.binance({{'apiKey': api_key, 'secret': api_secret}})\nf()\n",
    'positional arguments': 'class Client:\n    def __init__(self, key, secret):\n'
    '        print(key, secret)\n'
    'try:\n    from binance.client import Client\nexcept ImportError:\n    pass\n'
    "Client('{alnum:64}', '{alnum:64}')\n",
    'f-string': HEAD + 'kraken_url = f"https://x.example/?kraken_api_key={base64:56}&n={{1 + 1}}"\n'
    "kraken_secret = f'{base64:88}'\nprint(kraken_url, kraken_secret)\n",
    'part of a string': HEAD
    + (
        "binance_header = 'BINANCE_API_KEY={alnum:64};BINANCE_API_SECRET={alnum:64};x' % ()\n"
        'print(binance_header)\n'
    ),
    'part of adjacent strings': HEAD
    + "h = ('a' 'BINANCE_API_KEY={alnum:64};BINANCE_API_SECRET={alnum:64};' 'z')\nprint(h)\n",
    'bytes': HEAD
    + (
        "BINANCE_API_KEY = '{alnum:64}'\nBINANCE_API_SECRET = b'{alnum:64}'\n"
        'print(BINANCE_API_KEY, BINANCE_API_SECRET)\n'
    ),
    'default of a look-up': 'import os\n'
    + HEAD
    + "BINANCE_API_KEY = os.getenv('MY_KEY', '{alnum:64}')\n"
    'BINANCE_API_SECRET = os.environ.get("MY_SECRET", "{alnum:64}")\n'
    'print(BINANCE_API_KEY, BINANCE_API_SECRET)\n',
    'docstring and future': '#!/usr/bin/env python3\n"""A bot."""\n'
    'from __future__ import annotations\nimport sys\n'
    + HEAD
    + "ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:64}'}})\n",
    'a variable called os': HEAD
    + "os = 'linux'\nccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:64}'}})\nprint(os)\n",
    'os comes too late': HEAD
    + (
        "ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:64}'}})\nimport os\n"
        'print(os.sep)\n'
    ),
    'lines end with CR LF': HEAD.replace('\n', '\r\n')
    + "ccxt.binance({{'apiKey': '{alnum:64}',\r\n 'secret': '{alnum:64}'}})\r\n",
    'other letters': HEAD
    + (
        "print('Schlüssel → ключ'); ccxt.binance({{'apiKey': '{alnum:64}', 'secret': "
        "'{alnum:64}'}})  # größer\n"
    ),
    'the same value twice': HEAD
    + "ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:64}'}})\n" * 2,
    'passphrase': HEAD
    + "ccxt.kucoin({{'apiKey': '{hex:24}', 'secret': '{uuid}', 'password': 'Tr4de-{alnum:9}'}})\n",
    'private key in lines': HEAD
    + "ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '''{pem:ed25519}'''}})\n",
}


def program(name: str) -> str:
    text = PROGRAMS[name]
    text = (
        text.replace('{{', '\x01').replace('}}', '\x02') if '{{' in text or '}}' in text else text
    )
    return expand(text, f'fix/{name}').replace('\x01', '{').replace('\x02', '}')


SILENT = {
    'no secret': ('bot.py', "import os\nkey = os.environ['BINANCE_API_KEY']\n"),
    'suppressed': (
        'bot.py',
        (
            "BINANCE_API_SECRET = '{alnum:64}'  # keylint\x3a ignore[binance-credential] a "
            'test account\n'
        ),
    ),
    'placeholder': ('.env.example', 'BINANCE_API_KEY=your_key\n'),
}


@pytest.mark.parametrize('name', SILENT)
def test_what_is_not_open_is_left_alone(keylint: Run, repository: Repository, name: str) -> None:
    file, text = SILENT[name]
    repository.write(file, expand(text, name))
    before = tree(repository.folder)
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert (done.returncode, done.stdout, tree(repository.folder)) == (
        0,
        'nothing to fix\n',
        before,
    )


def test_what_the_baseline_knows_is_left_alone(keylint: Run, repository: Repository) -> None:
    repository.write('bot.py', program('variables'))
    repository.commit()
    assert keylint('baseline', 'create', cwd=repository.folder).returncode == 0
    before = tree(repository.folder)
    assert keylint('fix', cwd=repository.folder).returncode == 0
    assert tree(repository.folder) == before
    assert keylint('fix', '--no-baseline', cwd=repository.folder).returncode == 0
    assert tree(repository.folder) != before


@pytest.mark.parametrize('name', PROGRAMS)
def test_a_fixed_program_runs_as_before(keylint: Run, repository: Repository, name: str) -> None:
    text = program(name)
    path = repository.folder / 'bot.py'
    path.write_bytes(text.encode())
    said = ran(repository.folder)
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert done.returncode == 0, done.stdout
    after = path.read_bytes().decode()
    kept = dotenv(repository.folder)
    assert kept
    assert ran(repository.folder, **kept) == said
    assert not any(value in after + done.stdout + done.stderr for value in secrets_of(text))
    assert (
        after.count('import os\n')
        + after.count('import os\r\n')
        + after.count('import os as _os\n')
        - text.count('import os\n')
        <= 1
    )
    assert done.stdout.splitlines()[-1].startswith('Still compromised: ')
    assert keylint('scan', '--isolated', cwd=repository.folder).returncode == 0
    assert keylint('fix', '--isolated', cwd=repository.folder).stdout == 'nothing to fix\n'


def test_every_other_byte_stays(keylint: Run, repository: Repository) -> None:
    text = expand(
        'import os, ccxt\n\n\nx  =  1 ;y=2\t# odd\n'
        "ccxt.binance({brace}'apiKey' :'{alnum:64}' , 'secret':\"{alnum:64}\"})\n\n\n".replace(
            '{brace}', '\x01'
        ),
        'bytes',
    ).replace('\x01', '{')
    (repository.folder / 'bot.py').write_bytes(text.encode())
    assert keylint('fix', '--isolated', cwd=repository.folder).returncode == 0
    key, secret = secrets_of(text)
    wanted = text.replace(f"'{key}'", "os.environ['BINANCE_API_KEY']").replace(
        f'"{secret}"', 'os.environ["BINANCE_API_SECRET"]'
    )
    assert (repository.folder / 'bot.py').read_bytes().decode() == wanted


def test_accounts_get_names_of_their_own(keylint: Run, repository: Repository) -> None:
    for number in range(3):
        folder = f'account{number}'
        text = expand("BINANCE_API_KEY = '{alnum:64}'\nBINANCE_API_SECRET = '{alnum:64}'\n", folder)
        repository.write(
            f'{folder}/bot.py', f'{HEAD}{text}print(BINANCE_API_KEY, BINANCE_API_SECRET)\n'
        )
    before = [ran(repository.folder / f'account{number}') for number in range(3)]
    assert keylint('fix', '--isolated', cwd=repository.folder).returncode == 0
    kept = dotenv(repository.folder)
    assert sorted(kept) == sorted(
        f'BINANCE_API_{part}{end}' for part in ('KEY', 'SECRET') for end in ('', '_2', '_3')
    )
    assert [ran(repository.folder / f'account{number}', **kept) for number in range(3)] == before


REFUSED = {
    'comment': ('bot.py', HEAD + "# BINANCE_API_SECRET = '{alnum:64}'\n", 'comment'),
    'docstring': (
        'bot.py',
        HEAD + 'def f():\n    """BINANCE_API_SECRET={alnum:64}"""\n',
        'docstring',
    ),
    'Python 2': ('bot.py', "print 'x'\nBINANCE_API_SECRET = '{alnum:64}'\n", 'no Python 3'),
    'json': (
        'config.json',
        '\x01"binance": \x01"api_secret": "{alnum:64}"\x02\x02\n',
        'JSON has no variables',
    ),
    'toml': ('bot.toml', '[binance]\napi_secret = "{alnum:64}"\n', 'TOML has no variables'),
    'yaml': ('conf.yml', 'binance:\n  api_secret: {alnum:64}\n', 'YAML has no variables'),
    'workflow': (
        '.github/workflows/ci.yml',
        'env:\n  BINANCE_API_SECRET: {alnum:64}\n',
        'secrets.NAME',
    ),
    'a script called env': ('.env.sh', 'BINANCE_API_SECRET={alnum:64}\n', 'not edited'),
    'other document': (
        'config.json',
        '\x01"exchange": \x01"name": "x", "secret": "{alnum:64}"\x02, "timeframe": "1m"\x02\n',
        'no variables',
    ),
    'freqtrade cannot': (
        'config.json',
        '\x01"stake_currency": "X", "dry_run": false, "exchange": \x01"name": "binance",'
        ' "apiSecret": "{alnum:64}"\x02\x02\n',
        'small letters',
    ),
    'shell': ('run.sh', 'export BINANCE_API_SECRET={alnum:64}\n', '${NAME:?}'),
}


@pytest.mark.parametrize('name', REFUSED)
def test_what_cannot_be_fixed_says_why(keylint: Run, repository: Repository, name: str) -> None:
    file, text, why = REFUSED[name]
    repository.write(file, expand(text, name).replace('\x01', '{').replace('\x02', '}'))
    before = tree(repository.folder)
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert done.returncode == 1
    assert why in done.stdout
    assert tree(repository.folder) == before


def test_what_can_be_fixed_leaves_without_the_rest(keylint: Run, repository: Repository) -> None:
    text = expand("BINANCE_API_KEY = '{alnum:64}'\n# BINANCE_API_SECRET = '{alnum:64}'\n", 'partly')
    repository.write('bot.py', text)
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert done.returncode == 1
    assert 'only a part of the credential could leave: it stands in a comment' in done.stdout
    assert list(dotenv(repository.folder).values()) == secrets_of(text)[:1]
    assert secrets_of((repository.folder / 'bot.py').read_text()) == secrets_of(text)[1:]


def test_a_copy_that_no_rule_sees_is_named(keylint: Run, repository: Repository) -> None:
    text = program('variables')
    repository.write('bot.py', f'{text}\n# {secrets_of(text)[1]}\n')
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert done.returncode == 1
    assert 'once more' in done.stdout
    assert secrets_of(text)[1] not in done.stdout


def test_outside_of_a_repository(keylint: Run, tmp_path: Path) -> None:
    folder = tmp_path / 'plain'
    folder.mkdir()
    (folder / 'bot.py').write_text(program('variables'))
    said = ran(folder)
    assert keylint('fix', '--isolated', cwd=folder).returncode == 0
    assert ran(folder, **dotenv(folder)) == said
    assert (folder / '.gitignore').read_text() == '.env\n'
    assert keylint('fix', '--isolated', cwd=folder).returncode == 0


def test_a_file_with_a_byte_order_mark_keeps_it(keylint: Run, repository: Repository) -> None:
    (repository.folder / 'bot.py').write_bytes(b'\xef\xbb\xbf' + program('variables').encode())
    said = ran(repository.folder)
    assert keylint('fix', '--isolated', cwd=repository.folder).returncode == 0
    assert (repository.folder / 'bot.py').read_bytes().startswith(b'\xef\xbb\xbfimport os\n')
    assert ran(repository.folder, **dotenv(repository.folder)) == said


def test_a_dry_run_writes_nothing_and_prints_no_value(keylint: Run, repository: Repository) -> None:
    text = program('dictionary') + expand("\nother_password = 'Zq{alnum:9}!'\n", 'dry')
    repository.write('bot.py', text)
    before = tree(repository.folder)
    done = keylint('fix', '--isolated', '--dry-run', cwd=repository.folder)
    assert done.returncode == 1
    assert tree(repository.folder) == before
    assert "+    'apiKey': os.environ['BINANCE_API_KEY'],  # mine" in done.stdout
    assert not any(value in done.stdout for value in secrets_of(text))
    assert expand('Zq{alnum:9}!', 'dry') not in done.stdout


def test_the_env_file_is_private_ignored_and_completed(
    keylint: Run, repository: Repository
) -> None:
    repository.write('.gitignore', '*.log')
    repository.write('bot.py', program('variables'))
    assert keylint('fix', '--isolated', cwd=repository.folder).returncode == 0
    assert stat.S_IMODE((repository.folder / '.env').stat().st_mode) == 0o600
    assert (repository.folder / '.gitignore').read_text() == '*.log\n.env\n'
    assert (
        repository.folder / '.env.example'
    ).read_text() == 'BINANCE_API_KEY=\nBINANCE_API_SECRET=\n'
    assert '.env\n' not in repository.git('status', '--porcelain', '--untracked-files=all')


def test_nothing_goes_to_an_env_file_that_git_tracks(keylint: Run, repository: Repository) -> None:
    repository.write('.env', 'MODE=live\n')
    repository.write('bot.py', program('variables'))
    repository.commit()
    before = tree(repository.folder)
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert (done.returncode, tree(repository.folder)) == (1, before)
    assert 'git rm --cached .env' in done.stdout


def test_nothing_is_written_through_a_link(
    keylint: Run, repository: Repository, tmp_path: Path
) -> None:
    victim = tmp_path / 'victim'
    victim.write_text('mine\n')
    (repository.folder / '.env').symlink_to(victim)
    repository.write('bot.py', program('variables'))
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert done.returncode == 1
    assert 'regular file' in done.stdout
    assert victim.read_text() == 'mine\n'
    assert (repository.folder / 'bot.py').read_text() == program('variables')


def test_an_ignore_rule_that_brings_the_env_file_back_stops_the_fix(
    keylint: Run, repository: Repository
) -> None:
    repository.write('bots/.gitignore', '!.env\n')
    repository.write('bots/prod.env', expand('BINANCE_API_SECRET={alnum:64}\n', 'back'))
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert done.returncode == 2
    assert 'does not ignore' in done.stderr
    assert not (repository.folder / 'bots/.env').exists()
    assert secrets_of((repository.folder / 'bots/prod.env').read_text())


def test_values_of_an_env_file_move_to_the_untracked_one(
    keylint: Run, repository: Repository
) -> None:
    text = expand(
        "# bot\nMODE=live\nexport KRAKEN_KEY='{base64:56}'  # k\nKRAKEN_SECRET={base64:88}\n", 'env'
    )
    repository.write('prod.env', text)
    repository.commit()
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert done.returncode == 0, done.stdout
    assert (
        repository.folder / 'prod.env'
    ).read_text() == '# bot\nMODE=live\nexport KRAKEN_KEY=  # k\nKRAKEN_SECRET=\n'
    assert list(dotenv(repository.folder).values()) == secrets_of(text)
    assert (repository.folder / '.env.example').read_text() == 'KRAKEN_KEY=\nKRAKEN_SECRET=\n'


@pytest.mark.parametrize('name', ['env.py', 'bot.env.py'])
def test_a_program_called_env_is_a_program(keylint: Run, repository: Repository, name: str) -> None:
    text = program('default of a look-up')
    repository.write(name, text)
    said = ran(repository.folder, name)
    assert keylint('fix', '--isolated', cwd=repository.folder).returncode == 0
    assert ran(repository.folder, name, **dotenv(repository.folder)) == said


def test_the_env_file_itself_stays_and_is_ignored(keylint: Run, repository: Repository) -> None:
    text = expand('KRAKEN_KEY={base64:56}\nKRAKEN_SECRET={base64:88}\n', 'own')
    repository.write('.env', text)
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert done.returncode == 0, done.stdout
    assert (repository.folder / '.env').read_text() == text
    assert (repository.folder / '.gitignore').read_text() == '.env\n'
    assert (repository.folder / '.env.example').read_text() == 'KRAKEN_KEY=\nKRAKEN_SECRET=\n'


COMPOSE = """\
services:
  bot:
    image: bot  # latest
    environment:
      MODE: live
      BINANCE_API_KEY: {alnum:64}
      BINANCE_API_SECRET: "{alnum:64}"
  other:
    environment:
      - KRAKEN_KEY={base64:56}
      - KRAKEN_SECRET={base64:88}
"""


def test_compose_reads_the_env_file_beside_it(keylint: Run, repository: Repository) -> None:
    text = expand(COMPOSE, 'compose')
    repository.write('deploy/docker-compose.yml', text)
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert done.returncode == 0, done.stdout
    after = (repository.folder / 'deploy/docker-compose.yml').read_text()
    kept = dotenv(repository.folder / 'deploy')
    assert yaml.safe_load(
        re.sub(r'\$\{(\w+)\}', lambda match: kept[match[1]], after)
    ) == yaml.safe_load(text)
    assert '      BINANCE_API_SECRET: "${BINANCE_API_SECRET}"\n' in after
    assert '      - KRAKEN_KEY=${KRAKEN_KEY}\n' in after
    assert 'Compose reads it by itself.' in done.stdout
    assert 'set -a' not in done.stdout


FREQTRADE = """\
{
    "max_open_trades": 3, // few
    "stake_currency": "USDT",
    "exchange": {"name": "binance", "key": "KEY", "secret": "SECRET", \
"pair_whitelist": ["BTC/USDT"]},
}
"""


def test_freqtrade_reads_its_own_variables(keylint: Run, repository: Repository) -> None:
    key, secret = expand('{alnum:64} {alnum:64}', 'freqtrade').split()
    repository.write('config.json', FREQTRADE.replace('KEY', key).replace('SECRET', secret))
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert done.returncode == 0, done.stdout
    assert (repository.folder / 'config.json').read_text() == FREQTRADE.replace('KEY', '').replace(
        'SECRET', ''
    )
    assert dotenv(repository.folder) == {
        'FREQTRADE__EXCHANGE__KEY': key,
        'FREQTRADE__EXCHANGE__SECRET': secret,
    }


@pytest.mark.parametrize('value', ['123456789012', '12e34', 'nan', 'TRUE', 'f'])
def test_what_freqtrade_would_not_take_for_text_stays(value: str) -> None:
    data = FREQTRADE.replace('KEY', value).encode()
    start = data.index(f'"{value}"'.encode()) + 1
    with pytest.raises(Unfixable, match='number'):
        config.fix_config(
            data, 'config.json', [SecretSpan(start, start + len(value), 'api-key', 'X')], Names({})
        )


def notebook(indent: int | None) -> str:
    key, secret = expand('{alnum:64} {alnum:64}', 'notebook').split()
    cells: list[dict[str, Any]] = [
        {'cell_type': 'markdown', 'id': 'a', 'metadata': {}, 'source': ['# Bot\n', 'größer']},
        {
            'cell_type': 'code',
            'execution_count': 1,
            'id': 'b',
            'metadata': {},
            'outputs': [],
            'source': [
                '%matplotlib inline\n',
                'import ccxt\n',
                f"BINANCE_API_KEY = '{key}'\n",
                f'BINANCE_API_SECRET = "{secret}"',
            ],
        },
        {
            'cell_type': 'code',
            'execution_count': 2,
            'id': 'c',
            'metadata': {},
            'outputs': [
                {
                    'name': 'stdout',
                    'output_type': 'stream',
                    'text': [f'BINANCE_API_SECRET={secret}\n'],
                }
            ],
            'source': ["print('BINANCE_API_SECRET=' + BINANCE_API_SECRET)"],
        },
        {
            'cell_type': 'code',
            'execution_count': 2,
            'id': 'e',
            'metadata': {},
            'outputs': [
                {
                    'data': {'text/plain': [f"'{secret}'"]},
                    'execution_count': 2,
                    'metadata': {},
                    'output_type': 'execute_result',
                }
            ],
            'source': 'BINANCE_API_SECRET',
        },
        {
            'cell_type': 'code',
            'execution_count': 3,
            'id': 'd',
            'metadata': {},
            'source': ['print("\\t1")'],
            'outputs': [{'name': 'stdout', 'output_type': 'stream', 'text': ['1\n']}],
        },
    ]
    return json.dumps(
        {'cells': cells, 'metadata': {}, 'nbformat': 4, 'nbformat_minor': 5},
        indent=indent,
        ensure_ascii=False,
    )


@pytest.mark.parametrize('indent', [1, None])
def test_notebooks_are_rewritten_and_stay_valid(
    keylint: Run, repository: Repository, indent: int | None
) -> None:
    import nbformat

    text = notebook(indent)
    path = repository.write('bot.ipynb', text)
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert done.returncode == 0, done.stdout
    after = path.read_text(encoding='utf-8')
    nbformat.validate(nbformat.reads(after, as_version=4))  # type: ignore[no-untyped-call]  # it is published without types
    assert not any(value in after + done.stdout for value in secrets_of(text))
    cells, old = json.loads(after)['cells'], json.loads(text)['cells']
    assert [cells[0], cells[4]] == [old[0], old[4]]
    assert cells[2:4] == [{**cell, 'outputs': []} for cell in old[2:4]]
    assert ''.join(cells[1]['source']).splitlines() == [
        '%matplotlib inline',
        'import os',
        '',
        'import ccxt',
        "BINANCE_API_KEY = os.environ['BINANCE_API_KEY']",
        'BINANCE_API_SECRET = os.environ["BINANCE_API_SECRET"]',
    ]
    source = '\n'.join(
        ''.join(cell['source']) for cell in cells if cell['cell_type'] == 'code'
    ).replace('%matplotlib', '# ')
    repository.write('run.py', source)
    assert ran(repository.folder, 'run.py', **dotenv(repository.folder)).startswith(
        'BINANCE_API_SECRET='
    )


INVENTORY = """\
keys:
  - exchange: kraken  # mine
    label: grid
    permissions: [read, trade]
    ip_allowlist: []
    created: 2026-01-31
    rotate_after: 90d
"""


def test_an_inventory_gets_todos_and_no_facts(keylint: Run, repository: Repository) -> None:
    repository.write('keys.yaml', INVENTORY)
    done = keylint(
        'fix',
        '--isolated',
        '--today',
        '2026-02-01',
        '--select',
        'key-unrestricted-ip',
        cwd=repository.folder,
    )
    assert done.returncode == 1
    after = (repository.folder / 'keys.yaml').read_text()
    assert [line for line in after.splitlines() if line not in INVENTORY.splitlines()] == [
        (
            '    # TODO ip_allowlist: the addresses of the bot, as entered at the exchange '
            '(key-unrestricted-ip)'
        )
    ]
    assert yaml.safe_load(after) == yaml.safe_load(INVENTORY)
    keylint(
        'fix',
        '--isolated',
        '--today',
        '2026-02-01',
        '--select',
        'key-unrestricted-ip',
        cwd=repository.folder,
    )
    assert (repository.folder / 'keys.yaml').read_text() == after


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / 'bot.py'
    path.write_bytes(b'new')
    with pytest.raises(Exception, match='changed while it was read'):
        replace_file(str(path), b'old', b'fixed')
    assert [(found.name, found.read_bytes()) for found in tmp_path.iterdir()] == [
        ('bot.py', b'new')
    ]
    path.chmod(0o755)
    replace_file(str(path), b'new', b'fixed')
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b'fixed', 0o755)


@pytest.mark.parametrize(
    'value',
    ['plain', '', 'with space', 'dollar$HOME', 'hash # no', 'quote"s', 'a\nb', '#x', '`id`', 'ü'],
)
def test_a_shell_and_keylint_read_the_same_value(value: str, tmp_path: Path) -> None:
    (tmp_path / '.env').write_text(format_line(MovedValue('NAME', value)), encoding='utf-8')
    said = subprocess.run(
        ['sh', '-c', 'set -a; . ./.env; printf %s "$NAME"'],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert said.stdout.decode() == value
    assert read_values((tmp_path / '.env').read_bytes()) == {'NAME': value}


@pytest.mark.parametrize('value', ["it's", 'back\\slash'])
def test_a_value_that_readers_would_take_differently_is_not_written(value: str) -> None:
    with pytest.raises(Unfixable):
        format_line(MovedValue('NAME', value))


@pytest.mark.parametrize(
    ('issuer', 'role', 'environment', 'name'),
    [
        ('binance', 'secret', 'live', 'BINANCE_API_SECRET'),
        ('binance', 'api-key', 'testnet', 'BINANCE_TESTNET_API_KEY'),
        ('evm-private-key', 'private-key', 'unknown', 'EVM_PRIVATE_KEY'),
        ('bip39-mnemonic', 'mnemonic', 'unknown', 'BIP39_MNEMONIC'),
        ('1inch', 'token', 'live', '_1INCH_TOKEN'),
        (None, 'secret', 'live', 'SECRET'),
    ],
)
def test_names(issuer: str | None, role: str, environment: str, name: str) -> None:
    assert name_for(issuer, role, environment) == name


def test_moves_show_no_value_and_edits_go_last_to_first() -> None:
    assert repr(MovedValue('NAME', 'value')) == "Move('NAME', …)"
    assert (
        apply_edits(b'abcdef', [Edit(0, 1, b'xyz'), Edit(4, 6, b''), Edit(2, 2, b'-')])
        == b'xyzb-cd'
    )
    assert Names({'A': 'one'}).known == {'A': 'one'}


def test_the_hook_fixes_and_lets_the_second_commit_through(
    repository: Repository, tmp_path: Path
) -> None:
    hooks = yaml.safe_load((Path(__file__).parents[2] / '.pre-commit-hooks.yaml').read_text())
    hook = next(hook for hook in hooks if hook['id'] == 'keylint-fix')
    hook |= {'language': 'system', 'entry': f'{sys.executable} -m {hook["entry"]}'}
    hook.pop('minimum_pre_commit_version')
    repository.write(
        '.pre-commit-config.yaml', yaml.safe_dump({'repos': [{'repo': 'local', 'hooks': [hook]}]})
    )
    os.environ['PRE_COMMIT_HOME'] = str(tmp_path / 'pre-commit')
    repository.commit('set up')
    subprocess.run(
        [sys.executable, '-m', 'pre_commit', 'install'],
        cwd=repository.folder,
        capture_output=True,
        check=True,
    )
    repository.write('bot.py', program('dictionary'))
    repository.commit('leak')
    assert repository.git('log', '-1', '--format=%s') == 'set up\n'
    repository.commit('fixed')
    assert repository.git('log', '-1', '--format=%s') == 'fixed\n'
    assert 'os.environ' in repository.git('show', 'HEAD:bot.py')
    assert '.env\n' not in repository.git('ls-tree', '-r', '--name-only', 'HEAD').replace(
        '.env.example', ''
    )


def test_the_index_is_named_where_it_still_holds_the_value(
    keylint: Run, repository: Repository
) -> None:
    repository.write('bot.py', program('dictionary'))
    repository.write('new one.py', program('dictionary'))
    repository.git('add', 'new one.py')
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert "then `git add 'new one.py'`" in done.stdout
    assert 'Where it was committed, its value stays' in done.stdout.splitlines()[-1]
    repository.git('rm', '-q', '--cached', 'new one.py')
    repository.write('bot.py', program('dictionary'))
    assert 'The index' not in keylint('fix', '--isolated', cwd=repository.folder).stdout
