"""The rules that belong to no issuer: a secret-named value, a password, a token of a plugin."""

from __future__ import annotations

from keylint.rules.types import CredentialSeverity, GenericRule

_SECRET_SEVERITY = CredentialSeverity('high', 'high', 'low')

GENERIC_RULES: dict[str, GenericRule] = {
    'generic-credential': GenericRule(
        title='credential of an unknown issuer',
        why=(
            'A random-looking value stands under a name that promises a secret. '
            'Whoever reads this file can use it.'
        ),
        do=(
            'Find out whose key it is and revoke it there first',
            'Create a new one with the least permissions that the bot needs and a list of allowed '
            'IP addresses',
            'Keep it outside the repository: an environment variable or a secret manager',
        ),
        severity=_SECRET_SEVERITY,
    ),
    'generic-password': GenericRule(
        title='password in clear text',
        why='A password stands in the file in clear text. Whoever reads this file can use it.',
        do=(
            'Change the password where it is used',
            'Keep the new one in an environment variable or a secret manager',
        ),
        severity=CredentialSeverity('medium', 'medium', 'low'),
    ),
    'vendor-token': GenericRule(
        title='token known to detect-secrets',
        why=(
            'The value has the shape of a token of a vendor that detect-secrets knows. '
            'Whoever reads this file can use it.'
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
            'Files of packages that others wrote are in the repository, and keylint finds '
            'something in them. Most of it is samples and test keys of their authors, which '
            'open nothing of yours; what you put there yourself counts as leaked.'
        ),
        do=(
            'Take the folder out of the repository and name it in .gitignore: '
            'what a lock file names is installed again',
            'Look at what was found inside: keylint scan with the path of the folder lists it',
        ),
        severity=CredentialSeverity('low', 'low', 'low'),
    ),
}
