"""What `keylint publish` and `keylint scan` conclude, compared with what is true.

Builds repositories whose answer is known (`verdict_cases.py`, and the two bots of `examples/`),
asks for the verdict and for the environment of every credential, and prints one row for each. It
ends with 1 when a row is wrong. All values are generated from fixed seeds.

    python benchmarks/verdicts.py [--freqtrade FOLDER]

FOLDER is `config_examples` of a checkout of freqtrade: its files are copied with generated keys in
the place of the placeholders.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verdict_cases import CASES, Case, Credential

from keylint.rules.recipes import expand_recipes

EXAMPLES = Path(__file__).resolve().parent.parent / 'examples'
HEAD = '| repository | language | what it is | verdict | environments |\n|---|---|---|---|---|'

# What each exchange's key and secret look like in freqtrade's examples.
FREQTRADE_KEYS = {'binance': ('{alnum:64}', '{alnum:64}'), 'kraken': ('{base64:42}', '{base64:64}')}
FREQTRADE_OTHERS = {
    'token': '{digits:10}:AA{urlsafe:33}',
    'jwt_secret_key': '{hex:64}',
    'ws_token': '{urlsafe:43}',
    'password': '{pass:14}',
}
# A name whose value is a placeholder or empty. Passphrases of the exchange and switched off lists
# of producers are left as they are.
FREQTRADE_SETTING = re.compile(
    r'(?P<head>"(?P<name>key|secret|token|jwt_secret_key|ws_token|password)":\s*")'
    r'(?P<value>[^"]*)"'
)
SERVER_PAIR = re.compile(r'"password": "[^"]+",\s*"ws_token"')
FREQTRADE_EXCHANGE = re.compile(r'"exchange":\s*\{[^{}]*?"name":\s*"(\w+)"')

# The bots of `examples/`, as their READMEs describe them.
LEAKY_BOT = Counter(
    [
        Credential('binance', 'unknown'),
        Credential('cryptocom', 'unknown'),
        Credential('okx', 'unknown'),
        Credential('kraken', 'unknown'),
        Credential('kucoin', 'unknown'),
        Credential('bitget', 'unknown'),
        Credential('bybit', 'unknown'),
        Credential('evm-private-key', 'unknown'),
        Credential('bip39-mnemonic', 'unknown'),
        Credential('generic', 'unknown'),
        Credential('generic', 'unknown'),
        Credential('alpaca', 'paper'),
        Credential('bybit', 'testnet'),
    ]
)


@dataclass(frozen=True)
class Answer:
    """What was said of one repository."""

    verdict: str
    published: Counter[Credential]
    scanned: Counter[Credential]


def run_git(folder: Path, *arguments: str) -> None:
    """Run git in a repository, as nobody and on a fixed day."""
    environment = {
        **os.environ,
        'GIT_CONFIG_GLOBAL': os.devnull,
        'GIT_CONFIG_NOSYSTEM': '1',
        **{f'GIT_{who}_NAME': 'A Trader' for who in ('AUTHOR', 'COMMITTER')},
        **{f'GIT_{who}_EMAIL': 'trader@example.org' for who in ('AUTHOR', 'COMMITTER')},
        **{f'GIT_{who}_DATE': '2024-03-01T12:00:00Z' for who in ('AUTHOR', 'COMMITTER')},
    }
    command = ['git', '-C', str(folder), *arguments]
    subprocess.run(command, check=True, capture_output=True, env=environment)


def build_repository(folder: Path, commits: Iterable[dict[str, str | None]], seed: str) -> None:
    """Write the files of each commit and commit them, with the work tree left at the last."""
    folder.mkdir()
    run_git(folder, 'init', '-q', '-b', 'main')
    for number, files in enumerate(commits):
        for name, recipe in files.items():
            path = folder / name
            if recipe is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(expand_recipes(recipe, f'verdicts/{seed}/{name}'), encoding='utf-8')
        run_git(folder, 'add', '-A', '-f')
        run_git(folder, 'commit', '-q', '--allow-empty', '-m', f'Step {number + 1}')


def run_keylint(*arguments: str) -> dict[str, Any]:
    """Return the JSON that a command prints; its exit code is part of the answer."""
    command = [sys.executable, '-P', '-m', 'keylint', *arguments, '--format', 'json']
    done = subprocess.run(command, capture_output=True, check=False)
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def name_issuer(finding: dict[str, Any]) -> str:
    """Return the issuer's name in the rules; values without one count as generic."""
    return finding['issuer'] or 'generic'


def ask_keylint(folder: Path) -> Answer:
    """Publish and scan a repository."""
    published = run_keylint('publish', str(folder))
    scanned = run_keylint('scan', str(folder), '--isolated', '--exit-zero')
    return Answer(
        published['verdict'],
        Counter(
            Credential(name_issuer(leak), leak['environment'], leak['history']['in_head'])
            for leak in published['leaks']
        ),
        Counter(
            Credential(name_issuer(finding), finding['environment'])
            for finding in scanned['findings']
            if finding['parts']
        ),
    )


def fill_freqtrade(text: str) -> str:
    """Return the recipe of one of freqtrade's example configurations."""
    named = FREQTRADE_EXCHANGE.search(text)
    key, secret = FREQTRADE_KEYS[named.group(1) if named else 'binance']
    recipes = {**FREQTRADE_OTHERS, 'key': key, 'secret': secret}
    pieces, end = [], 0
    for setting in FREQTRADE_SETTING.finditer(text):
        is_passphrase = setting['name'] == 'password' and not setting['value']
        recipe = '' if is_passphrase else recipes[setting['name']]
        pieces += [escape_braces(text[end : setting.start()]), setting['head'], recipe, '"']
        end = setting.end()
    return ''.join([*pieces, escape_braces(text[end:])])


def escape_braces(text: str) -> str:
    """Return the text as a recipe that stands for itself."""
    return text.replace('{', '{{').replace('}', '}}')


def count_freqtrade(files: dict[str, str | None]) -> tuple[Credential, ...]:
    """List what must be found: an exchange's pair a file, and every token and password.

    A password and the token behind it, both of the API server, are one credential.
    """
    found = []
    for text in filter(None, files.values()):
        named = FREQTRADE_EXCHANGE.search(text.replace('{{', '{'))
        found.append(Credential(named.group(1) if named else 'binance', 'unknown'))
        for name, recipe in FREQTRADE_OTHERS.items():
            issuer = 'telegram' if name == 'token' else 'generic'
            joined = len(SERVER_PAIR.findall(text)) if name == 'ws_token' else 0
            found += [Credential(issuer, 'unknown')] * (text.count(f': "{recipe}"') - joined)
    return tuple(found)


def list_cases(freqtrade: Path | None) -> list[Case]:
    """List the cases: the examples, freqtrade's configurations where they are, and the others."""
    cases = [
        read_example('leaky-bot', tuple(LEAKY_BOT.elements()), 'not publishable'),
        read_example('clean-bot', (), 'publishable'),
    ]
    if freqtrade is not None:
        files: dict[str, str | None] = {
            f'config_examples/{path.name}': fill_freqtrade(path.read_text(encoding='utf-8'))
            for path in sorted(freqtrade.glob('*.json'))
        }
        about = 'its `config_examples` with generated keys; all say `"dry_run": true`'
        cases.append(Case('freqtrade', 'JSON', about, (files,), count_freqtrade(files)))
    return [*cases, *CASES]


def read_example(name: str, credentials: tuple[Credential, ...], verdict: str) -> Case:
    """Return one of the bots of `examples/` as a case."""
    files: dict[str, str | None] = {
        path.relative_to(EXAMPLES / name).as_posix(): escape_braces(
            path.read_text(encoding='utf-8')
        )
        for path in sorted((EXAMPLES / name).rglob('*'))
        if path.is_file()
    }
    about = f'`examples/{name}` in a repository of its own'
    return Case(name, 'Python', about, (files,), credentials, verdict)


def compare(case: Case, answer: Answer) -> list[str]:
    """Say what is wrong in an answer; nothing is when the list is empty."""
    wrong = []
    if answer.verdict != case.verdict:
        wrong.append(f'verdict {answer.verdict} instead of {case.verdict}')
    wanted = Counter(case.credentials)
    in_tree = Counter(one for one in case.credentials if one.in_head)
    for command, said, right in (
        ('publish', answer.published, wanted),
        ('scan', answer.scanned, in_tree),
    ):
        wrong += [f'{command} misses {describe(one)}' for one in (right - said).elements()]
        wrong += [f'{command} says {describe(one)}' for one in (said - right).elements()]
    return wrong


def describe(credential: Credential) -> str:
    """Return the credential in words."""
    removed = '' if credential.in_head else ', removed'
    return f'{credential.issuer} {credential.environment}{removed}'


def format_row(case: Case, wrong: list[str]) -> str:
    """Return the row of a table."""
    said = Counter(describe(one) for one in case.credentials)
    credentials = '; '.join(
        f'{number} × {text}' if number > 1 else text for text, number in said.items()
    )
    environments = f'**wrong**: {"; ".join(wrong)}' if wrong else credentials or 'no credential'
    return f'| {case.name} | {case.language} | {case.about} | {case.verdict} | {environments} |'


def main() -> int:
    """Print the table; return 1 when a row is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--freqtrade', type=Path, metavar='FOLDER')
    arguments = parser.parse_args()
    is_wrong = False
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        for case in list_cases(arguments.freqtrade):
            repository = Path(folder) / case.name
            build_repository(repository, case.commits, case.name)
            wrong = compare(case, ask_keylint(repository))
            is_wrong |= bool(wrong)
            print(format_row(case, wrong))
    return int(is_wrong)


if __name__ == '__main__':
    sys.exit(main())
