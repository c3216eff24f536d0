"""Check the paths that CI formats show."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from keylint.core.relative_paths import path_from_root
from keylint.reporters.places import encode_uri
from keylint.rules.recipes import expand
from tests.conftest import Repository, Run
from tests.reporters.bots import NEW_FORMATS
from tests.reporters.sound import commands

pytestmark = pytest.mark.slow


def test_ci_formats_name_files_from_the_root_of_the_repository(
    keylint: Run, repository: Repository, tmp_path: Path
) -> None:
    leak = expand('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'rooted')
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


@pytest.mark.parametrize(
    ('path', 'root', 'base', 'want'),
    [
        ('a.env', '/r', '/r', 'a.env'),
        ('a.env', '/r', '/r/b', 'b/a.env'),
        ('../a.env', '/r', '/r/b', 'a.env'),
        ('/r/b/a.env', '/r', '/elsewhere', 'b/a.env'),
        ('../s/a.env', '/r', '/r', '/s/a.env'),
        ('/root/a.env', '/r', '/r', '/root/a.env'),
        ('a.env', '/', '/', 'a.env'),
    ],
)
@pytest.mark.skipif(os.name == 'nt', reason='paths of POSIX')
def test_a_path_from_the_root(path: str, root: str, base: str, want: str) -> None:
    assert path_from_root(path, root, base) == want


@pytest.mark.parametrize(
    ('path', 'want'),
    [
        ('a.py', 'a.py'),
        ('c:/x?y#z', 'c%3A/x%3Fy%23z'),
        ('x\udcff\n', 'x%FF%0A'),
        ('/abs/a b', 'file:///abs/a%20b'),
        ('javascript:alert(1)', 'javascript%3Aalert%281%29'),
    ],
)
def test_a_uri(path: str, want: str) -> None:
    assert encode_uri(path) == want
