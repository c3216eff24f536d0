"""The permission of a call where its arguments name the market."""

from __future__ import annotations

import pytest

from tests.api_usage.needs import facts, told

CLIENT = 'from pybit.unified_trading import HTTP\ns = HTTP(api_key=k, api_secret=s)\n'


@pytest.mark.parametrize(
    ('market', 'permission'),
    [
        pytest.param('spot', 'trade', id='spot'),
        pytest.param('linear', 'derivatives', id='derivatives'),
    ],
)
def test_an_attribute_as_category_stands_for_its_text(market: str, permission: str) -> None:
    """Its name says nothing of the market where its value is known."""
    text = f'settings.venue = "{market}"\n{CLIENT}s.place_order(category=settings.venue)\n'
    assert told(text) == [('bybit', permission, 4)]
    assert facts(text).is_exact
    assert not facts(text).doubts


def test_a_category_that_nobody_knows_leaves_a_doubt() -> None:
    text = f'{CLIENT}s.place_order(category=settings.venue)\n'
    assert told(text) == [('bybit', 'trade', 3)]
    assert len(facts(text).doubts) == 1
