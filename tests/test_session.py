"""docs/session.py on a small generated repository.

Every step ends as the document says, and what would not is refused.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from keylint import __version__
from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
URL = 'https://example.org/ada/tiny-bot'
OLD = expand_recipes('KRAKEN_KEY={base64:42}\nKRAKEN_SECRET={base64:64}\n', 'session')
OTHERS = {
    'repos': [
        {
            'repo': 'https://example.org/hooks',
            'rev': 'v1',
            'hooks': [{'id': 'spelling', 'additional_dependencies': ['words']}],
        }
    ]
}


def hooks(folder: Path, entry: str = '') -> Repository:
    """Return a repository with the hooks of this one, which run this checkout.

    `language: system` spares building an environment.
    """
    rows = yaml.safe_load((ROOT / '.pre-commit-hooks.yaml').read_text())
    made = Repository(folder)
    run = [
        {**row, 'language': 'system', 'entry': entry or f'{sys.executable} -P -m {row["entry"]}'}
        for row in rows
    ]
    made.write('.pre-commit-hooks.yaml', yaml.safe_dump(run))
    made.commit('hooks')
    return made


def bots(folder: Path) -> Repository:
    """Return a bot with a key that is in its repository already, and with a hook of its own."""
    made = Repository(folder)
    made.write('bot.py', 'import ccxt\n\nprint(ccxt.exchanges)\n')
    made.write('old.env', OLD)
    made.write('.pre-commit-config.yaml', yaml.safe_dump(OTHERS))
    made.commit('a bot')
    return made


def play(bot: Repository, hook: Repository, page: Path) -> subprocess.CompletedProcess[str]:
    options = {
        '--clone': f'tiny-bot={bot.folder}',
        '--keylint': str(hook.folder),
        '--output': str(page),
    }
    command = [
        sys.executable,
        str(ROOT / 'docs/session.py'),
        URL,
        *(word for pair in options.items() for word in pair),
    ]
    return subprocess.run(command, capture_output=True, check=False, text=True, timeout=300)


@pytest.fixture(scope='module')
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp('session')
    bot = bots(folder / 'bot')
    done = play(bot, hooks(folder / 'hook'), folder / 'page.md')
    assert done.returncode == 0, done.stderr
    text = (folder / 'page.md').read_text()
    assert str(folder) not in text
    assert bot.git('status', '--short') == ''
    return text


def commands(page: str) -> list[str]:
    """Return what is typed, without what is the project's own."""
    shown = re.sub(r'(?m)^\$ (?:git diff HEAD --|cat) (\S+\.(?:py|json|yml))$', r'$ show \1', page)
    return [
        re.sub(r'https\S+|\S+\.(?:py|json|yml)$', '*', line)
        for line in re.findall(r'(?m)^\$ (?!export)(.*)$', shown)
    ]


def test_from_nothing_to_green(page: str) -> None:
    place = 0
    for line in (
        f'$ git clone {URL}',
        '.pre-commit-config.yaml: added: the hook keylint',
        '$ keylint scan',
        '1 critical in ',
        '(exit code 1)',
        '.keylint-baseline.json: 1 entry, none reviewed yet',
        '1 known',
        '$ export SKIP=spelling',
        'pre-commit installed at',
        'hook          installed through pre-commit',
        'lines on skipped hooks left out',
        '...Passed',
        '] Stop keys at the commit',
        '{alnum:64}',
        "$ git commit -m 'Go live'",
        '...Failed',
        'Binance credential',
        '(exit code 1)',
        '$ keylint fix',
        'The index still has the old content',
        'Still compromised: Binance credential',
        "os.environ['BINANCE_API_SECRET']",
        'BINANCE_API_SECRET=\n',
        "$ git commit -m 'Go live'",
        '...Passed',
        '] Go live',
        '$ git check-ignore .env\n.env\n',
        'no findings in ',
    ):
        assert line in page[place:], f'{line!r} is missing behind:\n{page[:place][-2000:]}'
        place = page.index(line, place) + len(line)
    assert page.count('(exit code') == 2
    assert not re.search(r'[A-Za-z0-9+/]{32,}', re.sub(r'https://\S+', '', page))


def test_a_leak_that_is_not_refused_is_no_document(tmp_path: Path) -> None:
    done = play(bots(tmp_path / 'bot'), hooks(tmp_path / 'hook', 'true'), tmp_path / 'page.md')
    assert (done.returncode, (tmp_path / 'page.md').exists()) == (1, False)
    assert "tiny-bot: git commit -m 'Go live': exit code 0, not (1,)" in done.stderr


def test_the_committed_page_is_of_this_script(page: str) -> None:
    chapters = (ROOT / 'docs/session.md').read_text().split('\n## ')[1:]
    assert [chapter.partition('\n')[0] for chapter in chapters] == [
        'freqtrade',
        'crypto-bot',
        'binance-trade-bot',
    ]
    wanted = commands(page)
    place = wanted.index('keylint scan')
    # Where market data is excluded first: what a scan says without that, and the line.
    own = commands(chapters[0])
    assert own[place] == 'keylint scan'
    assert own[place + 1].startswith('sed ')
    assert own[:place] + own[place + 2 :] == wanted
    assert all(commands(chapter) == wanted for chapter in chapters[1:])
    assert f'keylint       {__version__}\n' in chapters[0]
