"""What counts as the name of a value where a text is only nearly JSON."""

from __future__ import annotations

import pytest

from keylint.readers import json as jsonlike


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        pytest.param(
            '["a": {"b": 1} "c"]', [(('a', 'b'), b'1'), (('a',), b'c')], id='a list keeps its key'
        ),
        pytest.param(
            '{"a": {"b": 1} "c"}', [(('a', 'b'), b'1'), ((), b'c')], id='an object does not'
        ),
        pytest.param(
            '["a": {"b": 1}, "c"]', [(('a', 'b'), b'1'), (('1',), b'c')], id='a comma ends it'
        ),
    ],
)
def test_the_key_of_a_value_behind_a_closed_container(
    text: str, want: list[tuple[tuple[str, ...], bytes]]
) -> None:
    found = jsonlike.settings(text.encode())
    assert [(one.path, one.value) for one in found] == want
