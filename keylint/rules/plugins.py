"""The patterns of detect-secrets for vendors without a dossier, in the dialect of the matcher.

Copied from detect-secrets 1.5.0 (Yelp, Apache License 2.0): importing its plugins brings an HTTP
library and takes a fifth of a second, and a wheel could not carry compiled rules if another version
of it might change them. `tests/rules/test_plugins.py` compares them with the installed package.
Patterns for vendors with a dossier are left out, and those for entropy and keywords.
"""

from __future__ import annotations

import re

from keylint.core.records import NamedTuple

_HEAD = r'(?:(?<=\W)|(?<=^))(?:\[|)(?:"|\'|)'
_JOIN = r'(?:"|\'|)(?:\]|)(?: *)(?:=|:|:=|=>| +|::)(?: *)(?:"|\'|)'
_TAIL = r'(?:"|\'|)'
_KEY = '(?:key|pwd|password|pass|token)'
_IBM = (
    '(?:ibm(?:_|-|)cloud(?:_|-|)iam|cloud(?:_|-|)iam|ibm(?:_|-|)cloud|ibm(?:_|-|)iam|ibm|iam'
    '|cloud|)(?:_|-|)(?:api|)(?:_|-|)'
)
_CLOUDANT = '(?:cloudant|cl|clou)(?:_|-|)(?:api|)(?:key|pwd|pw|password|pass|token)'
_COS = '(?:(?:ibm)?[-_]?cos[-_]?(?:hmac)?|)(?:_|-|)(?:secret[-_]?(?:access)?[-_]?key)'


def _join_assignment(name: str, value: str) -> str:
    """Join the parts of an assignment as detect-secrets does."""
    return f'{_HEAD}{name}{_JOIN}{value}{_TAIL}'


# By plugin: case-sensitive patterns, and case-insensitive ones.
_PATTERNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    'artifactory': (
        (
            r'(?:\s|=|:|"|^)AKC[a-zA-Z0-9]{10,}(?:\s|"|$)',
            r'(?:\s|=|:|"|^)AP[\dABCDEF][a-zA-Z0-9]{8,}(?:\s|"|$)',
        ),
        (),
    ),
    'cloudant': (
        (),
        (
            _join_assignment(_CLOUDANT, '([0-9a-f]{64})'),
            _join_assignment(_CLOUDANT, '([a-z]{24})'),
            r'(?:https?\:\/\/)[\w\-]+\:([0-9a-f]{64})\@[\w\-]+\.cloudant\.com',
            r'(?:https?\:\/\/)[\w\-]+\:([a-z]{24})\@[\w\-]+\.cloudant\.com',
        ),
    ),
    'ibm_cloud_iam': (
        (),
        (_join_assignment(_IBM + _KEY, r'([a-zA-Z0-9_\-]{44}(?![a-zA-Z0-9_\-]))'),),
    ),
    'ibm_cos_hmac': ((), (_join_assignment(_COS, '([a-f0-9]{48}(?![a-f0-9]))'),)),
    'mailchimp': (('[0-9a-z]{32}-us[0-9]{1,2}',), ()),
    'softlayer': (
        (),
        (
            _join_assignment(f'(?:softlayer|sl)(?:_|-|)(?:api|)(?:_|-|){_KEY}', '([a-z0-9]{64})'),
            '(?:http|https)://api.softlayer.com/soap/(?:v3|v3.1)/([a-z0-9]{64})',
        ),
    ),
    'square_oauth': ((r'sq0csp-[0-9A-Za-z\\\-_]{43}',), ()),
}


class PluginPattern(NamedTuple):
    """A pattern of a plugin: the plugin's module, the text and the flags of `re`."""

    module: str
    text: str
    flags: int

    def to_matcher(self) -> bytes:
        """Return the pattern for the matcher.

        Look-around, which Hyperscan does not support, is removed: the result matches more than the
        plugin.
        """
        text = re.sub(r'\(\?<?[!=][^()]*\)', '', self.text)
        is_caseless = self.flags & re.IGNORECASE and not text.startswith('(?i)')
        return f'{"(?i)" if is_caseless else ""}{text}'.encode()


def list_plugin_patterns() -> list[PluginPattern]:
    """List the patterns of all plugins that are used."""
    unicode, caseless = int(re.UNICODE), int(re.UNICODE | re.IGNORECASE)
    return [
        PluginPattern(module, text, flags)
        for module, (exact, loose) in _PATTERNS.items()
        for texts, flags in ((exact, unicode), (loose, caseless))
        for text in texts
    ]
