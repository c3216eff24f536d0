"""The texts of violations: policy and exchange in, words out."""

from __future__ import annotations

import pytest

from keylint.policies.violations import make_code_violation
from keylint.rules.load import load_rules


def describe_first_step(issuer: str | None) -> str:
    """Return what a person is to do first about a key that may withdraw."""
    violation = make_code_violation(load_rules().pack, 'key-can-withdraw', 'else', '', issuer)
    return violation.steps[0].partition(' at ')[0]


def test_a_box_that_nobody_knows_has_its_usual_name() -> None:
    """Only where keys are approved, not ticked, another key is the way out."""
    assert describe_first_step(None) == 'Untick "Withdraw" for this key'
    assert describe_first_step('3commas') == 'Untick "Withdraw" for this key'


@pytest.mark.parametrize(
    ('issuer', 'want'),
    [
        ('kraken', 'Untick "Withdraw Funds" for this key'),
        ('hyperliquid', 'Give the bot a key that is approved for trading alone'),
    ],
)
def test_a_right_is_taken_away_as_the_exchange_does_it(issuer: str, want: str) -> None:
    assert describe_first_step(issuer) == want
