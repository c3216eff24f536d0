"""Check the paths that CI formats show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run
from tests.reporters.bots import NEW_FORMATS
from tests.reporters.sound import commands

pytestmark = pytest.mark.slow


def test_ci_formats_name_files_from_the_root_of_the_repository(
    keylint: Run, repository: Repository, tmp_path: Path
) -> None:
    leak = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'rooted')
    repository.write('bots/a b/%20é.env', leak)
    repository.commit()
    expected = 'bots/a b/%20é.env'
    for cwd, what in (
        (repository.folder, '.'),
        (repository.folder / 'bots', '.'),
        (repository.folder, str(repository.folder / 'bots')),
        (repository.folder.parent, 'repository'),
        (repository.folder / 'bots', '--staged'),
    ):
        if what == '--staged':
            repository.write('bots/a b/%20é.env', leak + '\n')
            repository.git('add', '-A')
        keylint(
            'scan',
            what,
            '--isolated',
            *(f'--output={name}:{tmp_path / name}' for name in NEW_FORMATS),
            cwd=cwd,
        )
        texts = {name: (tmp_path / name).read_text(encoding='utf-8') for name in NEW_FORMATS}
        place = json.loads(texts['sarif'])['runs'][0]['results'][0]['locations'][0][
            'physicalLocation'
        ]['artifactLocation']
        assert place == {'uri': 'bots/a%20b/%2520%C3%A9.env', 'uriBaseId': 'SRCROOT'}, (cwd, what)
        assert json.loads(texts['gitlab'])['vulnerabilities'][0]['location']['file'] == expected
        assert json.loads(texts['codeclimate'])[0]['location']['path'] == expected
        assert commands(texts['github'])[0][1]['file'] == expected
        assert f'name="{expected}: ' in texts['junit']
