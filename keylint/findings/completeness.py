"""Claim that a credential is complete: only where every part that its issuer asks for was found."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from keylint.core.claims import UNKNOWN_COMPLETENESS, Claim, Proof
from keylint.core.terms import PartKind
from keylint.detect.secret_parts import find_missing_parts
from keylint.rules.types import GenericRule, Rule

KIND_WORDS: dict[PartKind, str] = {
    'api-key': 'API key',
    'secret': 'secret',
    'passphrase': 'passphrase',
    'private-key': 'private key',
    'mnemonic': 'recovery phrase',
    'token': 'token',
    'url': 'URL with key',
    'password': 'password',
}


def claim_completeness(kinds: Collection[PartKind], rule: Rule | GenericRule) -> Claim:
    """Claim by the parts that the issuer's rule asks for; of other values nothing is known."""
    if isinstance(rule, GenericRule):
        return UNKNOWN_COMPLETENESS
    missing = find_missing_parts(set(kinds), rule)
    value = 'incomplete' if missing else 'complete'
    return Claim('completeness', value, 'proven', Proof('parts', describe_parts(kinds, missing)))


def describe_parts(kinds: Iterable[PartKind], missing: Collection[PartKind]) -> str:
    """Describe what was found and what was not: `API key; the secret was not found here`."""
    words = [KIND_WORDS[kind] for kind in dict.fromkeys(kinds)]
    if not missing:
        return f'complete: {", ".join(words)}'
    found = _join_words(words)
    lacks = _join_words([f'the {KIND_WORDS[kind]}' for kind in missing])
    only = 'only the ' if len(words) == 1 else ''
    return f'{only}{found}; {lacks} {"was" if len(missing) == 1 else "were"} not found here'


def _join_words(words: list[str]) -> str:
    return ' and '.join((', '.join(words[:-1]), words[-1])) if len(words) > 1 else words[0]
