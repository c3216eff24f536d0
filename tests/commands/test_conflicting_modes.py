"""Options that ask for different things are refused: whichever won, the rest would go unread."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.conftest import Repository, Run

_OPTIONS = {
    '--staged': ('--staged',),
    '--history': ('--history',),
    '--since': ('--since', 'HEAD'),
    '--range': ('--range', 'HEAD~1..HEAD'),
    '--pre-push': ('--pre-push',),
    '--diff': ('--diff', 'HEAD'),
    '--files-from': ('--files-from', 'list.txt'),
    '- (standard input)': ('-',),
}
_PAIRS = list(combinations(_OPTIONS, 2))


@pytest.fixture
def bot(repository: Repository) -> Repository:
    for number in range(2):
        repository.write('list.txt', f'list.txt\n{"" if number else "list.txt"}\n')
        repository.commit()
    return repository


@pytest.mark.parametrize(('one', 'other'), _PAIRS, ids=[' '.join(pair) for pair in _PAIRS])
def test_two_modes_are_refused(bot: Repository, keylint: Run, one: str, other: str) -> None:
    for first, last in ((one, other), (other, one)):
        done = keylint('scan', *_OPTIONS[first], *_OPTIONS[last], cwd=bot.folder)
        assert (done.returncode, done.stdout) == (2, '')
        (line,) = done.stderr.splitlines()
        assert one in line
        assert other in line
        assert line.endswith('choose one')


@pytest.mark.parametrize('one', _OPTIONS)
def test_one_mode_is_no_conflict(bot: Repository, keylint: Run, one: str) -> None:
    done = keylint('scan', *_OPTIONS[one], cwd=bot.folder)
    assert (done.returncode, done.stderr) == (0, '')


@pytest.mark.parametrize(
    'arguments',
    [
        ('--files-from', 'list.txt', 'list.txt'),
        ('--files-from', '-'),
        ('--staged', 'list.txt'),
        ('--diff', 'HEAD', 'list.txt'),
        ('--history', '.'),
        ('-', '--stdin-filename', 'bot.py'),
    ],
)
def test_what_goes_together_is_scanned(
    bot: Repository, keylint: Run, arguments: tuple[str, ...]
) -> None:
    done = keylint('scan', *arguments, cwd=bot.folder, stdin=b'list.txt\n')
    assert (done.returncode, done.stderr) == (0, '')


@pytest.mark.parametrize('arguments', [('-', 'list.txt'), ('list.txt', '-')])
def test_standard_input_beside_files_is_refused(
    bot: Repository, keylint: Run, arguments: tuple[str, ...]
) -> None:
    done = keylint('scan', *arguments, cwd=bot.folder)
    assert done.returncode == 2
    assert 'standard input' in done.stderr


@pytest.mark.parametrize('arguments', [(), ('.',), ('--staged',), ('--history',)])
def test_a_name_for_standard_input_needs_it(
    bot: Repository, keylint: Run, arguments: tuple[str, ...]
) -> None:
    done = keylint('scan', *arguments, '--stdin-filename', 'bot.py', cwd=bot.folder)
    assert done.returncode == 2
    assert '--stdin-filename' in done.stderr
