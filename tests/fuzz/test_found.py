"""What fuzzing found (docs/reliability.md), and the promises of its corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from keylint.findings.comments import map_comments
from keylint.findings.excerpts import ExcerptMaker
from keylint.readers import key_value as sections
from keylint.readers import yaml
from tests.conftest import Run
from tests.fuzz.run import NAMES
from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS

pytestmark = pytest.mark.slow


# Fuzzing itself


def test_the_runner_knows_all_targets() -> None:
    assert tuple(TARGETS) == NAMES


@pytest.mark.parametrize('name', NAMES)
def test_the_corpus_keeps_all_promises(name: str) -> None:
    inputs = list(seeds(name))
    assert len(inputs) > 10 or name == 'own-files'
    for data in inputs[:150]:
        TARGETS[name](data)


# What fuzzing found


@pytest.mark.parametrize(
    'data',
    [
        pytest.param(b'a=[' + b'#e' * 200, id='comments'),
        pytest.param(b'a=[' + b'#e\n' * 200, id='lines of comments'),
        pytest.param(b'a=[[' + b"'x'#," * 200, id='a list in a list'),
        pytest.param(b'a="""' + b'x"' * 200_000, id='an open text'),
    ],
)
def test_fuzz_a_list_that_is_never_closed_is_read_at_once(data: bytes) -> None:
    """Each `#` doubled the time: 600 bytes took longer than anybody waits."""
    assert next(setting.path for setting in sections.settings(data)) == ('a',)


def test_fuzz_an_anchor_without_a_value_has_no_bytes() -> None:
    data = b'a:\n  created: &2020-01-01\n  key: x\n'
    assert [(s.path, s.value, data[s.start : s.end]) for s in yaml.settings(data) or ()] == [
        (('a', 'created'), b'', b''),
        (('a', 'key'), b'x', b'x'),
    ]


def test_fuzz_a_value_that_begins_behind_its_anchor() -> None:
    data = b'a: &a:~ &a x\nb: !!str &c y\n'
    assert [(s.value, data[s.start : s.end]) for s in yaml.settings(data) or ()] == [
        (b':~ &a x', b':~ &a x'),
        (b'y', b'y'),
    ]


@pytest.mark.parametrize(
    'data', [b'\xef\xbb\xbfkey: x', b'a: \xef\xbb\xbfb\nkey: x', b'\xef\xbb\xbf\xef\xbb\xbfkey: x']
)
def test_fuzz_places_behind_a_byte_order_mark_in_yaml(data: bytes) -> None:
    assert [
        data[s.start : s.end] for s in yaml.settings(data) or () if s.path[-1].endswith('key')
    ] == [b'x']


@pytest.mark.parametrize(
    'head',
    [
        b'import ccxt, \xdbs\n',
        b'# coding: no-such-encoding\n',
        b'# coding: utf-16\n',
        b'# coding: rot13\n',
        b'\x00',
    ],
)
def test_fuzz_code_in_another_encoding_does_not_end_the_run(
    keylint: Run, tmp_path: Path, head: bytes
) -> None:
    """Where the first lines are no UTF-8 and name no encoding, libcst raises SyntaxError.

    Elsewhere it raises an error of its own.
    """
    text = (
        b"x = ccxt.kraken({'apiKey': os.environ['K'], 'secret': f'{y}'})\n"
        b"def f(a, *, key=f'{x}': return [x.withdraw(a)\n"
    )
    (tmp_path / 'bot.py').write_bytes(head + b'import ccxt\n' + text)
    (tmp_path / 'keys.yaml').write_text(
        'keys:\n  - exchange: kraken\n    label: a\n    permissions: [read, withdraw]\n'
        '    secret_ref: env:K\n'
    )
    assert keylint('keys', '--isolated').returncode in (0, 1, 2)
    assert keylint('scan', '--isolated', '--format', 'json', '--pedantic').returncode in (1, 2)


@pytest.mark.parametrize(
    ('text', 'complaint'),
    [('tool = 1\n', 'tool must be a table'), ('[tool]\nkeylint = 1\n', 'keylint must be a table')],
)
def test_fuzz_a_configuration_that_is_no_table_is_one_line(
    keylint: Run, tmp_path: Path, text: str, complaint: str
) -> None:
    (tmp_path / 'pyproject.toml').write_text(text + '# tool.keylint\n')
    done = keylint('scan')
    assert (done.returncode, done.stderr.count('\n')) == (2, 1)
    assert complaint in done.stderr


def test_fuzz_a_baseline_nested_deeply_is_one_line(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'theirs.json').write_text('[' * 100_000)
    done = keylint('baseline', 'import', 'theirs.json')
    assert (done.returncode, done.stderr.count('\n')) == (2, 1)


@pytest.mark.parametrize('blank', ['\x0c', '\x1f', '\u2003', '\x0b \x85'])
def test_fuzz_a_line_that_begins_with_an_odd_blank_is_shown(blank: str) -> None:
    """A form feed is a blank for `split`, and was none for `strip`."""
    line = f'{blank}api_key: x7'.encode()
    shown = ExcerptMaker('a.reg', map_comments(line, 'a.reg'), frozenset()).show_line(line, 0)
    assert shown == f'{blank}api_key: …'
