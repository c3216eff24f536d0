"""Drop doubts about headers where another file says what is asked with them."""

from __future__ import annotations

from collections.abc import Sequence

from keylint.api_usage.raw_requests import ONLY_HEADER
from keylint.core.key_model import CodeFacts
from keylint.policies.call_standing import is_test


def drop_header_doubts(facts: Sequence[CodeFacts]) -> list[CodeFacts]:
    """Return the facts without doubts of files that only sign what others ask for.

    And without those of tests.
    """
    asked = {call.issuer for fact in facts for call in fact.calls if not is_test(fact.path)}
    found = []
    for fact in facts:
        doubts = tuple(
            doubt
            for doubt in fact.doubts
            if doubt.why != ONLY_HEADER or not (doubt.issuer in asked or is_test(fact.path))
        )
        found.append(fact if doubts == fact.doubts else fact._replace(doubts=doubts))
    return found
