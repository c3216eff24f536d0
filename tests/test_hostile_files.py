"""Files made to crash, hang or fool keylint."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from hashlib import sha384
from pathlib import Path

import pytest

from keylint.cli import main
from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.deadline import make_deadlines
from keylint.core.model import Fragment
from keylint.core.report import Report
from keylint.detect.credentials import find_credentials
from keylint.matcher.hyperscan import TOO_MANY_MATCHES
from keylint.pipeline.blob import scan_blob
from keylint.readers import json as jsonlike
from keylint.readers import key_value as sections
from keylint.readers.literals import read_literals
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes
from tests.archives.made import scanned, zipped_rows
from tests.conftest import Run
from tests.reporters.bots import FORMATS
from tests.reporters.hostile import finding
from tests.reporters.sound import SOUND

pytestmark = pytest.mark.slow


PAIR = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'


LEAK = expand_recipes(PAIR, 'hostile')


_MOST_MEMORY = 600 * 1024


ANYWHERE = sys.platform != 'win32'


# Memory


def peak(program: str, folder: Path) -> int:
    """Return the most kilobytes that a Python program had in memory.

    Not by `getrusage`: there a child begins with what its parent had.
    """
    told = (
        f'{program}\n'
        f'print([line.split()[1] for line in open("/proc/self/status") if '
        f'line.startswith("VmHWM:")][0])'
    )
    done = subprocess.run(
        [sys.executable, '-c', told], cwd=folder, capture_output=True, text=True, check=True
    )
    return int(done.stdout.split()[-1])


@pytest.mark.skipif(sys.platform != 'linux', reason='memory as Linux counts it')
@pytest.mark.parametrize(
    'text',
    [
        pytest.param("b'{\"a\": \"' + b'x' * 7_900_000 + b'\"}'", id='a long text'),
        pytest.param("b'{\"a\": \"' + b'\\\\n' * 3_900_000 + b'\"}'", id='escapes'),
        pytest.param("b'{\"a\": \\'' + b'x' * 7_900_000 + b'\\'}'", id='in single quotes'),
        pytest.param('b\'{"a": """\' + b\'x\' * 7_900_000 + b\'"""}\'', id='in three quotes'),
    ],
)
@pytest.mark.parametrize('reader', ['jsonlike', 'sections', 'literals'])
def test_a_long_value_takes_no_memory_but_its_own(tmp_path: Path, reader: str, text: str) -> None:
    """One text of 8 MB took 900 MB.

    The pattern remembered every character as a place to come back to.
    """
    call = {
        'literals': f'[list(one) for one in read_literals({text}, False)]',
        'sections': f"sections.settings(({text}).replace(b'{{\"a\": ', b'a='))",
    }
    program = (
        'from keylint.readers import json as jsonlike, key_value as sections\n'
        'from keylint.readers.literals import read_literals\n'
    )
    assert peak(program + call.get(reader, f'jsonlike.settings({text})'), tmp_path) < _MOST_MEMORY


def test_long_values_are_read() -> None:
    text = b'x' * 100_000
    assert jsonlike.settings(b'{"a": "' + text + b'"}')[0].value == text
    assert sections.settings(b'a = "' + text + b'"\n')[0].value == text
    assert [
        next(iter(one)).value for one in read_literals(b'a = {"b": "' + text + b'"}', False)
    ] == [text]


def test_what_wakes_the_gate_too_often_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every match is remembered: one file could fill the memory."""
    # The real bound takes a minute to reach.
    for module in ('matcher.hyperscan', 'matcher.repeats', 'pipeline.scan'):
        monkeypatch.setattr(f'keylint.{module}.MAX_MATCHES', 1000)
    lines = (b'://aaaaaa:%0200d\n' % number for number in range(100))
    data = LEAK.encode() + b''.join(lines)
    result = scan_blob(Blob(data, Origin('a.env')), load_rules(), Config())
    assert [finding.rule for finding in result.findings] == ['binance-credential']
    assert [(failure.path, failure.error) for failure in result.failures] == [
        ('a.env', TOO_MANY_MATCHES)
    ]
    inside = scanned('a.zip', zipped_rows([('a.env', data)]))
    assert [failure.error for failure in inside.failures if failure.stage == 'scan'] == [
        f'a.zip!/a.env: {TOO_MANY_MATCHES}'
    ]


@pytest.mark.parametrize(('seconds', 'looks'), [(1, 4), (2, 8), (60, None)])
def test_what_takes_longer_than_it_may_is_named_and_the_rest_is_shown(
    slow_clock: None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    seconds: int,
    looks: int | None,
) -> None:
    """A quarter of a second passes between two looks, each after 64 values."""
    count = 1000
    text = ''.join(
        f'KRAKEN_API_SECRET_{n}={sha384(b"%d" % n).hexdigest()[:56]}\n' for n in range(count)
    )
    (tmp_path / 'many.env').write_text(text)
    command = [
        'scan',
        str(tmp_path),
        '--isolated',
        '--format',
        'json',
        '--limit',
        f'seconds={seconds}',
    ]
    code = main(command)
    report = json.loads(capsys.readouterr().out)
    told = [failure['error'] for failure in report['failures']]
    if looks is None:
        assert (code, told, len(report['findings'])) == (1, [], count)
    else:
        assert (code, told) == (2, [f'it takes more than {seconds} s: the rest was not looked at'])
        assert 64 * looks - 1 <= len(report['findings']) <= 64 * (looks + 2)


def test_all_fragments_of_a_blob_have_one_clock() -> None:
    rules = load_rules()
    text = ''.join(
        f'KRAKEN_API_SECRET_{n}={sha384(b"%d" % n).hexdigest()[:56]}\n' for n in range(200)
    ).encode()
    matches = rules.matcher.find_matches(text)
    limits = make_deadlines(0)
    assert (
        0 < len(find_credentials(Fragment(text), matches, 'a.ipynb', rules.pack, 0, limits)) < 200
    )
    assert limits.why
    assert find_credentials(Fragment(text), matches, 'a.ipynb', rules.pack, 1, limits) == []
    assert len(find_credentials(Fragment(text), matches, 'a.ipynb', rules.pack)) == 200


def test_leaks_without_end_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes some kilobytes, and a report some more."""
    monkeypatch.setattr('keylint.pipeline.examine.MAX_CREDENTIALS', 10)
    for count, errors in (
        (10, []),
        (11, ['more than 10 credentials: the others are not reported']),
    ):
        result = scan_blob(
            Blob(expand_recipes(PAIR * count, 'hostile/many').encode(), Origin('a.env')),
            load_rules(),
            Config(),
        )
        assert (len(result.findings), [failure.error for failure in result.failures]) == (
            10,
            errors,
        )


def test_sentences_without_end_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('keylint.policies.check_declarations._MAX_SENTENCES', 10)
    for count, errors in (
        (10, []),
        (11, ['more than 10 sentences about the rights of keys: the others are not reported']),
    ):
        text = ''.join(
            f'Enable withdrawals for Binance API key {number}.\n' for number in range(count)
        )
        result = scan_blob(Blob(text.encode(), Origin('a.md')), load_rules(), Config())
        assert (len(result.findings), [failure.error for failure in result.failures]) == (
            10,
            errors,
        )


# Output


STEERING = '\x1b[2J\x1b]8;;http://x\x07\x08\x7f\u202e\u2066\u200f\ufeff\u0085\u2028|`<b>]]>'


@pytest.mark.parametrize('name', FORMATS)
def test_text_beside_a_leak_cannot_steer(keylint: Run, tmp_path: Path, name: str) -> None:
    """Lines are shown with the leak on them.

    In a file, in an archive, in a notebook, with bytes that are no UTF-8.
    """
    line = f'{STEERING} ::error::x {LEAK.split(chr(10))[1]} ##vso[x]y {STEERING}\n'.encode()
    (tmp_path / 'a.env').write_bytes(line + b'\xff\xfe\x80 ' + line)
    (tmp_path / 'a.zip').write_bytes(zipped_rows([(f'{STEERING}\n::error::x.env', line)]))
    cell = {'cell_type': 'code', 'metadata': {}, 'outputs': [], 'source': [line.decode()]}
    book = {'cells': [cell], 'metadata': {}, 'nbformat': 4, 'nbformat_minor': 5}
    (tmp_path / 'a.ipynb').write_text(json.dumps(book, ensure_ascii=False))
    done = keylint('scan', '--isolated', '--format', name)
    assert done.returncode == 1
    assert not [char for char in done.stdout if not char.isprintable() and char not in '\r\n']
    assert not re.search(r'(?m)^\s*::error::x', done.stdout)
    assert not re.search(r'##vso\[', done.stdout)
    assert LEAK.split('=')[2].strip() not in done.stdout


@pytest.mark.skipif(not ANYWHERE, reason='paths that Windows does not allow')
@pytest.mark.parametrize('name', FORMATS)
def test_a_path_of_four_kilobytes(keylint: Run, tmp_path: Path, name: str) -> None:
    folder = '/'.join(['n' * 250] * 15)
    subprocess.run(['mkdir', '-p', folder], cwd=tmp_path, check=True)
    path = f'{folder}/{"a" * 200}.env'
    with open(
        os.open(path, os.O_CREAT | os.O_WRONLY, dir_fd=os.open(tmp_path, os.O_RDONLY)), 'w'
    ) as file:
        file.write(LEAK)
    done = keylint('scan', '--isolated', '--format', name)
    assert done.returncode == 1
    report = Report()
    report.files = 1
    report.findings = [finding('x', 'x', 'critical')]
    SOUND[name](done.stdout, report)
    assert 'n' * 250 in done.stdout or name == 'text'


def _shown(keylint: Run, *arguments: str) -> str:
    done = keylint(*arguments)
    assert done.returncode == 2
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    'arguments',
    [
        ('scan', 'no/such\x1b[2J\u202e'),
        ('scan', '--config', 'no\x1b[2J'),
        ('scan', '--baseline', 'no\x1b[2J'),
        ('explain', 'no\x1b[2J'),
    ],
)
def test_a_mistake_that_names_hostile_text_is_one_line(
    keylint: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / 'a.txt').write_text('x')
    assert _shown(keylint, *arguments).count('\n') == 1


def test_a_sentence_is_quoted_without_the_values_in_it(keylint: Run, tmp_path: Path) -> None:
    """Found by fuzzing: the message on a set-up text repeated a secret of the sentence."""
    value, other = (
        expand_recipes('{alnum:64}', 'quoted'),
        expand_recipes('{alnum:40}', 'quoted/other'),
    )
    text = (
        f'With api_secret={value} enable withdrawals for the Binance API key, {other}, and '
        f'leave the IP list empty.\n'
    )
    (tmp_path / 'README.md').write_text(text)
    findings = json.loads(keylint('scan', '--isolated', '--format', 'json').stdout)['findings']
    (told,) = (finding for finding in findings if finding['rule'] == 'setup-text-weakens-key')
    assert (
        'With api_secret=… enable withdrawals for the Binance API key, …, and leave the IP '
        'list empty.'
    ) in told['message']
    for format_name in ('text', 'json', 'sarif', 'html', 'markdown', 'csv', 'junit'):
        shown = keylint('scan', '--isolated', '--format', format_name).stdout
        assert not [
            part
            for secret in (value, other)
            for part in (secret[:12], secret[-12:])
            if part in shown
        ], format_name


@pytest.mark.parametrize('count', [1, 300])
def test_a_value_that_stands_twice_in_a_line_is_masked_twice(
    keylint: Run, tmp_path: Path, count: int
) -> None:
    """Found by fuzzing: the second place, of which no finding tells, was shown with its line."""
    others = ''.join(
        expand_recipes('KRAKEN_API_SECRET={base64:64}\n', f'twice/{number}')
        for number in range(count)
    )
    value = expand_recipes('{alnum:14}', 'twice')
    (tmp_path / 'a.py').write_text(
        f"{others}\nclient = ccxt.okx(dict(password='{value}')) or dict(password='{value}')\n"
    )
    assert (
        "dict(password='…')) or dict(password='…')"
        in keylint('scan', '--isolated', '--pedantic', '--format', 'full').stdout
    )
    for format_name in ('text', 'full', 'json', 'sarif', 'html'):
        assert (
            value[:8]
            not in keylint('scan', '--isolated', '--format', format_name, '--pedantic').stdout
        )


def test_a_label_or_an_address_that_is_a_secret_is_masked(keylint: Run, tmp_path: Path) -> None:
    """Found by fuzzing: titles and messages name keys by their labels, and list addresses.

    Both may hold a value that stands in the file.
    """
    value = expand_recipes('{alnum:24}', 'label')
    (tmp_path / 'keys.yaml').write_text(
        f'# BINANCE_API_SECRET={value}\nversion: 1\nkeys:\n  - exchange: kraken\n'
        f'    label: {value}\n    created: 2020-01-01\n'
        f'    permissions: [read, withdraw]\n    ip_allowlist: [{value}, 0.0.0.0/0]\n'
    )
    document = json.loads(keylint('scan', '--isolated', '--format', 'json', '--pedantic').stdout)
    assert {'binance-credential', 'key-stale', 'key-can-withdraw', 'key-ip-useless'} <= {
        finding['rule'] for finding in document['findings']
    }
    for arguments in (
        ('scan', '--pedantic'),
        ('scan', '--format', 'json'),
        ('scan', '--format', 'html'),
        ('keys',),
    ):
        assert value not in keylint(*arguments, '--isolated').stdout, arguments
