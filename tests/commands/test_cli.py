"""The command line as a real process: sources, the index, exit codes, mistakes, output."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from keylint import KeylintError, scan
from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run


@pytest.fixture
def keylint(process: Run) -> Run:
    """Every run here is a process from nothing, as a user starts it."""
    return process


LEAK = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'cli')
CLEAN = 'BINANCE_API_KEY=your_key\n'


def paths(done: subprocess.CompletedProcess[str]) -> list[str]:
    return sorted(
        place['path']
        for finding in json.loads(done.stdout)['findings']
        for place in finding['places']
    )


def test_a_clean_folder_is_0_and_a_leak_is_1(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.env').write_text(CLEAN)
    assert keylint('scan').returncode == 0
    (tmp_path / 'b.env').write_text(LEAK)
    done = keylint('scan')
    assert done.returncode == 1
    assert 'Binance credential' in done.stdout
    assert keylint('scan', '--exit-zero').returncode == 0


def test_nothing_scanned_is_said(keylint: Run) -> None:
    assert 'nothing was scanned' in keylint('scan').stdout


def test_a_repository_is_tracked_and_untracked_but_not_ignored(
    keylint: Run, repository: Repository
) -> None:
    repository.write('.gitignore', 'ignored.env\n')
    for name in ('tracked.env', 'ignored.env'):
        repository.write(name, LEAK)
    repository.commit()
    repository.write('sub/untracked.env', LEAK)
    done = keylint('scan', '--format', 'json', cwd=repository.folder)
    assert paths(done) == ['sub/untracked.env', 'tracked.env']
    everything = keylint('scan', '--format', 'json', '--no-ignore', cwd=repository.folder)
    assert paths(everything) == ['ignored.env', 'sub/untracked.env', 'tracked.env']


def test_folders_of_dependencies_are_left_out_and_named(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'node_modules').mkdir()
    (tmp_path / 'node_modules' / 'a.env').write_text(LEAK)
    (tmp_path / 'b.txt').write_text('b')
    done = keylint('scan')
    assert done.returncode == 0
    assert 'skipped: 1 folder node_modules' in done.stdout


def test_links_are_counted_and_not_followed_and_pipes_do_not_hang(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / 'tree').mkdir()
    (tmp_path / 'secret.env').write_text(LEAK)
    (tmp_path / 'tree' / 'link.env').symlink_to(tmp_path / 'secret.env')
    os.mkfifo(tmp_path / 'tree' / 'pipe.env')
    done = keylint('scan', 'tree')
    assert done.returncode == 0
    assert '1 no regular file, 1 symbolic link' in done.stdout


@pytest.mark.parametrize('separator', ['\n', '\0'])
def test_a_list_of_files(keylint: Run, tmp_path: Path, separator: str) -> None:
    for name in ('a.env', 'b c.env', 'd.env'):
        (tmp_path / name).write_text(LEAK)
    (tmp_path / 'list').write_text(separator.join(['a.env', 'b c.env']) + separator)
    assert paths(keylint('scan', '--files-from', 'list', '--format', 'json')) == [
        'a.env',
        'b c.env',
    ]


def test_standard_input(keylint: Run) -> None:
    done = keylint(
        'scan', '-', '--stdin-filename', 'x.env', '--format', 'json', stdin=LEAK.encode()
    )
    assert paths(done) == ['x.env']


@pytest.mark.parametrize(
    'encoding', ['utf-8', 'utf-8-sig', 'utf-16', 'utf-16-le', 'utf-16-be', 'latin-1']
)
@pytest.mark.parametrize('end', ['\n', '\r\n', '\r'])
def test_encodings_and_line_ends(keylint: Run, encoding: str, end: str) -> None:
    text = ('# caf\u00e9 and some more words before the key\n' + LEAK).replace('\n', end)
    done = keylint(
        'scan', '-', '--stdin-filename', 'x.env', '--format', 'json', stdin=text.encode(encoding)
    )
    (finding,) = json.loads(done.stdout)['findings']
    assert [part['line'] for part in finding['parts']] == [2, 3]


def test_a_very_long_line(keylint: Run) -> None:
    text = 'x' * 30_000_000 + ' ' + LEAK.replace('\n', ' ')
    done = keylint(
        'scan', '-', '--stdin-filename', 'x.min.js', '--format', 'json', stdin=text.encode()
    )
    assert paths(done) == ['x.min.js']


def test_tokens_in_binaries(keylint: Run) -> None:
    token = expand_recipes('ghp_{alnum:36}', 'binary').encode()
    done = keylint(
        'scan',
        '-',
        '--stdin-filename',
        'x.bin',
        '--format',
        'json',
        stdin=b'\x00\x01\x02' * 90 + token + b'\x00' * 90,
    )
    assert [f['rule'] for f in json.loads(done.stdout)['findings']] == ['github-credential']


def test_staged_is_the_index_and_not_the_work_tree(keylint: Run, repository: Repository) -> None:
    repository.write('a.env', LEAK)
    repository.git('add', 'a.env')
    repository.write('a.env', CLEAN)
    repository.write('b.env', LEAK)
    before = repository.objects()
    done = keylint('scan', '--staged', '--format', 'json', cwd=repository.folder)
    assert (done.returncode, paths(done)) == (1, ['a.env'])
    assert repository.objects() == before


def test_staged_on_an_unborn_branch_in_a_merge_and_with_odd_names(
    keylint: Run, repository: Repository
) -> None:
    repository.write('odd "name" \u00e9.env', LEAK)
    repository.git('add', '-A')
    assert paths(keylint('scan', '--staged', '--format', 'json', cwd=repository.folder)) == [
        'odd "name" \u00e9.env'
    ]
    repository.git('rm', '-q', '--cached', '-r', '.')
    repository.write('a.txt', 'base\n')
    repository.git('add', 'a.txt')
    repository.git('commit', '-q', '-m', 'base')
    repository.git('checkout', '-q', '-b', 'other')
    repository.write('a.txt', 'other\n')
    repository.git('commit', '-q', '-a', '-m', 'other')
    repository.git('checkout', '-q', 'main')
    repository.write('a.txt', 'mine\n')
    repository.git('commit', '-q', '-a', '-m', 'mine')
    repository.git('merge', 'other')
    repository.write('a.txt', LEAK)
    repository.git('add', 'a.txt')
    assert paths(keylint('scan', '--staged', '--format', 'json', cwd=repository.folder)) == [
        'a.txt'
    ]


def test_names_given_with_staged_are_read_from_the_index(
    keylint: Run, repository: Repository
) -> None:
    repository.write('a.env', LEAK)
    repository.commit()
    assert paths(
        keylint('scan', '--staged', 'a.env', '--format', 'json', cwd=repository.folder)
    ) == ['a.env']
    assert 'nothing was scanned' in keylint('scan', '--staged', cwd=repository.folder).stdout


MISTAKES = {
    'a missing path': (['scan', 'nowhere'], 'keylint: nowhere: no such file or folder'),
    'no repository': (['scan', '--staged'], 'keylint: .: --staged needs a git repository'),
    'no history': (['scan', '--history'], 'keylint: .: not a git repository\n'),
    'nothing to publish': (['publish'], 'keylint: .: not a git repository\n'),
    'a missing configuration': (
        ['scan', '--config', 'x.toml'],
        'keylint: x.toml: no such configuration file',
    ),
    'an unknown rule': (
        ['scan', '--select', 'binanse-credential'],
        "unknown rule 'binanse-credential'; did you mean 'binance-credential'?",
    ),
    'an unknown rule to explain': (
        ['explain', 'krakn-credential'],
        "did you mean 'kraken-credential'?",
    ),
    'an unknown policy to explain': (
        ['explain', 'key-can-withdrw'],
        "did you mean 'key-can-withdraw'?",
    ),
    'a beginning of a rule': (
        ['scan', '--select', 'krakn'],
        "select: unknown rule 'krakn'; did you mean 'kraken'?",
    ),
    'a beginning of a rule to explain': (['explain', 'krakn'], "did you mean 'kraken'?"),
    'an unknown policy': (
        ['scan', '--ignore', 'nothing', '--select', 'key-can-withdrw'],
        "did you mean 'key-can-withdraw'?",
    ),
    'a day that is none': (
        ['scan', '--today', 'soon'],
        "--today is 'soon'; it must be a day such as 2026-01-31",
    ),
    'a missing list of files': (
        ['scan', '--files-from', 'x'],
        'keylint: x: cannot read the list of files',
    ),
    'a report that cannot be written': (
        ['scan', '--output', 'no/where'],
        'keylint: no/where: cannot write the report',
    ),
    'missing rules': (['scan', '--rules', 'nowhere'], 'keylint: nowhere: cannot read the rules'),
}


@pytest.mark.parametrize('case', MISTAKES)
def test_a_mistake_is_one_line_and_exit_code_2(keylint: Run, case: str) -> None:
    arguments, message = MISTAKES[case]
    done = keylint(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count('\n') == 1


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('selct = []', "unknown key 'selct'; did you mean 'select'?"),
        ('severity = "hgh"', "severity is 'hgh'; allowed: info, low, medium, high, critical"),
        ('select = "x"', 'select must be a list of strings'),
        ('[', 'not TOML'),
        ('inventory = "keys.yaml"', 'inventory must be a list of strings'),
        ('inventry = ["keys.yaml"]', "unknown key 'inventry'; did you mean 'inventory'?"),
        (
            '[policies]\nmax-age = 3',
            "policies: unknown threshold 'max-age'; did you mean 'max-age-days'?",
        ),
        ('[policies]\nmax-age-days = "3"', 'policies.max-age-days must be a whole number'),
        ('ignore = ["nothing-like-it"]', "unknown rule 'nothing-like-it'"),
        (
            '[per-path-ignores]\n"a" = []\n[per-file-ignores]\n"b" = []',
            'per-file-ignores is another name for per-path-ignores: keep one of them',
        ),
    ],
)
def test_a_broken_configuration_is_named(
    keylint: Run, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / 'keylint.toml').write_text(text)
    done = keylint('scan')
    assert done.returncode == 2
    assert 'keylint.toml' in done.stderr
    assert message in done.stderr


def test_a_mistake_is_blamed_on_who_made_it(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keylint.toml').write_text('severity = "low"\n')
    for arguments, variables, blamed in (
        (['--select', 'krakn'], {}, 'keylint: select: '),
        ([], {'KEYLINT_IGNORE': 'krakn'}, 'keylint: KEYLINT_IGNORE: '),
        (['--select', 'krakn'], {'KEYLINT_SELECT': 'okx'}, 'keylint: select: '),
    ):
        said = keylint('scan', *arguments, **variables).stderr
        assert said.startswith(f"{blamed}unknown rule 'krakn'; did you mean 'kraken'?")
    with pytest.raises(KeylintError, match=r"^select: unknown rule 'krakn'"):
        scan(str(tmp_path), select=['krakn'])


def test_configuration_in_pyproject_and_its_ignores(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'conf').mkdir()
    (tmp_path / 'conf' / 'a.env').write_text(LEAK)
    (tmp_path / 'pyproject.toml').write_text(
        '[tool.keylint.per-path-ignores]\n"conf/*.env" = ["binance-credential"]\n'
    )
    assert keylint('scan').returncode == 0
    assert keylint('scan', '--isolated').returncode == 1


def policy_rules(done: subprocess.CompletedProcess[str]) -> list[str]:
    return sorted(finding['rule'] for finding in json.loads(done.stdout)['findings'])


def test_policies_are_rules_like_others(keylint: Run, tmp_path: Path) -> None:
    listed = {line.split()[0]: line.split()[1] for line in keylint('rules').stdout.splitlines()}
    assert (listed['key-can-withdraw'], listed['keys-drift'], listed['binance-credential']) == (
        'policy',
        'policy',
        'exchange',
    )
    assert keylint('explain', 'key-can-withdraw').stdout.startswith(
        '# key-can-withdraw\n\nKey may withdraw. Severity: critical'
    )
    (tmp_path / 'ops').mkdir()
    (tmp_path / 'ops' / 'keys.yaml').write_text(
        'keys:\n  - {exchange: kraken, label: a, permissions: [read, withdraw], '
        'ip_allowlist: [], secret_ref: env:KRAKEN_SECRET}\n'
    )
    both = ['key-can-withdraw', 'key-unrestricted-ip']
    assert policy_rules(keylint('scan', '--format', 'json')) == both
    assert policy_rules(keylint('scan', '--format', 'json', '--select', 'key-can')) == both[:1]
    assert (
        policy_rules(keylint('scan', '--format', 'json', '--ignore', 'key-can-withdraw'))
        == both[1:]
    )
    (tmp_path / 'keylint.toml').write_text(
        '[per-path-ignores]\n"ops/*" = ["key-unrestricted-ip"]\n'
    )
    assert policy_rules(keylint('scan', '--format', 'json')) == both[:1]


def test_a_closed_pipe_and_an_interrupt(tmp_path: Path) -> None:
    for number in range(200):
        leak = expand_recipes('BINANCE_API_SECRET={alnum:64}\n', str(number))
        (tmp_path / f'{number}.env').write_text(leak)  # one value would be one finding, and short
    line = (
        f'("{sys.executable}" -m keylint scan --format full; echo "ended with $?" >&2) | head -n 1'
    )
    # A pipe is what is tested.
    shell = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True)  # noqa: S602
    assert shell.stderr == b'ended with 2\n'
    with subprocess.Popen(
        [sys.executable, '-m', 'keylint', 'scan', '-'],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(
            b'\n' * (1 << 20)
        )  # more than a pipe holds: once it is gone, keylint reads
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, error = process.communicate()
    assert process.returncode == 130
    assert error == b'keylint: interrupted\n'


OWN_MARKS = (
    '{} # keylint: ignore[{rule}] a test account',
    '{} # keylint: ignore a test account',
    '// keylint: ignore[{rule}] a test account\n{}',
    '<!-- keylint: ignore[{rule}] a test account -->\n{}',
)
PEERS_MARKS = (
    '{} # gitleaks:allow',
    '{} # pragma: allowlist secret',
    '# pragma: allowlist nextline secret\n{}',
    '{} # trufflehog:ignore',
    '{} # kingfisher:ignore',
    '{} # betterleaks:allow',
    '{}  # noqa: S105',
    '{}  # nosec',
)
GENERIC = expand_recipes('SESSION_SECRET={alnum:40}', 'marks')


def state_of(keylint: Run, text: str) -> tuple[int, str, str]:
    """Exit code, rule and state of the one finding of a text."""
    name = ('--stdin-filename', 'x.sh', '--format', 'json')
    done = keylint('scan', '-', *name, stdin=text.encode())
    (finding,) = json.loads(done.stdout)['findings']
    return done.returncode, finding['rule'], finding['state']


@pytest.mark.parametrize('mark', OWN_MARKS)
def test_our_marks_accept_any_finding(keylint: Run, mark: str) -> None:
    text = mark.format(LEAK.splitlines()[1], rule='binance-credential')
    assert state_of(keylint, text) == (0, 'binance-credential', 'suppressed')


@pytest.mark.parametrize('mark', PEERS_MARKS)
def test_marks_of_others_accept_what_has_no_issuer(keylint: Run, mark: str) -> None:
    assert state_of(keylint, mark.format(GENERIC)) == (0, 'generic-credential', 'suppressed')
    text = mark.format(LEAK.splitlines()[1])
    assert state_of(keylint, text) == (1, 'binance-credential', 'open')


def test_marks_that_do_nothing_or_say_nothing_are_warned_of(keylint: Run) -> None:
    wrong = keylint(
        'scan',
        '-',
        '--stdin-filename',
        'x.sh',
        stdin=(LEAK.splitlines()[1] + ' # keylint: ignore[kraken-credential] no').encode(),
    )
    assert wrong.returncode == 1
    assert 'covers no finding' in wrong.stdout
    silent = keylint(
        'scan',
        '-',
        '--stdin-filename',
        'x.sh',
        stdin=(LEAK.splitlines()[1] + ' # keylint: ignore').encode(),
    )
    assert silent.returncode == 0
    assert 'gives no reason' in silent.stdout


def test_values_are_shown_only_when_asked(keylint: Run) -> None:
    values = [line.split('=')[1] for line in LEAK.splitlines()]
    for arguments in ([], ['--format', 'json'], ['--pedantic']):
        done = keylint('scan', '-', '--stdin-filename', 'x.env', *arguments, stdin=LEAK.encode())
        for value in values:
            assert not any(
                value[i : i + 8] in done.stdout + done.stderr for i in range(len(value) - 8)
            )
    shown = keylint(
        'scan',
        '-',
        '--stdin-filename',
        'x.env',
        '--format',
        'json',
        '--show-secrets',
        stdin=LEAK.encode(),
    )
    assert [part['value'] for part in json.loads(shown.stdout)['findings'][0]['parts']] == values


def test_thresholds(keylint: Run) -> None:
    def code(*arguments: str) -> int:
        return keylint(
            'scan',
            '-',
            '--stdin-filename',
            'x.env',
            *arguments,
            stdin=LEAK.splitlines()[0].encode(),
        ).returncode

    assert code() == 1
    for arguments in (
        ['--fail-on', 'medium'],
        ['--severity', 'medium'],
        ['--select', 'kraken'],
        ['--ignore', 'binance'],
    ):
        assert code(*arguments) == 0
