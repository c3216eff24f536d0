"""Decide how bad a leak is and how sure it is.

The severities themselves stand in `rules/kinds.yaml` and, for what is said of keys, in
`rules/policies.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable

from keylint.core.key_model import Violation
from keylint.core.lazy_typing import assert_never
from keylint.core.model import Credential
from keylint.core.packages import is_installed_package
from keylint.core.paths import is_test, is_test_or_documentation
from keylint.core.terms import CONFIDENCES, SEVERITIES, Confidence, Environment, PartKind, Severity
from keylint.detect.secret_parts import has_whole_part, is_complete
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.types import GenericRule, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keylint.rules.policy_types import PolicyText

# Rules that do not say whose the value is: in a folder of tests such values are nearly always made
# for the test.
_PASSWORD = 'generic-password'  # noqa: S105 - a rule's name
_UNIDENTIFIED = frozenset((*GENERIC_RULES, 'pem-private-key', 'ed25519-der'))
# Parts that open a wallet by themselves.
_KEYS_OF_WALLETS: frozenset[PartKind] = frozenset(('private-key', 'mnemonic'))
# Where it is proven that no real money is behind it, a leak is one or two steps less severe; where
# that is only likely, one step.
_WITHOUT_MONEY: dict[Severity, Severity] = {'critical': 'medium', 'high': 'medium', 'medium': 'low'}
_PERHAPS_WITHOUT_MONEY: dict[Severity, Severity] = {
    'critical': 'high',
    'high': 'medium',
    'medium': 'low',
}
# What is more likely a sample is worth a look, but stops no commit.
_SAMPLE: dict[Severity, Severity] = {'critical': 'medium', 'high': 'medium'}


def credential_severity(
    credential: Credential, rule: Rule | GenericRule, location: str
) -> Severity:
    """Return the severity of a leaked credential.

    `location` is the path of its file, with the member of an archive behind it.
    """
    severity = _severity_of_parts(rule, credential)
    if credential.environment.value in ('testnet', 'paper'):
        is_proven = credential.environment.is_proven
        lowered = _WITHOUT_MONEY if is_proven else _PERHAPS_WITHOUT_MONEY
        severity = lowered.get(severity, 'low')
    if rule.status == 'closed' and not outlives_venue(part.role for part in credential.parts):
        severity = min(severity, 'low', key=SEVERITIES.index)
    if is_installed_package(location) or (
        credential.rule in _UNIDENTIFIED and is_test_or_documentation(location)
    ):
        severity = _SAMPLE.get(severity, severity)
    if credential.rule == _PASSWORD and is_test(location):
        severity = min(severity, 'low', key=SEVERITIES.index)  # of a user that a test makes up
    return severity


def _severity_of_parts(rule: Rule | GenericRule, credential: Credential) -> Severity:
    """Look up the severity of what was found.

    A complete credential, a secret, or only the key's id.
    """
    severities = rule.severity
    kinds = {part.role for part in credential.parts}
    if is_complete(kinds, rule if isinstance(rule, Rule) else None, has_whole_part(credential)):
        return severities.complete
    return severities.key if kinds <= {'api-key', 'passphrase'} else severities.secret


def outlives_venue(kinds: Iterable[PartKind]) -> bool:
    """Tell whether a part is a key of a wallet, which is as valuable when its venue has closed."""
    return not _KEYS_OF_WALLETS.isdisjoint(kinds)


def credential_confidence(credential: Credential) -> Confidence:
    """Return the confidence of the part that is surest."""
    return max((hit.confidence for hit in credential.parts), key=CONFIDENCES.index)


def violation_severity(policy: PolicyText, case: str, environment: Environment) -> Severity:
    """Return the severity that a policy gives a case, lowered on a test network."""
    severity = policy.severity.get(case, policy.severity['else'])
    return _WITHOUT_MONEY.get(severity, severity) if environment == 'testnet' else severity


def violation_confidence(violation: Violation) -> Confidence:
    """Return the confidence of a violation.

    A configuration or a sentence may be about something else than a key, and what follows from
    several files may be out of date in one of them. What a vendor's document or an inventory says
    is plain.
    """
    if violation.path or violation.declaration is None:
        return 'medium'
    match violation.declaration.source:
        case 'config':
            return 'medium'
        case 'document' | 'inventory' | 'call':
            return 'high'
        case never:
            assert_never(never)
