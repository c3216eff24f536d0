"""Check that hostile text cannot break out of any format."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings

from keylint.core.report import Report
from keylint.rules.recipes import expand_recipes
from tests.conftest import Run
from tests.reporters.bots import FORMATS
from tests.reporters.hostile import HOSTILE, PATHS, TEXT, finding, hostile_report
from tests.reporters.sound import SOUND, written

pytestmark = pytest.mark.slow


@pytest.mark.parametrize('name', FORMATS)
def test_hostile_text_stays_text(name: str) -> None:
    for text in HOSTILE:
        for path in (text.replace('\x00', '') or 'x', f'a/{text}b'.replace('\x00', '')):
            report = hostile_report(text, path)
            SOUND[name](written(name, report), report)


@pytest.mark.parametrize('name', FORMATS)
@given(text=TEXT, path=PATHS)
@settings(max_examples=50, deadline=None)
def test_any_text_stays_text(name: str, text: str, path: str) -> None:
    report = hostile_report(text, path)
    SOUND[name](written(name, report), report)


@pytest.mark.skipif(os.name == 'nt', reason='names that Windows does not allow')
@pytest.mark.parametrize('name', FORMATS)
def test_hostile_files_on_a_disk(keylint: Run, tmp_path: Path, name: str) -> None:
    text = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'
    names = [
        b'\n::error::x',
        b'##vso[x]y',
        b'=cmd|x',
        b'\x1b[2J',
        b'\xff\xfe',
        b'<script>alert(1)<',
        b'a|`b`|@c',
        b']]>',
    ]
    for number, one in enumerate(names):
        leak = expand_recipes(text, f'hostile/{number}').encode()
        with open(os.path.join(os.fsencode(tmp_path), one + b'.env'), 'wb') as file:
            file.write(leak)
    done = keylint('scan', '--isolated', '--format', name)
    assert done.returncode == 1, done.stderr
    report = Report()
    report.files = len(names)
    report.findings = [finding('x', 'x', 'critical') for _ in names]
    SOUND[name](done.stdout, report)
