"""Check every format against golden files, published schemas and values."""

from __future__ import annotations

import json
import zipfile
from html import unescape
from pathlib import Path

import pytest

from keylint.core.report import Failure, Report
from keylint.reporters import REPORTERS, load_reporter
from keylint.rules.recipes import expand_recipes
from tests.conftest import Run
from tests.reporters.bots import (
    CLEAN_ENVIRONMENT,
    FORMATS,
    NEW_FORMATS,
    SCAN,
    leaked,
    same_as_golden,
    steady,
)
from tests.reporters.sound import SCHEMA, SOUND, written

pytestmark = pytest.mark.slow


def test_the_command_line_knows_the_table(keylint: Run) -> None:
    assert f'{", ".join(REPORTERS)} (default: text)' in ' '.join(
        keylint('scan', '--help').stdout.split()
    )
    assert all(callable(load_reporter(name)) for name in FORMATS)


@pytest.mark.parametrize('name', NEW_FORMATS)
def test_the_whole_report(keylint: Run, tree: Path, name: str) -> None:
    done = keylint(*SCAN, '--format', name, **CLEAN_ENVIRONMENT)
    assert (done.returncode, done.stderr) == (1, '')
    if name in SCHEMA:
        SCHEMA[name].validate(json.loads(done.stdout))
    assert same_as_golden(f'report.{name}', steady(done.stdout))
    assert steady(
        keylint(*SCAN, '--format', name, KEYLINT_WORKERS='1', **CLEAN_ENVIRONMENT).stdout
    ) == steady(done.stdout)


@pytest.mark.parametrize('name', FORMATS)
def test_no_piece_of_a_value_is_in_any_format(keylint: Run, tree: Path, name: str) -> None:
    done = keylint(*SCAN, '--pedantic', '--format', name)
    assert len(done.stdout) > 1000
    assert leaked(done.stdout + done.stderr, 12) == []


@pytest.mark.parametrize('name', FORMATS)
def test_every_format_names_the_member_of_an_archive(
    keylint: Run, tmp_path: Path, name: str
) -> None:
    with zipfile.ZipFile(tmp_path / 'backup.zip', 'w') as archive:
        archive.writestr(
            'conf/bot.env',
            expand_recipes('KRAKEN_API_KEY={base64:56}\nKRAKEN_SECRET={base64:88}\n', 'container'),
        )
    said = keylint('scan', '.', '--isolated', '--format', name).stdout
    assert 'backup.zip!/conf/bot.env' in unescape(said)


@pytest.mark.parametrize('name', [name for name in FORMATS if name not in ('json', 'jsonl')])
def test_only_json_shows_values_when_asked(keylint: Run, tree: Path, name: str) -> None:
    assert leaked(keylint(*SCAN, '--format', name, '--show-secrets').stdout, 12) == []


@pytest.mark.parametrize('name', FORMATS)
def test_a_clean_tree_makes_a_whole_report(keylint: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / 'a.py').write_text('x = 1\n')
    done = keylint('scan', '--isolated', '--format', name)
    assert (done.returncode, done.stderr) == (0, '')
    SOUND[name](done.stdout, Report())


@pytest.mark.parametrize(
    'name', [name for name in FORMATS if name not in ('codeclimate', 'csv', 'json', 'jsonl')]
)
def test_nothing_scanned_is_not_clean(name: str) -> None:
    text = written(name, Report())
    assert 'nothing was scanned' in text
    assert 'no findings' not in text


def test_what_was_not_scanned_is_said_in_every_format() -> None:
    report = Report()
    report.files = 1
    report.failures = [Failure('lost.env', 'read', 'Permission denied')]
    for name in FORMATS:
        text = written(name, report)
        assert 'lost.env' in text, name
        assert 'Permission denied' in text, name
