"""Names that are bound to each other are followed once each, however many ways lead around."""

from __future__ import annotations

import pytest

from keylint.api_usage.binding_lookup import find_bindings
from keylint.readers.python_outline import Binding, Outline, Spot
from tests.api_usage.needs import facts

BOT = """
import ccxt
class Bot:
    def __init__(self):
        self.a0 = [ccxt.kraken()]
{circles}
    def run(self):
        for client in self.a{last}:
            client.create_order('BTC/USD', 'limit', 'buy', 1, 1)
"""


def write_bot(names: int) -> str:
    """Write a bot in which the lists of clients are made of each other, in every direction."""
    circles = '\n'.join(
        f'        self.a{left} = list(self.a{right}.copy())'
        for left in range(names)
        for right in range(names)
        if left != right
    )
    return BOT.format(circles=circles, last=names - 1)


def test_what_a_circle_of_names_holds_is_found() -> None:
    calls = facts(write_bot(5)).calls
    assert {(call.issuer, call.permission) for call in calls} == {('kraken', 'trade')}


@pytest.mark.parametrize('names', [8, 24])
def test_a_circle_of_names_is_followed_once(monkeypatch: pytest.MonkeyPatch, names: int) -> None:
    looked_up = 0

    def count(outline: Outline, name: str, spot: Spot) -> list[Binding]:
        nonlocal looked_up
        looked_up += 1
        return find_bindings(outline, name, spot)

    monkeypatch.setattr('keylint.api_usage.values.find_bindings', count)
    facts(write_bot(names))
    assert looked_up < 4 * names**3


def test_a_file_with_too_many_ways_is_named_as_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('keylint.api_usage.values.MAX_BINDINGS', 1_000)
    assert facts(write_bot(4)).is_parsed
    assert not facts(write_bot(16)).is_parsed
