"""The sample and the table of docs/configuration.md, as they are written there."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.docs.pages import read_code, read_names, read_page, read_rows

SAMPLE = read_code('configuration.md', '# Configuration')
FLAGS = read_rows('configuration.md', 'variable')
# A value for each variable that names a setting, and what `keylint config` shows for it.
GIVEN = {
    'KEYLINT_FORMAT': ('json', 'format', 'json'),
    'KEYLINT_SELECT': ('kraken,okx', 'select', ['kraken', 'okx']),
    'KEYLINT_IGNORE': ('kraken', 'ignore', ['kraken']),
    'KEYLINT_EXCLUDE': ('vendor/', 'exclude', ['vendor/']),
    'KEYLINT_SEVERITY': ('high', 'severity', 'high'),
    'KEYLINT_CONFIDENCE': ('high', 'confidence', 'high'),
    'KEYLINT_FAIL_ON': ('critical', 'fail-on', 'critical'),
    'KEYLINT_BASELINE': ('known.json', 'baseline', 'known.json'),
    'KEYLINT_WORKERS': ('1', 'workers', 1),
    'KEYLINT_CONFIG': ('own.toml', 'config', 'own.toml'),
    'KEYLINT_RULES': ('my-rules', 'rules', 'my-rules'),
}
# Those that are no settings of `keylint config`, and the tests that show what they do.
SHOWN_ELSEWHERE = {
    'KEYLINT_CACHE_DIR': 'threats/test_caches.py',
    'KEYLINT_QUIET': 'commands/test_manners.py',
    'KEYLINT_DEBUG': 'test_crashes.py',
    'KEYLINT_ENGINE': 'matcher/test_python_engine.py',
    'KEYLINT_START_METHOD': 'workers/test_spawned.py',
    'KEYLINT_NO_CACHE': 'pipeline/test_clean_cache.py',
}


def read_settings(text: str) -> dict[str, tuple[object, str]]:
    """Return what `keylint config` prints: each value and its origin."""
    rows = (re.fullmatch(r'(\S+) +(.+?)  +(\S.*)', line) for line in text.splitlines())
    return {row[1]: (json.loads(row[2]), row[3]) for row in rows if row}


def test_the_sample_as_it_is_changes_nothing(keylint: Run, tmp_path: Path) -> None:
    tomllib.loads(SAMPLE)
    before = read_settings(keylint('config').stdout)
    (tmp_path / 'keylint.toml').write_text(SAMPLE)
    after = read_settings(keylint('config').stdout)
    assert len(before) > 20
    changed = {key for key in before if before[key][0] != after[key][0]} - {'config'}
    assert changed == set()


def test_the_examples_of_the_sample_are_accepted(keylint: Run, tmp_path: Path) -> None:
    text = re.sub(r'(?m)^(\S+ = )\[\](.*e\.g\. )(\[[^]]*\])', r'\1\3 #\2', SAMPLE)
    text = re.sub(r'(?m)^# (baseline = "[^"]*"|inventory = \[[^]]*\]) ', r'\1 # ', text)
    text = text.replace('# "tests/*"', '"tests/*"')
    assert text.count('["') >= 6
    (tmp_path / 'keylint.toml').write_text(text)
    (tmp_path / 'my-rules').mkdir()
    done = keylint('config')
    assert done.returncode == 0, done.stderr
    assert read_settings(done.stdout)['baseline'][0] == 'ci/known.json'


def test_every_variable_of_the_table_is_tried() -> None:
    named = {name for row in FLAGS for name in read_names(row[0])}
    assert named == {*GIVEN, *SHOWN_ELSEWHERE}


def test_every_setting_can_come_from_its_variable(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'own.toml').write_text('')
    (tmp_path / 'my-rules').mkdir()
    done = keylint('config', **{name: value for name, (value, _, _) in GIVEN.items()})
    shown = read_settings(done.stdout)
    for name, (_, key, want) in GIVEN.items():
        value, origin = shown[key]
        assert origin == name
        shown_last = value[-1] if name == 'KEYLINT_RULES' and isinstance(value, list) else value
        assert shown_last == want or str(shown_last).endswith(f'/{want}')


@pytest.mark.parametrize('name', SHOWN_ELSEWHERE)
def test_other_variables_have_tests_of_their_own(name: str) -> None:
    assert name in (Path(__file__).parents[1] / SHOWN_ELSEWHERE[name]).read_text(encoding='utf-8')


def test_the_folders_of_the_page_are_those_that_are_passed(keylint: Run, tmp_path: Path) -> None:
    text = read_page('configuration.md')
    passage = text[text.index('everything except folders of builds') :].partition('`--no-ignore`')
    folders = [name for name in read_names(passage[0]) if name != '.git']
    assert len(folders) > 20
    for folder in folders:
        (tmp_path / 'tree' / folder).mkdir(parents=True)
        (tmp_path / 'tree' / folder / 'a.py').write_text('x = 1\n')
    (tmp_path / 'tree' / 'b.py').write_text('x = 1\n')
    summary = json.loads(keylint('scan', 'tree', '--isolated', '--format', 'json').stdout)[
        'summary'
    ]
    assert summary['files'] == 1
    everything = keylint('scan', 'tree', '--isolated', '--no-ignore', '--format', 'json').stdout
    assert json.loads(everything)['summary']['files'] >= len(folders)
