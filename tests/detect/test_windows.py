"""What was read of the same lines is remembered, and is what a reader finds there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keylint.detect import windows
from keylint.detect.windows import WindowMemory, read_windows
from keylint.matcher.match import select_matches
from keylint.matcher.prefilter import list_windows
from keylint.rules.recipes import expand_recipes
from keylint.rules.rule_set import RuleSet
from keylint.syntax.values import ValueReader

_LINES = (
    'BINANCE_API_KEY={alnum:64}',
    'client = Client(api_key="{alnum:64}", api_secret="{alnum:64}")',
    '"secret": "{base64:86}==",',
    'x = 1',
    '',
    '# words about keys',
    '{base64:76}',
    'token: {hex:40}',
)


@given(st.lists(st.tuples(st.sampled_from(_LINES), st.integers(0, 3)), max_size=30))
@settings(max_examples=150, deadline=None)
def test_a_version_is_read_as_if_it_was_the_first(
    pack: RuleSet, lines: list[tuple[str, int]]
) -> None:
    text = '\n'.join(expand_recipes(line, f'windows/{seed}') for line, seed in lines)
    for version in (text, f'{text}\nmore', f'a line\n{text}', text[7:]):
        data = version.encode()
        matches = pack.matcher.find_matches(data)
        reader = ValueReader(data, pack.read_name)
        fresh = [value for span in list_windows(data, matches) for value in reader.read(*span)]
        assert list(read_windows(data, matches, pack)) == fresh


def test_beyond_a_limit_all_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, '_MAX_KEPT_VALUES', 3)
    memory = WindowMemory()
    memory.keep(b'1', ())
    memory.keep(b'2', ())
    assert (memory.get(b'1'), memory.get(b'2')) == ((), ())
    memory.keep(b'3', ())
    memory.keep(b'4', ())
    assert memory.get(b'1') is None
    assert memory.get(b'4') == ()


def test_only_values_near_a_name_are_read(pack: RuleSet) -> None:
    data = expand_recipes('x = "{alnum:64}"\n', 'windows').encode() * 3
    matches = select_matches(pack.matcher.find_matches(data), ['name'])
    assert list(read_windows(data, matches, pack)) == []
