"""What a command line asks of a scan."""

from __future__ import annotations

import pytest

from keylint.cli import build_parser
from keylint.commands.scan import read_request
from keylint.core.errors import ConfigError
from keylint.scanner.request import ConfigOverrides, ScanRequest, ScanScope, make_scope


def request_of(*words: str) -> ScanRequest:
    return read_request(build_parser('scan').parse_args(['scan', *words]))


def test_a_bare_scan_is_the_default_request() -> None:
    assert request_of('--no-progress') == ScanRequest()


@pytest.mark.parametrize(
    ('words', 'want'),
    [
        ('a b', ScanScope(paths=('a', 'b'))),
        ('--no-ignore a', ScanScope(paths=('a',), includes_ignored=True)),
        ('-', ScanScope('stdin', ('-',))),
        ('- --stdin-filename a.py', ScanScope('stdin', ('-',), stdin_name='a.py')),
        ('a --files-from list', ScanScope('files-from', ('a',), files_from='list')),
        ('--staged a', ScanScope('staged', ('a',))),
        ('--pre-push', ScanScope('pre-push')),
        ('--range a..b', ScanScope('range', revision='a..b')),
        ('--since c', ScanScope('since', revision='c')),
        ('--history', ScanScope('history')),
        ('--diff main src', ScanScope('diff', ('src',), 'main')),
    ],
)
def test_what_is_scanned(words: str, want: ScanScope) -> None:
    assert request_of('--no-progress', *words.split()).scope == want


@pytest.mark.parametrize(
    'option', ['--staged', '--history', '--since=a', '--range=a..b', '--pre-push', '--files-from=a']
)
def test_a_diff_stands_alone(option: str) -> None:
    with pytest.raises(ConfigError, match=f'does not go together with {option.split("=")[0]}: '):
        request_of('--diff', 'main', option)


def test_an_empty_revision_asks_for_nothing() -> None:
    assert request_of('--diff', '', '--since', '').scope == ScanScope()


@pytest.mark.parametrize(
    ('overrides', 'want'),
    [
        (ConfigOverrides(), False),
        (ConfigOverrides(fail_on='high', rules=('own',), pedantic=True), False),
        (ConfigOverrides(select=('generic',)), True),
        (ConfigOverrides(ignore=('generic',)), True),
        (ConfigOverrides(exclude=('*.py',)), True),
        (ConfigOverrides(severity='low'), True),
        (ConfigOverrides(confidence='low'), True),
    ],
)
def test_what_narrows_a_scan(overrides: ConfigOverrides, want: bool) -> None:
    assert overrides.is_narrowing is want


def test_only_a_lone_dash_is_standard_input() -> None:
    assert make_scope(('-',)).mode == 'stdin'
    assert make_scope(('-', 'a')).mode == 'paths'
    assert make_scope(()).mode == 'paths'
