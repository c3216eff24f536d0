"""The patterns of detect-secrets for vendors without a dossier, in the dialect of the matcher.

The package is imported only to compile the rules: it brings an HTTP library, which takes longer to
import than most scans take.
"""

from __future__ import annotations

import importlib
import re
import socket
from collections.abc import Iterable
from typing import Protocol, cast

from keylint.core.records import NamedTuple

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


class PluginPattern(NamedTuple):
    """A pattern of a plugin: the plugin's module, the text and the flags of `re`."""

    module: str
    text: str
    flags: int

    def to_matcher(self) -> bytes:
        """Return the pattern of the matcher.

        Look-around, which Hyperscan cannot do, is cut out: it matches more than the plugin.
        """
        text = re.sub(r'\(\?<?[!=][^()]*\)', '', self.text)
        is_caseless = self.flags & re.IGNORECASE and not text.startswith('(?i)')
        return f'{"(?i)" if is_caseless else ""}{text}'.encode()


class _Plugin(Protocol):
    """What is used of a plugin of detect-secrets."""

    denylist: Iterable[re.Pattern[str]]


def list_plugin_patterns() -> list[PluginPattern]:
    """List the patterns of all plugins that are used."""
    return [
        PluginPattern(module, pattern.pattern, pattern.flags)
        for module in PLUGINS
        for pattern in _load_plugin(module).denylist
    ]


def _load_plugin(module: str) -> _Plugin:
    """Return an instance of a plugin.

    detect-secrets imports an HTTP library that tries out a local socket; that is kept from it.
    """
    has_ipv6, socket.has_ipv6 = socket.has_ipv6, False
    try:
        plugins = importlib.import_module(f'detect_secrets.plugins.{module}')
        return cast('_Plugin', getattr(plugins, PLUGINS[module])())
    finally:
        socket.has_ipv6 = has_ipv6
