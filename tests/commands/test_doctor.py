"""`keylint doctor`, `keylint config`.

Also the environment between flags and file.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from keylint import __version__
from keylint.commands.doctor import _list_cached_rules
from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run


@pytest.fixture
def keylint(process: Run) -> Run:
    """Every run here is a process from nothing, as a user starts it."""
    return process


LEAK = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'doctor')
HOOK = 'repos:\n- repo: https://github.com/keylint/keylint\n  rev: v0\n  hooks:\n  - id: keylint\n'


def warnings(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.stderr == ''
    found = [
        line.removeprefix('warning: ')
        for line in done.stdout.splitlines()
        if line.startswith('warning: ')
    ]
    assert done.returncode == int(bool(found))
    return found


def said(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    rows = (
        line.split(maxsplit=1)
        for line in done.stdout.splitlines()
        if not line.startswith('warning: ')
    )
    return {row[0]: row[1] for row in rows}


# Doctor


def test_a_healthy_tree_has_no_warning(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text('x = 1\n')
    (tmp_path / 'keylint.toml').write_text(
        'exclude = ["vendor/"]\n[per-path-ignores]\n"a.py" = ["generic-"]\n'
    )
    done = keylint('doctor', CI='')
    assert warnings(done) == []
    table = said(done)
    assert (table['keylint'], table['Python'].split('.')[0], table['configuration']) == (
        __version__,
        '3',
        'keylint.toml',
    )
    assert table['scan'] == '2 files'
    assert {'hyperscan', 'git', 'cache', 'hook', 'baseline', 'rules'} <= table.keys()


def test_a_leak_that_a_scan_reports_is_no_warning(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.env').write_text(LEAK)
    assert warnings(keylint('doctor')) == []


CONFIGURED = {
    'no rules': (
        'select = ["binance"]\nignore = ["bin"]\n',
        'rules: select and ignore leave no rule',
    ),
    'an unknown rule': (
        'select = ["binanse"]\n',
        "configuration: keylint.toml: select: unknown rule 'binanse'",
    ),
    'no TOML': ('select = [\n', 'configuration: keylint.toml: not TOML'),
    'an exclusion': (
        'exclude = ["live/"]\n',
        "exclude: 'live/' hides 1 finding, the worst critical: binance-credential in live/a.env:1",
    ),
    'an ignored path': (
        '[per-path-ignores]\n"*.env" = ["binance"]\n',
        "per-path-ignores: '*.env' hides 1 finding, the worst critical: ",
    ),
    'a lost inventory': (
        'inventory = ["ops/keys.yaml"]\n',
        "keylint.toml: inventory: no file is called 'ops/keys.yaml'",
    ),
    'everything excluded': ('exclude = ["*"]\n', 'scan: no file would be scanned'),
    'a lost baseline': ('baseline = "known.json"\n', 'baseline: '),
}


@pytest.mark.parametrize('case', CONFIGURED)
def test_what_makes_a_scan_see_less_is_a_warning(case: str, keylint: Run, tmp_path: Path) -> None:
    text, want = CONFIGURED[case]
    (tmp_path / 'live').mkdir()
    (tmp_path / 'live' / 'a.env').write_text(LEAK)
    (tmp_path / 'keylint.toml').write_text(text)
    done = keylint('doctor')
    found = [line.replace(f'{tmp_path}/', '') for line in warnings(done)]
    assert any(line.startswith(want) for line in found), found
    assert not any(line.partition('=')[2] in done.stdout for line in LEAK.splitlines())


def test_a_table_that_nobody_reads_is_a_warning(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keylint.toml').write_text('')
    (tmp_path / 'pyproject.toml').write_text('[tool.keylint]\nseverity = "high"\n')
    assert warnings(keylint('doctor')) == [
        'configuration: [tool.keylint] in pyproject.toml is not read: keylint.toml is beside it'
    ]


def test_a_variable_with_a_mistake_is_a_warning(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a').write_text('')
    assert warnings(keylint('doctor', KEYLINT_SEVRITY='low')) == [
        'environment: KEYLINT_SEVRITY is not a variable of keylint; '
        "did you mean 'KEYLINT_SEVERITY'?"
    ]


def test_a_cache_is_cold_once(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'tree').mkdir()
    (tmp_path / 'tree' / 'a').write_text('')
    states = [
        said(keylint('doctor', cwd=tmp_path / 'tree', KEYLINT_CACHE_DIR=str(tmp_path / 'cold')))[
            'cache'
        ]
        for _ in range(2)
    ]
    assert [state.rpartition(': ')[2] for state in states] == ['was cold, now made', 'ready']


def test_a_cache_that_cannot_be_written_is_a_warning(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'file').write_text('')
    assert (
        'cannot be written'
        in warnings(keylint('doctor', KEYLINT_CACHE_DIR=str(tmp_path / 'file' / 'cache')))[0]
    )


def test_only_rules_make_a_cache_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('KEYLINT_CACHE_DIR', str(tmp_path))
    for name, count in (('words.expressions', 0), ('rules.gate', 1), ('other.database', 1)):
        (tmp_path / name).write_text('')
        assert len(_list_cached_rules()) == count


def hook_state(keylint: Run, repository: Repository, **variables: str) -> str:
    done = keylint('doctor', cwd=repository.folder, **variables)
    return next(
        line
        for line in done.stdout.splitlines()
        if line.removeprefix('warning: ').startswith('hook')
    )


def test_the_hook_is_seen(keylint: Run, repository: Repository) -> None:
    hook = repository.folder / '.git' / 'hooks' / 'pre-commit'
    assert 'none' in hook_state(keylint, repository, CI='')
    repository.write('.pre-commit-config.yaml', HOOK)
    assert hook_state(keylint, repository, CI='').startswith('warning: hook: is in')
    assert (
        hook_state(keylint, repository, CI='true').split(maxsplit=1)[1]
        == 'named in .pre-commit-config.yaml'
    )
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\nexec pre-commit hook-impl\n')
    assert 'installed through pre-commit' in hook_state(keylint, repository)
    hook.write_text('#!/bin/sh\nkeylint scan --staged\n')
    assert 'installed: .git/hooks/pre-commit' in hook_state(keylint, repository)
    repository.git('config', 'core.hooksPath', 'elsewhere')
    assert hook_state(keylint, repository, CI='').startswith('warning: hook')


# Configuration


def values(done: subprocess.CompletedProcess[str]) -> dict[str, tuple[object, str]]:
    assert (done.returncode, done.stderr) == (0, '')
    return {key: (row['value'], row['source']) for key, row in json.loads(done.stdout).items()}


def test_without_anything_all_is_default(keylint: Run) -> None:
    found = values(keylint('config', '--format', 'json'))
    sources = {source for key, (_, source) in found.items() if key != 'cache-dir'}
    assert sources == {'default'}
    assert (
        found['severity'][0],
        found['fail-on'][0],
        found['policies.max-age-days'][0],
        found['config'][0],
    ) == ('low', 'low', 90, None)


TOML = """\
# mine
severity = "medium"
ignore = [
  "generic-",
]
rules = ["own"]
[policies]
max-age-days = 30
[per-path-ignores]
"tests/*" = ["key-"]
"""


@pytest.mark.parametrize('table', ['per-path-ignores', 'per-file-ignores'])
@pytest.mark.parametrize(
    ('name', 'head', 'shift'), [('keylint.toml', '', 0), ('pyproject.toml', '[tool.keylint]\n', 1)]
)
def test_every_value_names_its_source(
    keylint: Run, tmp_path: Path, name: str, head: str, shift: int, table: str
) -> None:
    (tmp_path / 'own').mkdir()
    text = (
        TOML.replace('[policies]', '[tool.keylint.policies]').replace('[per-', '[tool.keylint.per-')
        if head
        else TOML
    )
    (tmp_path / name).write_text(head + text.replace('per-path-ignores', table))
    found = values(
        keylint(
            'config',
            '--format',
            'json',
            '--fail-on',
            'high',
            KEYLINT_EXCLUDE='a/, b/',
            KEYLINT_FORMAT='json',
        )
    )
    want = {
        'config': (name, 'nearest'),
        'severity': ('medium', f'{name}:{2 + shift}'),
        'ignore': (['generic-'], f'{name}:{3 + shift}'),
        'policies.max-age-days': (30, f'{name}:{8 + shift}'),
        'policies.max-keys': (10, 'default'),
        'confidence': ('medium', 'default'),
        'per-path-ignores': ({'tests/*': ['key-']}, f'{name}:{9 + shift}'),
        'fail-on': ('high', '--fail-on'),
        'exclude': (['a/', 'b/'], 'KEYLINT_EXCLUDE'),
        'format': ('json', 'KEYLINT_FORMAT'),
    }
    assert {key: found[key] for key in want} == want
    assert found['rules'][1] == f'{name}:{6 + shift}'


@pytest.mark.parametrize(
    ('arguments', 'variables', 'text', 'want'),
    [
        pytest.param([], {}, '', ('low', 'default'), id='nothing'),
        pytest.param([], {'KEYLINT_SEVERITY': ''}, '', ('low', 'default'), id='an empty variable'),
        pytest.param(
            [], {}, 'pedantic = true\n', ('info', 'keylint.toml:1'), id='pedantic in the file'
        ),
        pytest.param([], {}, 'severity = "medium"\n', ('medium', 'keylint.toml:1'), id='the file'),
        pytest.param(
            [],
            {'KEYLINT_SEVERITY': 'high'},
            'severity = "medium"\n',
            ('high', 'KEYLINT_SEVERITY'),
            id='the environment over the file',
        ),
        pytest.param(
            ['--severity', 'critical'],
            {'KEYLINT_SEVERITY': 'high'},
            'severity = "medium"\n',
            ('critical', '--severity'),
            id='the flag',
        ),
        pytest.param(
            ['--pedantic'],
            {'KEYLINT_SEVERITY': 'high'},
            '',
            ('info', '--pedantic'),
            id='pedantic by flag',
        ),
        pytest.param(
            ['--isolated'], {}, 'severity = "medium"\n', ('low', 'default'), id='isolated'
        ),
        pytest.param(
            [],
            {'KEYLINT_CONFIG': 'other.toml'},
            'severity = "medium"\n',
            ('critical', 'other.toml:1'),
            id='another file',
        ),
        pytest.param(
            ['--config', 'keylint.toml'],
            {'KEYLINT_CONFIG': 'other.toml'},
            'severity = "medium"\n',
            ('medium', 'keylint.toml:1'),
            id='the flag over the other file',
        ),
    ],
)
def test_flags_then_environment_then_file_then_defaults(
    keylint: Run,
    tmp_path: Path,
    arguments: list[str],
    variables: dict[str, str],
    text: str,
    want: tuple[str, str],
) -> None:
    (tmp_path / 'keylint.toml').write_text(text)
    (tmp_path / 'other.toml').write_text('severity = "critical"\n')
    assert (
        values(keylint('config', '--format', 'json', *arguments, **variables))['severity'] == want
    )


def test_the_environment_holds_for_a_scan(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.env').write_text(LEAK)
    assert keylint('scan').returncode == 1
    assert keylint('scan', KEYLINT_IGNORE='generic-,binance').returncode == 0
    assert keylint('scan', KEYLINT_EXCLUDE='*.env').returncode == 0
    assert json.loads(keylint('scan', KEYLINT_FORMAT='json').stdout)['findings']
    assert keylint('scan', '--format', 'text', KEYLINT_FORMAT='json').stdout.startswith(
        'a.env:1:17 '
    )


@pytest.mark.parametrize(
    ('name', 'value', 'message'),
    [
        ('KEYLINT_SEVERITY', 'worst', "KEYLINT_SEVERITY is 'worst'; allowed: info"),
        ('KEYLINT_FORMAT', 'xml', "KEYLINT_FORMAT is 'xml'; allowed: text"),
        (
            'KEYLINT_CONFIG',
            'nowhere.toml',
            'nowhere.toml: no such configuration file (KEYLINT_CONFIG)',
        ),
        ('KEYLINT_FAIL_ON', 'x', "KEYLINT_FAIL_ON is 'x'"),
    ],
)
def test_a_mistake_in_the_environment_is_one_line(
    keylint: Run, name: str, value: str, message: str
) -> None:
    done = keylint('scan', **{name: value})
    assert done.returncode == 2
    assert done.stderr.startswith(f'keylint: {message}')
    assert done.stderr.count('\n') == 1
