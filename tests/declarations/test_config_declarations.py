"""Declarations in configurations: issuer, rights, IP restriction and addresses."""

from __future__ import annotations

import pytest

from keylint.core.terms import PERMISSIONS
from keylint.rules.rule_set import RuleSet
from tests.declarations.entries import LOUD, read, shown


@pytest.mark.parametrize('case', LOUD)
def test_declared(case: str, pack: RuleSet) -> None:
    name, text, expected = LOUD[case]
    assert tuple(shown(said) for said in read(name, text, pack)) == expected


@pytest.mark.parametrize('case', [case for case in LOUD if not LOUD[case][0].endswith('.ipynb')])
def test_places_lie_on_what_is_said(case: str, pack: RuleSet) -> None:
    name, text, _ = LOUD[case]
    data = text.encode()
    for said in read(name, text, pack):
        assert 0 <= said.start < said.end <= len(data)
        for topic, start, end in said.places:
            assert 0 <= start <= end <= len(data), topic
        for word in said.words:
            assert any(
                word.encode() in data[start:end] or end - start <= 5
                for topic, start, end in said.places
                if topic in PERMISSIONS
            ), word
        for address in said.addresses:
            start, end = said.span_of('ip')
            assert address.encode() in data[start:end]
