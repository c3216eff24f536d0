"""Repairs of programs: they run as before, and no other byte changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run
from tests.fix.programs import HEAD, PROGRAMS, dotenv, program, ran, secrets_of, tree

pytestmark = pytest.mark.slow


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
    repository.write(file, expand_recipes(text, name))
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
    text = expand_recipes(
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
        text = expand_recipes(
            "BINANCE_API_KEY = '{alnum:64}'\nBINANCE_API_SECRET = '{alnum:64}'\n", folder
        )
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
    repository.write(file, expand_recipes(text, name).replace('\x01', '{').replace('\x02', '}'))
    before = tree(repository.folder)
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert done.returncode == 1
    assert why in done.stdout
    assert tree(repository.folder) == before


def test_what_can_be_fixed_leaves_without_the_rest(keylint: Run, repository: Repository) -> None:
    text = expand_recipes(
        "BINANCE_API_KEY = '{alnum:64}'\n# BINANCE_API_SECRET = '{alnum:64}'\n", 'partly'
    )
    repository.write('bot.py', text)
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert done.returncode == 1
    assert 'only a part of the credential could leave: it is in a comment' in done.stdout
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
    text = program('dictionary') + expand_recipes("\nother_password = 'Zq{alnum:9}!'\n", 'dry')
    repository.write('bot.py', text)
    before = tree(repository.folder)
    done = keylint('fix', '--isolated', '--dry-run', cwd=repository.folder)
    assert done.returncode == 1
    assert tree(repository.folder) == before
    assert "+    'apiKey': os.environ['BINANCE_API_KEY'],  # mine" in done.stdout
    assert not any(value in done.stdout for value in secrets_of(text))
    assert expand_recipes('Zq{alnum:9}!', 'dry') not in done.stdout
