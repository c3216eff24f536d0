"""Values within values: whatever part of a value another one is, no report shows a piece of it.

The order in which values are masked must not depend on how Python hashes, so the runs start from
nothing with several hash seeds. Short values count as much as long ones: a password of six
characters is repeated in comments and labels like any other.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Run
from tests.hiding import Git

PIECE = 4
HASH_SEEDS = ('0', '1', '2')


def make(recipe: str, name: str) -> str:
    return expand_recipes(recipe, f'masking/{name}')


def make_pairs() -> dict[str, tuple[str, str]]:
    """Return a pair of values for each way in which one can stand in the other."""
    pairs = {}
    for relation, form in {
        'the beginning of it': '{0}_{1}',
        'its beginning, without a sign between': '{0}{1}',
        'the end of it': '{1}_{0}',
        'its end, without a sign between': '{1}{0}',
        'in the middle of it': '{1}_{0}_{2}',
        'twice in it': '{0}_{1}{0}',
    }.items():
        first = make('{pass:7}', relation)
        rest = make('{pass:5}', f'{relation}/1'), make('{pass:4}', f'{relation}/2')
        pairs[relation] = (first, form.format(first, *rest))
    start, middle, end = (make('{pass:4}', f'overlap/{number}') for number in range(3))
    pairs['an overlap'] = (start + middle, middle + end)
    for length in (6, 7, 8):
        pairs[f'two of {length} characters'] = (
            make(f'{{pass:{length}}}', f'{length}/1'),
            make(f'{{pass:{length}}}', f'{length}/2'),
        )
    return pairs


PAIRS = make_pairs()
ACCOUNTS = {
    'code.py': (
        'import ccxt\n'
        "a = ccxt.okx({{'apiKey': '{uuid}', 'secret': '{HEX:32}', 'password': 'FIRST'}})"
        '  # SECOND and FIRST\n'
        "b = ccxt.okx({{'apiKey': '{uuid}', 'secret': '{HEX:32}', 'password': 'SECOND'}})"
        '  # FIRST and SECOND\n'
    ),
    'settings.env': (
        'OKX_KEY={uuid}\nOKX_SECRET={HEX:32}\nOKX_PASSPHRASE=FIRST # SECOND and FIRST\n'
        'KUCOIN_KEY={hex:24}\nKUCOIN_SECRET={uuid}\n'
        'KUCOIN_PASSPHRASE=SECOND # FIRST and SECOND\n'
    ),
    'accounts.yaml': (
        'accounts:\n'
        '  - exchange: kraken  # FIRST and SECOND\n'
        '    label: SECOND\n'
        '    permissions: [read, withdraw]  # SECOND and FIRST\n'
        '    ip_allowlist: []\n'
        '  - exchange: okx\n'
        '    label: FIRST\n'
        '    account: SECOND\n'
        '    permissions: [read, withdraw]\n'
        '    ip_allowlist: []\n'
        'okx:\n'
        '  api_key: {uuid}\n  secret: {HEX:32}\n  passphrase: FIRST  # SECOND and FIRST\n'
        'kucoin:\n'
        '  key: {hex:24}\n  secret: {uuid}\n  passphrase: SECOND  # FIRST and SECOND\n'
    ),
}


def pieces_of(*values: str) -> set[str]:
    return {value[at : at + PIECE] for value in values for at in range(len(value) - PIECE + 1)}


def told_pieces(text: str, values: tuple[str, ...]) -> list[str]:
    return sorted(piece for piece in pieces_of(*values) if piece in text)


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """Provide a folder with files for each pair."""
    for number, (first, second) in enumerate(PAIRS.values()):
        for name, template in ACCOUNTS.items():
            path = tmp_path / 'bot' / str(number) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = make(template, f'{number}/{name}')
            path.write_text(text.replace('FIRST', first).replace('SECOND', second))
    return tmp_path / 'bot'


def formats_of(process: Run, *command: str) -> list[str]:
    """Return the formats that the command offers, as it says itself."""
    refused = process(*command, '--format', 'none-of-them')
    assert refused.returncode == 2
    names = re.findall(r'\w+', refused.stderr.rpartition('; allowed: ')[2].partition(' (')[0])
    assert {'json', 'text'} <= set(names), refused.stderr
    return names


@pytest.mark.parametrize('seed', HASH_SEEDS)
def test_no_format_shows_a_piece_of_a_value_within_a_value(
    process: Run, bot: Path, tmp_path: Path, seed: str
) -> None:
    formats = formats_of(process, 'scan')
    assert len(formats) >= 10
    outputs = [part for name in formats for part in ('--output', f'{name}:{tmp_path / name}')]
    arguments = ('scan', '.', '--isolated', '--no-cache', *outputs)
    done = process(*arguments, cwd=bot, PYTHONHASHSEED=seed)
    assert done.returncode == 1, done.stderr
    found = json.loads((tmp_path / 'json').read_text())['findings']
    for number, (relation, values) in enumerate(PAIRS.items()):
        lengths = [
            part['preview']
            for finding in found
            if finding['path'].startswith(f'{number}/')
            for part in finding['parts']
            if part['role'] in ('password', 'passphrase')
        ]
        assert set(lengths) == {f'…({len(value)})' for value in values}, relation
        assert len(lengths) >= 2 * len(ACCOUNTS), relation
        for name in formats:
            text = (tmp_path / name).read_text(encoding='utf-8')
            assert told_pieces(text, values) == [], (relation, name)
    assert (tmp_path / 'text').read_text(encoding='utf-8').count(' # … and …') >= len(PAIRS)


def test_the_list_of_keys_shows_none_either(process: Run, bot: Path) -> None:
    for form in ('text', 'json'):
        arguments = ('keys', '.', '--isolated', '--format', form)
        done = process(*arguments, cwd=bot, PYTHONHASHSEED='3')
        assert done.returncode == 0, done.stderr
        assert done.stdout.count('okx') >= len(PAIRS)
        for relation, values in PAIRS.items():
            assert told_pieces(done.stdout, values) == [], (relation, form)


def test_neither_does_the_history(process: Run, bot: Path) -> None:
    git = Git(bot)
    git.commit()
    for form in ('text', 'html'):
        arguments = ('scan', '--history', '.', '--isolated', '--format', form)
        done = process(*arguments, cwd=bot, PYTHONHASHSEED='3')
        assert done.returncode == 1, done.stderr
        assert 'settings.env' in done.stdout
        for relation, values in PAIRS.items():
            assert told_pieces(done.stdout, values) == [], (relation, form)


def test_a_file_with_hundreds_of_values(keylint: Run, tmp_path: Path) -> None:
    """So many are looked for as whole words: each repeated one is masked, wherever it stands."""
    passwords = [make('{pass:7}', f'many/{number}') for number in range(80)]
    lines = []
    for number, password in enumerate(passwords):
        other = passwords[number - 1]
        key = make("'{uuid}', 'secret': '{HEX:32}'", f'many/{number}/key')
        account = f"{{'apiKey': {key}, 'password': '{password}'}}"
        lines.append(f'a{number} = ccxt.okx({account})  # was ({other}), "{password}"\n')
    (tmp_path / 'accounts.py').write_text('import ccxt\n' + ''.join(lines))
    done = keylint('scan', '--isolated', '--format', 'full', 'accounts.py')
    assert done.stdout.count('# was (…), "…"') == len(passwords)
    assert told_pieces(done.stdout, tuple(passwords)) == []
