"""The patterns of detect-secrets for vendors without a dossier, in the dialect of the matcher.

The package itself (0.25 s) is imported only to compile the rules, and when such a pattern matches.
"""

from __future__ import annotations

import importlib
import re
import socket
from collections.abc import Iterable
from typing import Protocol, cast

# Plugin modules for vendors without a dossier. The others are covered by dossiers, or look for
# entropy and keywords.
PLUGINS: dict[str, str] = {
    'artifactory': 'ArtifactoryDetector',
    'cloudant': 'CloudantDetector',
    'ibm_cloud_iam': 'IbmCloudIamDetector',
    'ibm_cos_hmac': 'IbmCosHmacDetector',
    'mailchimp': 'MailchimpDetector',
    'softlayer': 'SoftlayerDetector',
    'square_oauth': 'SquareOAuthDetector',
}


class Plugin(Protocol):
    """What is used of a plugin of detect-secrets."""

    denylist: Iterable[re.Pattern[str]]

    def analyze_string(self, string: str) -> Iterable[str]:
        """Yield the secrets in a line of text."""


def load_plugin(module: str) -> Plugin:
    """Return an instance of a plugin.

    detect-secrets imports an HTTP library that tries out a local socket; that is kept from it.
    """
    has_ipv6, socket.has_ipv6 = socket.has_ipv6, False
    try:
        plugins = importlib.import_module(f'detect_secrets.plugins.{module}')
        return cast('Plugin', getattr(plugins, PLUGINS[module])())
    finally:
        socket.has_ipv6 = has_ipv6


def list_plugin_patterns() -> list[tuple[str, bytes]]:
    """List pairs of plugin module and pattern of the matcher.

    Look-around, which Hyperscan cannot do, is cut out: the pattern matches more than the plugin.
    """
    found: list[tuple[str, bytes]] = []
    for module in PLUGINS:
        for pattern in load_plugin(module).denylist:
            text = re.sub(r'\(\?<?[!=][^()]*\)', '', pattern.pattern)
            prefix = '(?i)' if pattern.flags & re.IGNORECASE and not text.startswith('(?i)') else ''
            found.append((module, (prefix + text).encode()))
    return found
