"""The rules without an issuer: a value with a secret's name, a password, a token of a plugin."""

from __future__ import annotations

from keylint.rules.types import CredentialSeverity, GenericRule

_SECRET_SEVERITY = CredentialSeverity('high', 'high', 'low')

GENERIC_RULES: dict[str, GenericRule] = {
    'generic-credential': GenericRule(
        title='credential of an unknown issuer',
        why=(
            'Anyone who reads this file can use this random-looking value: '
            'its name promises a secret.'
        ),
        do=(
            'Find out which service issued it, and revoke it there first',
            'Create a new one with the least permissions that the bot needs and a list of allowed '
            'IP addresses',
            'Keep it outside the repository: an environment variable or a secret manager',
        ),
        severity=_SECRET_SEVERITY,
    ),
    'generic-password': GenericRule(
        title='password in clear text',
        why='Anyone who reads this file can use the password.',
        do=(
            'Change the password where it is used',
            'Keep the new one in an environment variable or a secret manager',
        ),
        severity=CredentialSeverity('medium', 'medium', 'low'),
    ),
    'vendor-token': GenericRule(
        title='token known to detect-secrets',
        why=(
            'Anyone who reads this file can use it: '
            'the value has the shape of a vendor token that detect-secrets knows.'
        ),
        do=(
            'Revoke the token at its vendor',
            'Keep the new one in an environment variable or a secret manager',
        ),
        severity=_SECRET_SEVERITY,
    ),
    'committed-dependencies': GenericRule(
        title='dependencies are committed',
        why=(
            'Packages that others wrote are in the repository, with credentials in them. '
            'Most are samples and test keys of their authors, which open nothing of yours; '
            'anything you put there yourself counts as leaked.'
        ),
        do=(
            'Remove the folder from the repository and add it to .gitignore: '
            'the lock file brings the packages back',
            'See what was found inside: run keylint scan on the folder',
        ),
        severity=CredentialSeverity('low', 'low', 'low'),
    ),
}
