"""Put a leaked credential into words: title, message and steps.

Those of policies are `keylint.policies.violations`.
"""

from __future__ import annotations

from typing import NamedTuple

from keylint.core.model import Credential
from keylint.core.paths import is_installed_package
from keylint.core.terms import PartKind
from keylint.detect.secret_parts import is_complete
from keylint.rules.types import GenericRule, Rule

_INSTALLED_PACKAGE = (
    ' It stands in a folder of installed packages: probably a sample of their authors.'
)
# The issuer's own steps come first; the general ones repeat the revoking only where there are none.
_MAX_OWN_STEPS, _LAST_GENERAL_STEP = 3, 4
_KIND_WORDS: dict[PartKind, str] = {
    'api-key': 'API key',
    'secret': 'secret',
    'passphrase': 'passphrase',
    'private-key': 'private key',
    'mnemonic': 'recovery phrase',
    'token': 'token',
    'url': 'URL with key',
    'password': 'password',
}


class Wording(NamedTuple):
    """What a finding tells its reader."""

    title: str
    message: str
    steps: tuple[str, ...]


def word_credential(credential: Credential, rule: Rule | GenericRule, location: str) -> Wording:
    """Say what a credential is, what somebody can do with it, and what to do now."""
    message = _write_message(credential, rule)
    if is_installed_package(location):
        message += _INSTALLED_PACKAGE
    return Wording(_write_title(credential, rule), message, tuple(_list_steps(rule)))


def _write_title(credential: Credential, rule: Rule | GenericRule) -> str:
    if isinstance(rule, GenericRule):
        return rule.title
    name = rule.name
    environment = '' if credential.environment == 'unknown' else credential.environment
    if rule.kind in ('wallet', 'database'):
        return f'{name} ({environment})' if environment else name
    kinds = {hit.role for hit in credential.parts}
    what = ' and '.join(_KIND_WORDS[kind] for kind in sorted(kinds))
    if len(kinds) > 1 and is_complete(set(kinds), rule):
        what = 'credential'
    return f'{name} {environment} {what}' if environment else f'{name} {what}'


def _write_message(credential: Credential, rule: Rule | GenericRule) -> str:
    found = ', '.join(_KIND_WORDS[hit.role] for hit in credential.parts)
    is_whole = is_complete(
        {hit.role for hit in credential.parts}, rule if isinstance(rule, Rule) else None
    )
    return f'{"complete: " if is_whole else "only the "}{found}. {rule.why}'


def _list_steps(rule: Rule | GenericRule) -> list[str]:
    """List the steps; the address of the page where keys are managed stands behind the first."""
    own = rule.revoke
    general = list(rule.do)
    steps = [*own[:_MAX_OWN_STEPS], *general[1:_LAST_GENERAL_STEP]] if own else general
    page = rule.manage
    if page and steps and page not in steps[0]:
        steps[0] = f'{steps[0]} ({page})'
    return steps
