"""Walk as four new users would, each in an environment of its own, and stop at what is awkward.

`python benchmarks/walks.py` builds a wheel of this checkout, installs it with pip into a new
environment for each walk (author, ci, owner, rules: all, or those that are named), and runs the
commands of docs/quick-starts.md on repositories made for it. Each step says which exit code and
which words the user must see; one that differs ends the run with 1. `--show` prints all output.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILL = """
import sys
from pathlib import Path
from keylint.rules.recipes import expand_recipes
for name in sys.argv[1:]:
    path = Path(name)
    path.write_text(expand_recipes(path.read_text(), f'walk/{name}'))
"""
BOT = """\
import ccxt

exchange = ccxt.kraken({{
    'apiKey': '{base64:42}',
    'secret': '{base64:64}',
}})
exchange.create_order('BTC/USD', 'limit', 'buy', 0.01, 30000)
"""
PAIR = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'
DEFINITION = """\
id: acme
name: Acme
kind: exchange
credentials:
- {role: api-key, shape: 'ac-[0-9a-f]{32}'}
- {role: secret, shape: '[A-Za-z0-9]{48}'}
help:
  revoke: [Open Settings > API and delete the key]
"""
EXAMPLES = """\
loud:
- file: .env
  roles: [api-key, secret]
  text: |
    ACME_API_KEY=ac-{hex:32}
    ACME_API_SECRET={alnum:48}
silent:
- file: .env.example
  text: |
    ACME_API_KEY=your-key
"""


class Walker:
    """One user: an environment, a home, a folder of repositories, and what went wrong."""

    def __init__(self, folder: Path, wheel: Path, is_shown: bool) -> None:
        self.folder, self._is_shown = folder, is_shown
        self.steps = self.lines = 0
        self.wrong: list[str] = []
        place = folder / 'venv'
        venv.create(place, with_pip=True)
        self._bin = place / ('Scripts' if os.name == 'nt' else 'bin')
        install = ['install', '-q', '--disable-pip-version-check', str(wheel), 'git-filter-repo']
        subprocess.run([str(self._bin / 'python'), '-m', 'pip', *install], check=True)
        (folder / 'home').mkdir()
        self._environment = {
            **{name: os.environ[name] for name in ('LANG', 'TMPDIR') if name in os.environ},
            'PATH': f'{self._bin}{os.pathsep}{os.environ["PATH"]}',
            'HOME': str(folder / 'home'),
            'COLUMNS': '80',
            **{
                f'GIT_{role}_{what}': value
                for role in ('AUTHOR', 'COMMITTER')
                for what, value in (('NAME', 'A'), ('EMAIL', 'a@example.org'))
            },
        }

    def write(self, name: str, recipe: str) -> None:
        """Write a file, with the values of its recipes."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(recipe, encoding='utf-8')
        command = [str(self._bin / 'python'), '-c', FILL, name]
        subprocess.run(command, cwd=self.folder, check=True, env=self._environment)

    def run(self, command: str, code: int = 0, *words: str, at: str = '.') -> str:
        """Run a command in a shell, as the user types it, and check what they see."""
        self.steps += 1
        done = subprocess.run(
            ['sh', '-c', command], cwd=self.folder / at, env=self._environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        text = re.sub(r'\x1b\[[\d;]*m', '', done.stdout)
        self.lines += len(text.splitlines())
        missing = [word for word in words if word not in ' '.join(text.split())]
        if done.returncode != code or missing:
            self.wrong.append(f'$ {command}\n{text}{done.returncode} for {code}, lacks {missing}')
        elif self._is_shown:
            print(f'$ {command}\n{text}[{done.returncode}]\n')
        return text


def walk_author(user: Walker) -> None:
    """Write a bot with a key in it, find it, move it out, and let the hook stop the next one."""
    user.run('git init -q -b main bot')
    user.write('bot/bot.py', BOT)
    user.run('keylint --version', 0, 'keylint ')
    user.run('keylint scan', 1, 'Kraken credential', 'Revoke first', 'kraken.com', at='bot')
    user.run('keylint explain kraken-credential', 0, 'Kraken', 'delete the key', at='bot')
    user.run('keylint fix --dry-run', 1, 'KRAKEN_API_SECRET', at='bot')
    user.run('keylint fix', 0, 'KRAKEN_API_SECRET', at='bot')
    user.run('git status --short', 0, '.gitignore', at='bot')
    user.run('keylint init', 0, 'the hook keylint', at='bot')
    user.run('keylint scan', 0, 'no findings', 'ignored by git', at='bot')
    user.run('git add -A && git commit -qm start', at='bot')
    user.write('bot/other.env', PAIR)
    user.run('git add -f other.env', at='bot')
    user.run('keylint scan --staged', 1, 'Nothing is committed yet', 'SKIP=keylint', at='bot')
    user.run('keylint keys', 0, 'kraken', at='bot')
    user.run('keylint keys --recipe', 0, 'Kraken: the code needs to trade', at='bot')
    user.run('keylint scna', 2, 'did you mean', at='bot')


def walk_ci(user: Walker) -> None:
    """Look at a change in a pipeline: what it adds, what was there, a clone that is too shallow."""
    user.run('git init -q -b main work')
    user.write('work/old.env', PAIR)
    user.run('git add -A && git commit -qm old && git clone -q --bare . ../origin.git', at='work')
    user.run('git remote add origin ../origin.git && git fetch -q', at='work')
    user.run('keylint scan --diff origin/main', 0, 'nothing was scanned', at='work')
    user.run('git switch -qc change', at='work')
    user.write('work/new.py', BOT)
    user.run('git add -A && git commit -qm new', at='work')
    reports = '--output github:- --output sarif:k.sarif --output markdown:k.md'
    user.run(f'keylint scan --diff origin/main {reports}', 1, '::error', 'new.py', at='work')
    user.run('head -c 300 k.md', 0, 'Kraken', at='work')
    user.run('python -m json.tool k.sarif > /dev/null && rm k.sarif k.md', 0, at='work')
    user.run('git push -q origin change', at='work')
    user.run('git clone -q --depth 1 --branch change "file://$PWD/origin.git" shallow')
    user.run('keylint scan --diff origin/main', 2, 'fetch', at='shallow')
    user.run('CI=true GITHUB_ACTIONS= keylint scan --diff auto', 2, 'diff', at='shallow')
    user.run('keylint baseline create', 0, '.keylint-baseline.json', at='work')
    user.run('keylint scan', 0, '2 known', at='work')
    user.run('keylint baseline show', 0, 'unreviewed', at='work')
    user.run('keylint doctor', 0, at='work')


def walk_owner(user: Walker) -> None:
    """Publish an old repository: the verdict, the plan, the purge, the proof."""
    user.run('git init -q -b main grid')
    user.write('grid/config.env', PAIR)
    user.run('git add -A && git commit -qm one && git rm -q config.env', at='grid')
    user.write('grid/bot.py', 'print("hello")\n')
    user.run('git add -A && git commit -qm two', at='grid')
    user.run('keylint scan', 0, 'no findings', at='grid')
    user.run('keylint publish', 1, 'No: do not publish this yet', 'Revoke and replace', at='grid')
    user.run('keylint publish --plan ../plan', 1, 'purge.sh', at='grid')
    user.run('head -60 plan/CHECKLIST.md', 0, '- [ ] Binance: 1 credential')
    user.run('sh plan/purge.sh', 0, 'nothing of the plan is left')
    user.run('keylint publish grid-clean --verify --plan plan', 0, 'nothing of the plan is left')
    user.run('keylint publish grid-clean', 0, 'Yes')
    user.run('keylint publish grid --format html --output grid.html', 1)


def walk_rules(user: Walker) -> None:
    """Write rules of one's own: the scaffold, the check, a scan, and the page of the rule."""
    user.run('keylint rules new acme --to my-rules', 0, 'wrote my-rules')
    user.run('keylint rules check my-rules', 2, 'still says TODO')
    (user.folder / 'my-rules' / 'acme.yaml').write_text(
        DEFINITION.replace('{48}', '{40}'), encoding='utf-8'
    )
    (user.folder / 'my-rules' / 'acme.examples.yaml').write_text(EXAMPLES, encoding='utf-8')
    user.run('keylint rules check my-rules', 1, 'lacks its shape')
    (user.folder / 'my-rules' / 'acme.yaml').write_text(DEFINITION, encoding='utf-8')
    user.run('keylint rules check my-rules', 0, '0 complaints')
    user.run('git init -q -b main bot')
    user.write('bot/.env', 'ACME_API_KEY=ac-{hex:32}\nACME_API_SECRET={alnum:48}\n')
    user.run('keylint scan --rules ../my-rules', 1, 'Acme credential', 'delete the key', at='bot')
    user.write('bot/keylint.toml', 'rules = ["../my-rules"]\n')
    user.run('keylint explain acme', 0, 'Acme', at='bot')
    user.run('keylint rules', 0, 'acme-credential', at='bot')


WALKS: dict[str, Callable[[Walker], None]] = {
    'author': walk_author,
    'ci': walk_ci,
    'owner': walk_owner,
    'rules': walk_rules,
}


def main() -> int:
    """Return 1 if a step of a walk is not as its user needs it."""
    parser = argparse.ArgumentParser(description=(__doc__ or '').partition('\n')[0])
    parser.add_argument('walks', nargs='*', help=', '.join(WALKS))
    parser.add_argument('--show', action='store_true', help='print all commands and their output')
    given = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as place:
        build = [sys.executable, '-m', 'pip', 'wheel', '-q', '--no-deps', '-w', place, str(ROOT)]
        subprocess.run(build, check=True)
        (wheel,) = Path(place).glob('*.whl')
        for name in given.walks or WALKS:
            folder = Path(place) / name
            folder.mkdir()
            user = Walker(folder, wheel, given.show)
            WALKS[name](user)
            print(f'{name}: {user.steps} commands, {user.lines} lines, {len(user.wrong)} wrong')
            print(''.join(f'\n{one}\n' for one in user.wrong), end='')
            wrong += len(user.wrong)
    return int(wrong > 0)


if __name__ == '__main__':
    sys.exit(main())
