"""The command line of the hook is read as argparse reads it, or not at all."""

from __future__ import annotations

import pytest

from keylint.cli import build_parser
from keylint.commands.parsers.hook_call import read_hook_call


@pytest.mark.parametrize(
    'names', [['a.py'], ['a.py', 'b c.py', 'd-e'], [''], ['a=b'], ['@file'], ['a.py', 'a.py']]
)
def test_files_are_read_as_usual(names: list[str]) -> None:
    given = ['scan', '--staged', *names]
    read = read_hook_call(given)
    assert read is not None
    assert vars(read) == vars(build_parser('scan').parse_args(given))


@pytest.mark.parametrize(
    'given',
    [
        [],
        ['scan'],
        ['scan', '--staged'],
        ['scan', 'a.py'],
        ['keys', '--staged', 'a.py'],
        ['scan', '--staged', '-'],
        ['scan', '--staged', '--', 'a.py'],
        ['scan', '--staged', 'a.py', '-q'],
        ['scan', '--staged', '--format', 'json', 'a.py'],
        ['scan', 'a.py', '--staged'],
    ],
)
def test_all_else_is_left_to_argparse(given: list[str]) -> None:
    assert read_hook_call(given) is None
