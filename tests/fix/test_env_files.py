"""Values move to an `.env` file that git does not track."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
import yaml

from keylint.fix import config
from keylint.fix.edits import SecretSpan, UnfixableError
from keylint.fix.names import Names
from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run
from tests.fix.programs import dotenv, program, ran, secrets_of, tree

pytestmark = pytest.mark.slow


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
    repository.write('bots/prod.env', expand_recipes('BINANCE_API_SECRET={alnum:64}\n', 'back'))
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert done.returncode == 2
    assert 'does not ignore' in done.stderr
    assert not (repository.folder / 'bots/.env').exists()
    assert secrets_of((repository.folder / 'bots/prod.env').read_text())


def test_values_of_an_env_file_move_to_the_untracked_one(
    keylint: Run, repository: Repository
) -> None:
    text = expand_recipes(
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
    text = expand_recipes('KRAKEN_KEY={base64:56}\nKRAKEN_SECRET={base64:88}\n', 'own')
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
    text = expand_recipes(COMPOSE, 'compose')
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
    key, secret = expand_recipes('{alnum:64} {alnum:64}', 'freqtrade').split()
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
    with pytest.raises(UnfixableError, match='number'):
        config.fix_config(
            data, 'config.json', [SecretSpan(start, start + len(value), 'api-key', 'X')], Names({})
        )
