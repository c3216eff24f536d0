"""`import keylint`: light, typed, and the same findings as the command line's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import keylint
from keylint.rules.recipes import expand_recipes
from tests.conftest import Run

DOCS = Path(__file__).parent.parent / 'docs'
LEAK = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'api')


@pytest.fixture
def conf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / 'conf'
    folder.mkdir()
    (folder / 'a.env').write_text(LEAK)
    return folder


def rules(report: keylint.Report) -> list[str]:
    return [finding.rule for finding in report.open]


def test_a_clean_tree(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text('x = 1\n')
    report = keylint.scan(tmp_path)
    assert (report.open, report.findings, report.failures, report.files) == ([], [], [], 1)
    assert 'no findings in 1 file' in keylint.render(report)


def test_a_leak_is_open_and_shows_no_value(conf: Path) -> None:
    report = keylint.scan('conf')
    assert rules(report) == ['binance-credential']
    finding = report.open[0]
    assert (finding.path, finding.place.line, finding.severity, finding.issuer) == (
        'conf/a.env',
        1,
        'critical',
        'binance',
    )
    shown = ''.join(keylint.render(report, name) for name in ('text', 'json', 'sarif'))
    assert not any(
        line.partition('=')[2] in shown + repr(report.findings) for line in LEAK.splitlines()
    )


def test_an_accepted_leak_is_a_finding_and_not_open(conf: Path) -> None:
    (conf / 'a.env').write_text(f'# keylint: ignore[binance-credential] a test account\n{LEAK}')
    report = keylint.scan(conf)
    assert (rules(report), len(report.findings), report.findings[0].state) == ([], 1, 'suppressed')


def test_what_cannot_be_read_is_a_failure(conf: Path) -> None:
    (conf / 'keys.yaml').write_text('keys: [\n')
    (conf.parent / 'keylint.toml').write_text('inventory = ["conf/keys.yaml"]\n')
    assert [failure.path for failure in keylint.scan('conf').failures] == ['conf/keys.yaml']


def test_arguments_are_the_flags_of_the_command(conf: Path) -> None:
    (conf.parent / 'keylint.toml').write_text('ignore = ["binance"]\n')
    (conf.parent / 'other.toml').write_text('severity = "high"\n')
    assert rules(keylint.scan(conf)) == []
    assert rules(keylint.scan(conf, isolated=True)) == ['binance-credential']
    assert rules(keylint.scan(conf, config=conf.parent / 'other.toml')) == ['binance-credential']
    assert rules(keylint.scan(conf, isolated=True, ignore=['binance'])) == []
    assert rules(keylint.scan(conf, isolated=True, select='kraken')) == []
    assert rules(keylint.scan(conf, isolated=True, exclude=['*.env'])) == []
    assert rules(keylint.scan([conf / 'a.env', conf], isolated=True)) == ['binance-credential']


def test_findings_are_those_of_the_command(conf: Path, keylint_run: Run) -> None:
    done = json.loads(keylint_run('scan', 'conf', '--format', 'json').stdout)
    made = json.loads(keylint.render(keylint.scan('conf'), 'json'))
    assert made['findings'] == done['findings']
    assert made['findings']


def test_a_baseline_makes_it_known(conf: Path, keylint_run: Run) -> None:
    assert keylint_run('baseline', 'create').returncode == 0
    assert rules(keylint.scan('.')) == []
    assert [finding.state for finding in keylint.scan('.').findings] == ['known']
    assert rules(keylint.scan('.', baseline=False)) == ['binance-credential']
    assert rules(keylint.scan('.', baseline='.keylint-baseline.json')) == []


@pytest.fixture
def keylint_run(keylint: Run) -> Run:
    """Provide the fixture under a name that leaves the module its own."""
    return keylint


def test_a_mistake_is_an_error_of_ours(conf: Path) -> None:
    with pytest.raises(keylint.KeylintError, match='no such file or folder'):
        keylint.scan('nowhere')
    with pytest.raises(keylint.KeylintError, match="severity is 'worst'; allowed: info"):
        keylint.scan(conf, severity='worst')
    with pytest.raises(
        keylint.KeylintError,
        match="unknown rule 'binanse-credential'; did you mean 'binance-credential'",
    ):
        keylint.scan(conf, select=['binanse-credential'])
    with pytest.raises(keylint.KeylintError, match="unknown format 'xml'"):
        keylint.render(keylint.Report(), 'xml')


def test_every_name_of_the_library_is_there() -> None:
    assert set(keylint.__all__) < set(dir(keylint))
    assert all(getattr(keylint, name) is not None for name in keylint.__all__)
    assert callable(keylint.scan)
    with pytest.raises(AttributeError, match="module 'keylint' has no attribute 'scam'"):
        keylint.__getattr__('scam')


def test_import_loads_nothing_else(tmp_path: Path) -> None:
    code = (
        'import sys; before = set(sys.modules); import keylint; '
        'print(*sorted(set(sys.modules) - before))'
    )
    done = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, check=True, cwd=tmp_path
    )
    assert done.stdout == b'keylint keylint._version\n'


def test_types_are_shipped() -> None:
    assert (Path(keylint.__file__).parent / 'py.typed').exists()


def test_the_example_of_the_documentation_works(conf: Path) -> None:
    """The first Python block of docs/library.md is run by pytest.

    On a leak, and on what is clean.
    """
    text = (DOCS / 'library.md').read_text()
    block = text.split('```python\n', 1)[1].split('```', 1)[0]
    assert 'assert not keylint.scan("conf/").open' in block
    (conf.parent / 'test_keys.py').write_text(block)
    command = [
        sys.executable,
        '-m',
        'pytest',
        '-q',
        '-p',
        'no:cacheprovider',
        '-p',
        'no:xdist',
        'test_keys.py',
    ]
    leaking = subprocess.run(command, cwd=conf.parent, capture_output=True, check=False)
    assert leaking.returncode == 1, leaking.stdout.decode()
    assert b'binance-credential' in leaking.stdout
    assert not any(line.partition('=')[2].encode() in leaking.stdout for line in LEAK.splitlines())
    (conf / 'a.env').write_text('BINANCE_API_KEY=\n')
    assert (
        subprocess.run(command, cwd=conf.parent, capture_output=True, check=False).returncode == 0
    )
