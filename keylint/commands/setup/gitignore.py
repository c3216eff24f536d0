"""Add files that hold secrets to `.gitignore`."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase

from keylint.commands.setup.edits import Plan, append_block
from keylint.sources import git

IGNORE = '.gitignore'
# What is to be ignored, and a name that such a line must catch.
_PATTERNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ('.env', ('.env',)),
    ('.env.keylint-sample', ('.env.*', '!.env.example', '!.env.sample', '!.env.template')),
    *(
        (f'keylint-sample{ending}', (f'*{ending}',))
        for ending in ('.pem', '.key', '.p12', '.pfx', '.jks', '.keystore')
    ),
    ('UTC--keylint-sample', ('UTC--*',)),
    ('wallet.dat', ('wallet.dat',)),
)


def plan_patterns(top: str) -> Plan:
    """Plan the lines of `.gitignore`."""
    return IGNORE, lambda text: _add_patterns(top, text)


def _add_patterns(top: str, text: str | None) -> tuple[str | None, str]:
    """Add what the repository does not ignore yet.

    What matches a tracked file is left out, but for `.env`.
    """
    known = _list_ignored_samples(top)
    tracked = [
        os.path.basename(os.fsdecode(name))
        for name in git.run_git(top, 'ls-files', '-z').split(b'\0')
    ]
    missing = [lines for sample, lines in _PATTERNS if sample not in known]
    taken = [
        lines[0]
        for lines in missing
        if not lines[0].startswith('.env') and any(fnmatchcase(name, lines[0]) for name in tracked)
    ]
    lines = [line for lines in missing if lines[0] not in taken for line in lines]
    note = f'; not {", ".join(taken)}: tracked files have such names' if taken else ''
    if not lines:
        return None, f'ignores files of secrets already{note}'
    block = '# files that contain secrets\n' + '\n'.join(lines) + '\n'
    return append_block(text or '', block), f'{", ".join(lines)}{note}'


def _list_ignored_samples(top: str) -> set[str]:
    """Ask git which sample names a `.gitignore` of the repository ignores."""
    samples = b'\0'.join(sample.encode() for sample, _ in _PATTERNS) + b'\0'
    # Four fields a name: the file with the pattern, its line, the pattern, the name.
    fields = (
        git.try_git(top, 'check-ignore', '-v', '-z', '--no-index', '--stdin', given=samples)
        .output.decode('utf-8', 'replace')
        .split('\0')
    )
    return {
        fields[number + 3]
        for number in range(0, len(fields) - 3, 4)
        if fields[number].endswith(IGNORE)
        and not os.path.isabs(fields[number])
        and not fields[number + 2].startswith('!')
    }
