"""Claim whose a credential is, and that it is complete: only where all parts of it were found."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from keylint.core.claims import UNKNOWN_COMPLETENESS, Claim, Proof
from keylint.core.model import Credential
from keylint.core.terms import KIND_WORDS, PartKind
from keylint.detect.secret_parts import find_missing_parts, has_whole_part
from keylint.rules.types import GenericRule, Rule


def claim_credential(credential: Credential, rule: Rule | GenericRule) -> tuple[Claim, ...]:
    """Claim the environment, the completeness and the issuer of a credential."""
    kinds = [part.role for part in credential.parts]
    completeness = claim_completeness(kinds, rule, has_whole_part(credential))
    return credential.environment, completeness, claim_issuer(credential, rule)


def claim_completeness(
    kinds: Collection[PartKind], rule: Rule | GenericRule, is_whole: bool = False
) -> Claim:
    """Claim by the parts that the issuer's rule asks for; of other values nothing is known."""
    if isinstance(rule, GenericRule):
        return UNKNOWN_COMPLETENESS
    missing = find_missing_parts(set(kinds), rule, is_whole)
    value = 'incomplete' if missing else 'complete'
    return Claim('completeness', value, 'proven', Proof('parts', describe_parts(kinds, missing)))


def claim_issuer(credential: Credential, rule: Rule | GenericRule) -> Claim:
    """Claim whose credential it is; where only the shapes of a pair tell, that is a guess."""
    if isinstance(rule, GenericRule):
        return Claim('issuer', 'unknown')
    if not any(part.is_guess for part in credential.parts):
        return Claim('issuer', credential.rule, 'proven')
    text = f'only keys of {rule.name} are known to have parts of these shapes'
    return Claim('issuer', credential.rule, 'likely', Proof('shape', text))


def describe_parts(kinds: Iterable[PartKind], missing: Collection[PartKind]) -> str:
    """Describe what was found and what was not: `API key; the secret was not found here`."""
    words = [KIND_WORDS[kind] for kind in dict.fromkeys(kinds)]
    found = _join_words(words)
    if not missing:
        together = 'are both' if len(words) == 2 else 'are all'
        return f'{found} {together} here' if len(words) > 1 else f'the {found} is enough by itself'
    lacks = _join_words([f'the {KIND_WORDS[kind]}' for kind in missing])
    only = 'only the ' if len(words) == 1 else ''
    return f'{only}{found}; {lacks} {"was" if len(missing) == 1 else "were"} not found here'


def _join_words(words: list[str]) -> str:
    return ' and '.join((', '.join(words[:-1]), words[-1])) if len(words) > 1 else words[0]
