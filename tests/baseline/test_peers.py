"""The files of other scanners, and the plugin for detect-secrets."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.baseline.common import (
    EMPTY,
    LEAK,
    NAME,
    NEXT_TOKEN,
    OTHER,
    PASSWORD,
    PLUGIN,
    TOKEN,
    WEAK,
    entries,
    three,
    verdicts,
)
from tests.conftest import Repository, Run


def detect_secrets(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, '-m', *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def test_a_secrets_baseline_is_imported_by_value(keylint: Run, repository: Repository) -> None:
    repository.write('b.py', f"import os\nTOKEN = '{TOKEN}'\n")
    repository.write('c.py', WEAK)
    repository.write('gone.py', f"TOKEN = '{NEXT_TOKEN}'\n")
    repository.commit()
    theirs = json.loads(
        detect_secrets(
            repository.folder, 'detect_secrets', 'scan', '--exclude-files', 'docs/.*'
        ).stdout
    )
    for row in theirs['results']['c.py']:
        row['is_secret'] = False
    (repository.folder / 'gone.py').unlink()
    repository.write('.secrets.baseline', json.dumps(theirs, indent=2))
    repository.write('b.py', f"import os\n\n\nTOKEN = '{TOKEN}'\n")
    done = keylint('baseline', 'import', '.secrets.baseline', cwd=repository.folder)
    assert done.returncode == 0, done.stderr
    assert 'keylint finds no such value' in done.stdout
    assert 'gone.py' in done.stdout
    assert 'files that are left out: `exclude` in keylint.toml' in done.stdout
    told = {
        entry['path']: (entry['verdict'], entry['reason']) for entry in entries(repository.folder)
    }
    assert told['b.py'][0] == 'unreviewed'
    assert told['c.py'] == (
        'false-positive',
        'from detect-secrets: Secret Keyword, labelled there as no secret',
    )
    assert keylint('scan', cwd=repository.folder).returncode == 0


def test_gitleaks_10_a_redacted_report_and_ignore_files_are_imported(
    keylint: Run, repository: Repository
) -> None:
    repository.write('a.env', LEAK)
    repository.commit()
    commit = repository.git('rev-parse', 'HEAD').strip()
    repository.write('a.env', '# now empty\n')
    repository.write('b.py', f"\nTOKEN = '{TOKEN}'\n")
    repository.write('two.py', f"A, B = '{TOKEN[:-1]}x', '{NEXT_TOKEN}'\n")
    repository.write(
        '.gitleaksignore',
        f'# known\n{commit}:a.env:generic-api-key:1\n{"0" * 40}:a.env:generic-api-key:1\n'
        f'b.py:github-pat:2\n'
        'two.py:github-pat:1\nb.py:github-pat:77\nzip!b.py:github-pat:1\nwhat is this\n',
    )
    done = keylint('baseline', 'import', '.gitleaksignore', cwd=repository.folder)
    assert '.gitleaksignore: 2 of 5 carried over' in done.stdout
    for reason in (
        'the commit is not in this repository',
        'several findings on that line',
        'keylint finds nothing on that line',
        'inside an archive',
        'is not a fingerprint',
    ):
        assert reason in done.stdout
    assert {entry['path']: entry.get('history', False) for entry in entries(repository.folder)} == {
        'a.env': True,
        'b.py': False,
    }
    row = {
        'RuleID': 'github-pat',
        'StartLine': 2,
        'File': 'b.py',
        'Commit': '',
        'Fingerprint': 'b.py:github-pat:2',
    }
    (repository.folder / NAME).unlink()
    repository.write(
        'report.json',
        json.dumps(
            [{**row, 'Secret': 'REDACTED'}, {**row, 'File': 'moved.py', 'Secret': NEXT_TOKEN}]
        ),
    )
    done = keylint('baseline', 'import', 'report.json', cwd=repository.folder)
    assert 'gitleaks: 2 of 2 carried over, 1 of them by their lines alone' in done.stdout
    assert 'the values of 1 findings, which were redacted' in done.stdout
    assert {entry['path'] for entry in entries(repository.folder)} == {'b.py', 'two.py'}


def test_what_was_decided_here_outlives_an_import(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'b.py').write_text(f"TOKEN = '{TOKEN}'\n")
    keylint('baseline', 'create')
    keylint('baseline', 'audit', '--set', f'{entries(tmp_path)[0]["id"]}=rotated:in May')
    (tmp_path / '.gitleaksignore').write_text('b.py:github-pat:1\n')
    assert '1 of 1 carried over' in keylint('baseline', 'import', '.gitleaksignore').stdout
    assert verdicts(tmp_path) == {'b.py': ('rotated', 'in May', '')}


@pytest.mark.parametrize(
    'text',
    [
        'version: 2\nfingerprint_algorithm: kingfisher-v1\n'
        "repositories:\n- id: x\n  findings:\n  - path: b.py\n    fingerprint: '12'\n"
        '    rule_id: gh\n'
        "    line: 1\n- id: x/.git\n  findings:\n  - path: b.py\n    fingerprint: '34'\n"
        '    rule_id: gh\n    line: 1\n',
        (
            'ExactFindings:\n  matches:\n  - filepath: b.py\n    fingerprint: 0f\n'
            '    linenum: 1\n    lastupdated: Mon\n'
        ),
    ],
    ids=['version 2', 'version 1'],
)
def test_kingfisher_baselines_are_imported_by_line(keylint: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / 'b.py').write_text(f"TOKEN = '{TOKEN}'\n")
    (tmp_path / 'known.yml').write_text(text)
    done = keylint('baseline', 'import', 'known.yml')
    assert 'kingfisher: 1 of 1 carried over, 1 of them by their lines alone' in done.stdout
    assert 'which only kingfisher can compute' in done.stdout
    assert keylint('scan', 'b.py').returncode == 0


@pytest.mark.parametrize(
    'text',
    [
        'just words\n',
        '{"a": 1}',
        '[1]',
        EMPTY,
        '{"results": {"a": [{"type": "x"}]}}',
        'ExactFindings: [1]',
        '{"results"',
    ],
)
def test_a_file_of_nobody_is_one_clear_line(keylint: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / 'x').write_text(text)
    done = keylint('baseline', 'import', 'x')
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / NAME).exists()


def test_an_export_is_a_baseline_that_detect_secrets_accepts(
    keylint: Run, repository: Repository
) -> None:
    three(repository.folder)
    keylint('baseline', 'update', cwd=repository.folder)
    fake = next(entry['id'] for entry in entries(repository.folder) if entry['path'] == 'b.py')
    keylint('baseline', 'audit', '--set', f'{fake}=false-positive', cwd=repository.folder)
    done = keylint('baseline', 'export', '--detect-secrets', cwd=repository.folder)
    assert '1 weak value left out' in done.stderr
    repository.git('add', '-A')
    hook = ('detect_secrets.pre_commit_hook', '--baseline', '.secrets.baseline')
    with_plugin = (*hook, '-p', str(PLUGIN))
    for command, plugin in ((hook, ()), (with_plugin, ('--plugin', str(PLUGIN)))):
        keylint('baseline', 'export', '--detect-secrets', *plugin, cwd=repository.folder)
        repository.git('add', '-A')
        assert detect_secrets(repository.folder, *command, 'a.env', 'b.py').returncode == 0
        assert detect_secrets(repository.folder, *command, 'c.py').returncode == 1, (
            'the weak value is not in it'
        )
    text = (repository.folder / '.secrets.baseline').read_text()
    assert hashlib.sha1(PASSWORD.encode(), usedforsecurity=False).hexdigest() not in text
    labels = {
        path: {row.get('is_secret') for row in rows}
        for path, rows in json.loads(text)['results'].items()
    }
    assert labels == {'a.env': {None}, 'b.py': {False}}
    repository.write('d.env', OTHER)
    assert detect_secrets(repository.folder, *with_plugin, 'd.env').returncode == 1
    keylint(
        'baseline',
        'export',
        '--detect-secrets',
        '--all',
        '--plugin',
        str(PLUGIN),
        cwd=repository.folder,
    )
    repository.git('add', '-A')
    assert detect_secrets(repository.folder, *with_plugin, 'a.env', 'b.py', 'c.py').returncode == 0
    again = keylint('baseline', 'import', '.secrets.baseline', cwd=repository.folder)
    assert 'not carried over' not in again.stdout


def test_the_plugin_joins_key_and_secret_and_is_silent_on_samples(repository: Repository) -> None:
    repository.write('a.env', LEAK)
    repository.write('clean.env', 'BINANCE_API_KEY=your_key\nBINANCE_API_SECRET=your_secret\n')
    repository.commit()
    done = detect_secrets(repository.folder, 'detect_secrets', 'scan', '-p', str(PLUGIN))
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    ours = [
        (row['filename'], row['line_number'])
        for rows in document['results'].values()
        for row in rows
        if '(keylint)' in row['type']
    ]
    assert ours == [('a.env', 1), ('a.env', 2)]
    line = LEAK.split('\n')[1]
    adhoc = detect_secrets(
        repository.folder, 'detect_secrets', 'scan', '-p', str(PLUGIN), '--string', line
    )
    assert re.search(r'KeylintDetector *: True', adhoc.stdout), adhoc.stdout


def test_the_plugin_works_from_two_lines_in_the_repository(
    keylint: Run, repository: Repository
) -> None:
    repository.write('a.env', LEAK)
    repository.write(
        'tools/plugin.py',
        'from keylint.integrations.detect_secrets_plugin import KeylintDetector\n'
        '__all__ = ["KeylintDetector"]\n',
    )
    keylint('baseline', 'create', cwd=repository.folder)
    keylint(
        'baseline',
        'export',
        '--detect-secrets',
        '--plugin',
        'tools/plugin.py',
        cwd=repository.folder,
    )
    assert '"file://tools/plugin.py"' in (repository.folder / '.secrets.baseline').read_text()
    repository.git('add', '-A')
    hook = (
        'detect_secrets.pre_commit_hook',
        '--baseline',
        '.secrets.baseline',
        '-p',
        'tools/plugin.py',
    )
    assert detect_secrets(repository.folder, *hook, 'a.env').returncode == 0
    repository.write('a.env', OTHER)
    assert detect_secrets(repository.folder, *hook, 'a.env').returncode == 1


def test_the_plugin_imports_nothing_heavy_of_ours() -> None:
    code = (
        f'import sys, runpy; runpy.run_path({str(PLUGIN)!r}); print(*[name for name in '
        f'sys.modules if name.startswith("keylint")])'
    )
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
