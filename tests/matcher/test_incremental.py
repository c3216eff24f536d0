"""Versions of a file against whole scans: whatever was edited, the gate sees the same."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from keylint.core.model import Fragment
from keylint.matcher.common_ranges import find_common_ranges
from keylint.matcher.hyperscan import MAX_MATCHES
from keylint.matcher.incremental import Version, VersionMatcher, match_rewritten
from keylint.matcher.match import LEAK_KINDS, Match, Pattern, select_matches
from keylint.matcher.prefilter import filter_by_context, filter_by_words, filter_matches
from keylint.readers.string_joins import join_literals
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand_recipes

LEAK = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'
INSERTED = (
    '',
    'x = 1\n',
    'price = 2 * price\n' * 40,
    LEAK,
    'exchange = ccxt.kraken()\n',
    'token = "gsk_{alnum:52}"\n',
    'key: {hex:64}\n',
    '\n' * 3000,
    'PRIVATE_KEY=0x{hex:64}\n',
    'a' * 5000,
    'name,api_key,secret\n',
    '"',
)
Edit = tuple[float, int, int]


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


def text(seed: str) -> bytes:
    """Return some 30 KB of code with a leak now and then."""
    rng = random.Random(seed)  # noqa: S311 - text, not keys
    lines = [
        f'    self.ratio_{rng.randrange(10**6)} = DecimalParameter({rng.random():.4f}, '
        f'default={rng.random():.3f})\n'
        for _ in range(400)
    ]
    for number in range(3):
        lines.insert(rng.randrange(len(lines)), expand_recipes(LEAK, f'{seed}/{number}'))
    return ''.join(lines).encode()


def edited(data: bytes, edits: list[Edit]) -> bytes:
    """At a place, some bytes taken away and a snippet put in."""
    for number, (place, length, snippet) in enumerate(edits):
        start = int(place * len(data))
        data = (
            data[:start]
            + expand_recipes(INSERTED[snippet], f'edit {number}').encode()
            + data[start + length :]
        )
    return data


def assert_same(
    scan: Callable[[bytes], list[Match]], versions: list[bytes], names: list[str]
) -> None:
    watched = VersionMatcher(scan)
    for data, name in zip(versions, names, strict=True):
        assert set(watched.match_version(name, data)) == set(scan(data))


def find_leaks(data: bytes, rules: Rules) -> list[Match]:
    return filter_matches(data, rules.matcher.find_leak_matches(data))


def select_leaks(data: bytes, matches: list[Match]) -> list[Match]:
    return filter_by_words(data, select_matches(matches, LEAK_KINDS))


EDITS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from((0, 0, 1, 63, 64, 200, 5000)),
        st.integers(0, len(INSERTED) - 1),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@example([[(0.0, 0, 7), (0.0, 5000, 0), (0.65625, 0, 10)]], 'a.py')
@given(st.lists(EDITS, min_size=1, max_size=4), st.sampled_from(('a.py', 'b.py', 'a.txt')))
def test_versions_show_what_a_whole_scan_shows(steps: list[list[Edit]], name: str) -> None:
    rules = load_rules()
    versions = [text('base')]
    for edits in steps:
        versions.append(edited(versions[-1], edits))
    versions.append(versions[0])
    # Without the checks that look further than the margin: those are made of a whole text.
    assert_same(
        lambda data: select_leaks(data, rules.matcher.find_matches(data)),
        versions,
        ['a.py', *[name] * (len(versions) - 1)],
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(EDITS, min_size=1, max_size=3))
def test_what_words_follow_is_dropped_in_what_changed(steps: list[list[Edit]]) -> None:
    rules = load_rules()
    watched = VersionMatcher(rules.matcher.find_matches, select_leaks)
    data = text('filtered')
    for edits in steps:
        found = filter_by_context(data, list(watched.match_version('a.py', data)))
        assert set(found) == set(find_leaks(data, rules))
        data = edited(data, edits)


def test_an_image_that_a_change_makes_or_ends(rules: Rules) -> None:
    value = expand_recipes('{alnum:64}', 'image').encode()
    body = b'A' * 4000 + b'/secretkey=' + value + b'A' * 4000
    image = b'<img src="data:image/png;base64,iVBORw0KGgo' + body + b'">'
    plain = image.replace(b'data:image', b'data:words')
    watched = VersionMatcher(rules.matcher.find_matches, select_leaks)
    counts = [
        len(filter_by_context(data, list(watched.match_version('a.html', data))))
        for data in (image, plain, image, plain)
    ]
    assert counts == [0, counts[1], 0, counts[1]]
    assert counts[1] == len(find_leaks(plain, rules)) > 0


def test_a_head_of_a_table_whose_values_come_far_below(rules: Rules) -> None:
    data = text('table')
    head = b'| exchange | api key | note |\n|---|---|---|\n'
    words = b'| some words | and others | ' + b'words of no use ' * 60 + b'|\n'
    row = expand_recipes('| binance | {alnum:64} | x |\n', 'table').encode()
    watched = VersionMatcher(rules.matcher.find_matches, select_leaks)
    kinds = []
    for rows in (words, words + row, words):
        version = data + head + rows
        found = filter_by_context(version, list(watched.match_version('a.md', version)))
        assert set(found) == set(find_leaks(version, rules))
        kinds.append('header' in {match.pattern.kind for match in found})
    assert kinds == [False, True, False]


def test_too_many_matches_are_not_chosen_from() -> None:
    many = [Match(Pattern(0, 'name'), 1)] * MAX_MATCHES
    watched = VersionMatcher(lambda data: many, lambda data, found: [])
    assert len(watched.match_version('a.py', bytes(9000))) == MAX_MATCHES


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 5)), min_size=1, max_size=12),
    st.integers(0, 9),
)
def test_joined_text_shows_what_a_whole_scan_shows(
    places: list[tuple[float, int]], seed: int
) -> None:
    rules, data = load_rules(), text(f'joined {seed}')
    snippets = (
        'SECRET_KEY = "{alnum:32}" + "{alnum:32}"\n',
        "path = 'a' + 'b'\n",
        'token = "gsk_{alnum:26}"\\\n    "{alnum:26}"\n',
        'call("x" "y", "z" + "w")\n',
        'api_key = "{hex:20}" + "{hex:20}" + "{hex:24}"\n' + 'x = 1\n' * 300,
        'text = "' + 'word ' * 20 + '" + "' + 'word ' * 20 + '"\n',
    )
    for place, number in places:
        at = data.rfind(b'\n', 0, int(place * len(data))) + 1
        snippet = expand_recipes(snippets[number], f'{place}{number}').encode()
        data = data[:at] + snippet + data[at:]
    joined = join_literals(Fragment(data), True)
    if joined is None:
        return
    before = Version(data, find_leaks(data, rules))
    found = match_rewritten(before, joined.fragment.data, joined.ranges, rules.matcher)
    assert set(found) == set(find_leaks(joined.fragment.data, rules))


@pytest.mark.parametrize(
    'change',
    [
        pytest.param(lambda data: data, id='nothing'),
        pytest.param(lambda data: b'', id='emptied'),
        pytest.param(lambda data: data[:100], id='cut short'),
        pytest.param(
            lambda data: data[len(data) // 2 :] + data[: len(data) // 2], id='halves changed places'
        ),
        pytest.param(lambda data: data + data, id='doubled'),
        pytest.param(lambda data: data[:-1], id='last byte gone'),
        pytest.param(lambda data: b' ' + data, id='a byte in front'),
        pytest.param(lambda data: data.replace(b'\n', b'\r\n'), id='other line ends'),
        pytest.param(lambda data: data.replace(b'    ', b'\t'), id='tabs'),
        pytest.param(lambda data: text('other'), id='another file'),
        pytest.param(lambda data: b'\n'.join(sorted(data.split(b'\n'))), id='sorted lines'),
        pytest.param(lambda data: data.replace(b'API_', b'api_'), id='another name'),
    ],
)
def test_edits_of_all_kinds(rules: Rules, change: Callable[[bytes], bytes]) -> None:
    data = text('kinds')
    assert_same(lambda part: find_leaks(part, rules), [data, change(data), data], ['a.py'] * 3)


def test_a_leak_that_is_put_together_over_versions(rules: Rules) -> None:
    data, leak = text('slow'), expand_recipes('\nBINANCE_API_SECRET={alnum:64}\n', 'slow').encode()
    middle = len(data) // 2
    versions = [
        data[:middle] + leak[:count] + data[middle:] for count in range(0, len(leak) + 1, 7)
    ]
    assert_same(
        lambda part: find_leaks(part, rules),
        [*versions, *reversed(versions)],
        ['a.py'] * (2 * len(versions)),
    )


def test_a_version_with_too_many_matches_ends_where_a_whole_scan_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The limit counts the matches of the whole text, not those of what is new."""
    monkeypatch.setattr('keylint.matcher.incremental.MAX_MATCHES', 100)
    pattern = Pattern(0, 'name')

    def scan(data: bytes) -> list[Match]:
        return [Match(pattern, found.end()) for found in re.finditer(b'key', data)][:100]

    filler = b'nothing here\n' * 200
    versions = [(filler + b'key\n') * count + filler for count in (60, 99, 100, 101, 150, 99, 60)]
    assert_same(scan, versions, ['a.py'] * len(versions))


@settings(max_examples=100, deadline=None)
@given(EDITS)
def test_what_is_said_to_be_common_is(edits: list[Edit]) -> None:
    old = text('common')
    new = edited(old, edits)
    end = 0
    for run in find_common_ranges(old, new):
        assert old[run.old : run.old + run.length] == new[run.new : run.new + run.length]
        assert run.new >= end
        end = run.new + run.length
