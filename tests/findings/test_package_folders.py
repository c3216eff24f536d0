"""What stands in a folder that a package manager fills is lowered.

A folder of another name is not, whatever its name ends in.
"""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Run

LEAK = expand_recipes(
    'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'package folders'
)
FOLDERS = [
    ('bot', 'critical'),
    ('my_node_modules', 'critical'),
    ('old-site-packages', 'critical'),
    ('node_modules_old', 'critical'),
    ('my.dist-packages', 'critical'),
    ('not_bower_components', 'critical'),
    ('node_modules', 'medium'),
    ('lib/site-packages', 'medium'),
    ('dist-packages', 'medium'),
    ('web/bower_components', 'medium'),
]


@pytest.mark.parametrize(('folder', 'severity'), FOLDERS)
def test_folders(folder: str, severity: str, keylint: Run, tmp_path: Path) -> None:
    path = tmp_path / folder / 'deep' / 'bot.env'
    path.parent.mkdir(parents=True)
    path.write_text(LEAK)
    (finding,) = json.loads(keylint('scan', '--no-ignore', '--format', 'json').stdout)['findings']
    rule = 'binance-credential' if severity == 'critical' else 'committed-dependencies'
    assert (finding['rule'], finding['severity']) == (
        rule,
        severity if severity == 'critical' else 'low',
    )


def test_what_is_in_a_folder_is_one_finding(keylint: Run, tmp_path: Path) -> None:
    for number in range(3):
        path = tmp_path / 'web' / 'node_modules' / f'x{number}' / 'bot.env'
        path.parent.mkdir(parents=True)
        path.write_text(
            expand_recipes('API_KEY={alnum:64}\nAPI_SECRET={alnum:64}\n', f'inside {number}')
        )
    (tmp_path / 'own.env').write_text(LEAK)
    report = json.loads(keylint('scan', '--no-ignore', '--format', 'json').stdout)
    own, inside = report['findings']
    assert (own['rule'], own['severity']) == ('binance-credential', 'critical')
    assert inside['title'] == 'dependencies are committed (3 findings inside)'
    assert 'Inside: 3 generic-credential' in inside['message']
    assert len(inside['related']) == 3
    text = keylint('scan', '--no-ignore').stdout
    assert text.count('node_modules') == 1


def test_who_asks_for_the_folder_is_shown_what_is_inside(keylint: Run, tmp_path: Path) -> None:
    subprocess.run(['git', 'init', '-q', str(tmp_path)], check=True)
    path = tmp_path / 'node_modules' / 'x' / 'bot.env'
    path.parent.mkdir(parents=True)
    path.write_text(LEAK)
    run = keylint('scan', 'node_modules', '--no-ignore', '--format', 'json')
    (finding,) = json.loads(run.stdout)['findings']
    assert (finding['rule'], finding['severity']) == ('binance-credential', 'medium')
    assert 'installed packages' in finding['message']


def test_what_comes_later_is_another_finding(keylint: Run, tmp_path: Path) -> None:
    """Accepting what is inside today accepts nothing that comes tomorrow."""
    prints = []
    for number in range(2):
        path = tmp_path / 'node_modules' / f'x{number}' / 'bot.env'
        path.parent.mkdir(parents=True)
        path.write_text(
            expand_recipes('API_KEY={alnum:64}\nAPI_SECRET={alnum:64}\n', f'later {number}')
        )
        report = json.loads(keylint('scan', '--no-ignore', '--format', 'json').stdout)
        prints += [finding['fingerprint'] for finding in report['findings']]
    assert len(set(prints)) == 2


def test_a_baseline_knows_what_is_inside(keylint: Run, tmp_path: Path) -> None:
    for number in range(2):
        path = tmp_path / 'node_modules' / f'x{number}' / 'bot.env'
        path.parent.mkdir(parents=True)
        path.write_text(
            expand_recipes('API_KEY={alnum:64}\nAPI_SECRET={alnum:64}\n', f'known {number}')
        )
        if not number:
            keylint('baseline', 'create', '--no-ignore')
    report = json.loads(keylint('scan', '--no-ignore', '--format', 'json').stdout)
    found = [finding for finding in report['findings'] if finding['state'] == 'open']
    assert [finding['title'] for finding in found] == [
        'dependencies are committed (1 finding inside)'
    ]


def test_what_packages_say_of_keys_is_not_judged(keylint: Run, tmp_path: Path) -> None:
    text = 'exchange: binance\napi_key: env\nip_allow_list: []\npermissions: [withdraw]\n'
    for folder in ('own', 'node_modules/x'):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / 'config.yaml').write_text(text)
    report = json.loads(keylint('scan', '--no-ignore', '--format', 'json').stdout)
    assert {finding['path'] for finding in report['findings']} == {'own/config.yaml'}


@pytest.mark.parametrize(('folder', 'severity'), FOLDERS)
def test_folders_in_an_archive(folder: str, severity: str, keylint: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / 'bundle.zip', 'w') as archive:
        archive.writestr(f'{folder}/bot.env', LEAK)
    (finding,) = json.loads(keylint('scan', '--no-ignore', '--format', 'json').stdout)['findings']
    assert finding['severity'] == severity
