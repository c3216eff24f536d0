"""What stands in a folder that a package manager fills is lowered.

A folder of another name is not, whatever its name ends in.
"""

from __future__ import annotations

import json
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
    assert (finding['severity'], 'installed packages' in finding['message']) == (
        severity,
        severity == 'medium',
    )


@pytest.mark.parametrize(('folder', 'severity'), FOLDERS)
def test_folders_in_an_archive(folder: str, severity: str, keylint: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / 'bundle.zip', 'w') as archive:
        archive.writestr(f'{folder}/bot.env', LEAK)
    (finding,) = json.loads(keylint('scan', '--no-ignore', '--format', 'json').stdout)['findings']
    assert finding['severity'] == severity
