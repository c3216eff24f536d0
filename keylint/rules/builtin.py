"""The two rules that belong to no issuer: a secret-named random value, and a password."""

from __future__ import annotations

from typing import Any

GENERIC_RULES: dict[str, dict[str, Any]] = {
    'generic-credential': {
        'title': 'credential of an unknown issuer',
        'why': 'A random-looking value stands under a name that promises a secret. Whoever reads this file can use it.',
        'do': [
            'Find out whose key it is and revoke it there first',
            'Create a new one with the least permissions that the bot needs and a list of allowed IP addresses',
            'Keep it outside the repository: an environment variable or a secret manager',
        ],
        'severity': {'complete': 'high', 'secret': 'high', 'key': 'low'},
    },
    'generic-password': {
        'title': 'password in clear text',
        'why': 'A password stands in the file in clear text. Whoever reads this file can use it.',
        'do': [
            'Change the password where it is used',
            'Keep the new one in an environment variable or a secret manager',
        ],
        'severity': {'complete': 'medium', 'secret': 'medium', 'key': 'low'},
    },
    'vendor-token': {
        'title': 'token known to detect-secrets',
        'why': 'The value has the shape of a token of a vendor that detect-secrets knows. Whoever reads this file can use it.',
        'do': [
            'Revoke the token at its vendor',
            'Keep the new one in an environment variable or a secret manager',
        ],
        'severity': {'complete': 'high', 'secret': 'high', 'key': 'low'},
    },
}
