"""All readers on bytes that belong to no format: none raises, and no span leaves the document."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.model import Fragment, Setting
from keylint.core.spans import map_to_blob
from keylint.matcher.match import Match, Pattern
from keylint.matcher.prefilter import list_windows
from keylint.pipeline.blob import scan_blob
from keylint.readers.formats import ending_of, format_of
from keylint.readers.parsed import ParsedText
from keylint.readers.settings import read_settings
from keylint.readers.string_joins import join_literals
from keylint.readers.tables import settings as rows
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand_recipes

NAMES = (
    'a.json',
    'a.yaml',
    'a.toml',
    '.env',
    'a.properties',
    'a.csv',
    'a.tsv',
    'a.ipynb',
    'a.txt',
    'Makefile',
)
# Short marks of all formats, put together in any order.
MARKS = st.lists(
    st.sampled_from(
        (
            '{',
            '}',
            '[',
            ']',
            '"',
            "'",
            '"""',
            "'''",
            ':',
            '=',
            ',',
            '|',
            '-',
            '--',
            '---',
            '\n',
            '\r\n',
            '\t',
            '#',
            '//',
            '&a',
            '*a',
            '\\',
            '\\u00e9',
            'é',
            '秘',
            '😀',
            '\x85',
            '\u2028',
            '\ufeff',
            '\x01',
            '!!',
            '%',
            '@',
            'api_key',
            'secret',
            'insert into t (a, b) values (',
            ')',
            ' = ',
            'export ',
        )
    ),
    max_size=40,
).map(''.join)


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


def settings_of(name: str, data: bytes) -> tuple[Setting, ...]:
    return read_settings(ParsedText(data), format_of(name), name)


def assert_inside(data: bytes, name: str) -> None:
    found = settings_of(name, data)
    outside = [setting for setting in found if not 0 <= setting.start <= setting.end <= len(data)]
    assert outside == []
    assert all(isinstance(step, str) for setting in found for step in setting.path)


@pytest.mark.parametrize('name', NAMES)
@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=200))
def test_bytes_never_raise(name: str, data: bytes) -> None:
    assert_inside(data, name)


@pytest.mark.parametrize('name', NAMES)
@settings(max_examples=150, deadline=None)
@given(text=MARKS)
def test_marks_in_any_order_never_raise(name: str, text: str) -> None:
    assert_inside(text.encode(), name)


@settings(max_examples=200, deadline=None)
@given(text=MARKS)
def test_rows_stay_inside(text: str) -> None:
    data = text.encode()
    for setting in rows(data, list_windows(data, [Match(Pattern(0, 'name'), len(data))])):
        assert data[setting.start : setting.end] == setting.value


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=100) | MARKS.map(str.encode), is_adjacent=st.booleans())
def test_joined_text_leads_back(data: bytes, is_adjacent: bool) -> None:
    found = join_literals(Fragment(data), is_adjacent)
    joined = found.fragment if found else Fragment(data)
    for offset in range(len(joined.data)):
        start, end = map_to_blob(joined, offset, offset + 1)
        assert data[start:end] == joined.data[offset : offset + 1]


@pytest.mark.parametrize('glue', ['" + "', '"\n    "', '" \\\n  "', '" .\n "', "'+'"])
def test_halves_are_joined(glue: str) -> None:
    value, mark = expand_recipes('{alnum:64}', 'halves').encode(), glue[0].encode()
    data = b'a = ' + mark + value[:30] + glue.encode() + value[30:] + mark + b'\n'
    found = join_literals(Fragment(data), False)
    assert found is not None
    joined = found.fragment
    assert value in joined.data
    assert b''.join(data[run.old : run.old + run.length] for run in found.ranges) == joined.data
    start = joined.data.index(value)
    first, last = map_to_blob(joined, start, start + 64)
    assert (data[first : first + 30], data[last - 34 : last]) == (value[:30], value[30:])


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(NAMES), text=MARKS, data=st.binary(max_size=30))
def test_a_scan_never_fails(rules: Rules, name: str, text: str, data: bytes) -> None:
    """The whole pipeline behind a name that wakes it.

    What the marks put together holds no secret.
    """
    blob = Blob(
        b'binance_api_key = "'
        + expand_recipes('{alnum:64}', 'any').encode()
        + b'"\n'
        + text.encode()
        + data,
        Origin(name),
    )
    result = scan_blob(blob, rules, Config())
    assert result.failures == ()


ENDINGS = {
    'config.json': 'json',
    'config.json.bak': 'json',
    'a/b.YAML': 'yaml',
    '.env': 'env',
    '.env.local': 'env',
    '.env.production': 'env',
    'prod.env': 'env',
    'a\\b.toml': 'toml',
    'Makefile': 'makefile',
    'a.ipynb': 'ipynb',
    'c.yml.example': 'yml',
    'keys.csv.old': 'csv',
    '': '',
    '.': '',
    'a.': '',
    'env.json': 'json',
    'x.tar.gz': 'gz',
}


@pytest.mark.parametrize('name', ENDINGS)
def test_endings(name: str) -> None:
    assert ending_of(name) == ENDINGS[name]


def test_a_document_too_large_has_no_settings() -> None:
    assert settings_of('a.json', b'{"a": "' + b'x' * 8_000_000 + b'"}') == ()
    assert len(settings_of('a.json', b'{"a": "' + b'x' * 1_000_000 + b'"}')) == 1
