"""Decide between pieces of evidence for an environment that are equally near."""

from __future__ import annotations

from keylint.core.claims import UNKNOWN_ENVIRONMENT, Claim, Proof
from keylint.detect.environment_marks import Evidence, IssuerMarks


def decide(told: list[Evidence]) -> Claim | None:
    """Decide between pieces of evidence at the same distance; None where there are none."""
    if not told:
        return None
    if any(one.environment == 'unknown' for one in told):
        return UNKNOWN_ENVIRONMENT
    tests = [one for one in told if one.environment != 'live']
    live = [one for one in told if one.environment == 'live']
    proven = [one for one in tests if not one.is_guess]
    if len({one.environment for one in proven or tests}) > 1:
        return UNKNOWN_ENVIRONMENT
    if proven:
        return UNKNOWN_ENVIRONMENT if _contradict(proven, live) else _claim(proven[0], 'proven')
    if tests:
        return UNKNOWN_ENVIRONMENT if live else _claim(tests[0], 'likely')
    sure = [one for one in live if not one.is_guess and one.kind != 'host']
    return _claim(sure[0], 'proven') if sure else _claim(live[0], 'likely')


def _contradict(tests: list[Evidence], live: list[Evidence]) -> bool:
    """Tell whether something says live in the same way as something else says test.

    The live host beside a switch is only where the SDK starts from.
    """
    if not live:
        return False
    names = {one.text.rsplit(' ', 1)[0] for one in tests if one.kind == 'setting'}
    kinds = {one.kind for one in tests}
    for one in live:
        if one.kind == 'setting':
            if one.text.rsplit(' ', 1)[0] in names or 'setting' not in kinds:
                return True
        elif one.kind != 'host' or kinds == {'host'}:
            return True
    return False


def _claim(one: Evidence, certainty: str) -> Claim:
    proof = Proof(one.kind, one.text, one.start)
    if certainty == 'proven':
        return Claim('environment', one.environment, 'proven', proof)
    return Claim('environment', one.environment, 'likely', proof)


def cap_claim(claim: Claim, marks: IssuerMarks) -> Claim:
    """Make a guess of a proof where the issuer's test keys open the live system too."""
    if claim.is_proven and claim.value in marks.same_keys:
        return claim._replace(certainty='likely')
    return claim
