"""Put a leaked credential into words: title, message and steps.

Those of policies are `keylint.policies.violations`.
"""

from __future__ import annotations

from keylint.core.claims import Claim, find_claim
from keylint.core.model import Credential
from keylint.core.packages import is_installed_package
from keylint.core.records import NamedTuple
from keylint.core.terms import KIND_WORDS, KINDS_WITHOUT_ISSUER
from keylint.findings.mistyped import describe_mistyped
from keylint.rules.types import GenericRule, Rule

_INSTALLED_PACKAGE = ' It is in a folder of installed packages: probably a sample of their authors.'
# The issuer's own steps come first; the general ones repeat the revoking only where there are none.
_MAX_OWN_STEPS, _LAST_GENERAL_STEP = 3, 4


class Wording(NamedTuple):
    """What a finding tells its reader; `why` is the part of the message that the rule says."""

    title: str
    message: str
    steps: tuple[str, ...]
    why: str = ''


def word_credential(
    credential: Credential, rule: Rule | GenericRule, claims: tuple[Claim, ...], location: str
) -> Wording:
    """Say what a credential is, what somebody can do with it, and what to do now."""
    message = _write_message(credential, rule, claims)
    if is_installed_package(location):
        message += _INSTALLED_PACKAGE
    title, steps = _write_title(credential, rule, claims), tuple(_list_steps(rule))
    return Wording(title, message, steps, rule.why)


def _write_title(
    credential: Credential, rule: Rule | GenericRule, claims: tuple[Claim, ...]
) -> str:
    """Name the issuer and what was found; an environment that is a guess stands in brackets."""
    if isinstance(rule, GenericRule):
        return rule.title
    issuer = find_claim(claims, 'issuer')
    name = f'likely {rule.name}' if issuer.certainty == 'likely' else rule.name
    environment = find_claim(claims, 'environment')
    if rule.kind not in (*KINDS_WITHOUT_ISSUER, 'database'):
        kinds = {hit.role for hit in credential.parts}
        what = ' and '.join(KIND_WORDS[kind] for kind in sorted(kinds))
        if len(kinds) > 1 and find_claim(claims, 'completeness').value == 'complete':
            what = 'credential'
        name = f'{name} {environment.value} {what}' if environment.is_proven else f'{name} {what}'
    elif environment.is_proven:
        name = f'{name} ({environment.value})'
    return f'{name} (likely {environment.value})' if environment.certainty == 'likely' else name


def _write_message(
    credential: Credential, rule: Rule | GenericRule, claims: tuple[Claim, ...]
) -> str:
    """Say what was found and what was not, the environment with its proof, and why it matters."""
    found = ', '.join(KIND_WORDS[hit.role] for hit in credential.parts)
    proof = find_claim(claims, 'completeness').proof
    environment = find_claim(claims, 'environment').describe()
    issuer = find_claim(claims, 'issuer')
    guess = (
        f'likely of {rule.name}: {issuer.proof.text}'
        if isinstance(rule, Rule) and issuer.proof
        else ''
    )
    sentences = [
        proof.text if proof is not None else f'found: {found}',
        guess,
        environment,
        _describe_mistyped(credential, rule),
        rule.why,
    ]
    return '. '.join(sentence[:1].upper() + sentence[1:] for sentence in sentences if sentence)


def _describe_mistyped(credential: Credential, rule: Rule | GenericRule) -> str:
    """Say what a value of nobody is but for its checksum; what is left of it is most of the key."""
    if not isinstance(rule, GenericRule):
        return ''
    texts = (describe_mistyped(part.value) for part in credential.parts)
    return next((f'it {text}: mistyped, or cut by hand' for text in texts if text), '')


def _list_steps(rule: Rule | GenericRule) -> list[str]:
    """List the steps; the address of the page where keys are managed stands behind the first."""
    own = rule.revoke
    general = list(rule.do)
    steps = [*own[:_MAX_OWN_STEPS], *general[1:_LAST_GENERAL_STEP]] if own else general
    page = rule.manage
    if page and steps and page not in steps[0]:
        steps[0] = f'{steps[0]} ({page})'
    return steps
