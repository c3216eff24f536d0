"""Tokens of vendors without a rule of their own: which matches of their patterns are none."""

from __future__ import annotations

import pytest

from keylint.detect.plugins import find_plugin_tokens
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes


@pytest.mark.parametrize(
    ('token', 'count'),
    [
        ('EXAMPLE{hex:25}-us12', 0),
        ('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-us12', 0),
        ('{hex:32}-us12', 1),
    ],
)
def test_a_sample_of_a_token_is_none(token: str, count: int) -> None:
    rules = load_rules()
    data = expand_recipes(f'mailchimp = "{token}"\n', 'plugins').encode()
    found = list(find_plugin_tokens(data, rules.matcher.find_matches(data), rules.pack))
    assert [data[one.start : one.end] for one in found] == [data.split(b'"')[1]] * count
