"""detect-secrets' own patterns for vendors that have no dossier, in the dialect of the gate.

The package is imported here only while the pack is compiled (0.25 s), and in `detect.plugins` when one of these wakes.
"""

from __future__ import annotations

import re
from typing import Any

# Plugin modules whose finds have no dossier of ours; the others are covered by dossiers or are entropy and keywords.
PLUGINS: dict[str, str] = {
    'artifactory': 'ArtifactoryDetector',
    'azure_storage_key': 'AzureStorageKeyDetector',
    'cloudant': 'CloudantDetector',
    'ibm_cloud_iam': 'IbmCloudIamDetector',
    'ibm_cos_hmac': 'IbmCosHmacDetector',
    'mailchimp': 'MailchimpDetector',
    'softlayer': 'SoftlayerDetector',
    'square_oauth': 'SquareOAuthDetector',
}


def load_plugin(module: str) -> Any:
    """The class of a plugin. detect-secrets imports an HTTP library that tries out a local socket; that is kept from it."""
    import importlib  # noqa: PLC0415 - 0.25 s, only when a plugin is needed
    import socket  # noqa: PLC0415

    has_ipv6, socket.has_ipv6 = socket.has_ipv6, False
    try:
        return getattr(importlib.import_module(f'detect_secrets.plugins.{module}'), PLUGINS[module])
    finally:
        socket.has_ipv6 = has_ipv6


def list_plugin_patterns() -> list[tuple[str, bytes]]:
    """Pairs of plugin module and gate pattern. Look-around, which Hyperscan cannot do, is cut out: the gate may wake more."""
    found: list[tuple[str, bytes]] = []
    for module in PLUGINS:
        for pattern in load_plugin(module).denylist:
            text = re.sub(r'\(\?<?[!=][^()]*\)', '', pattern.pattern)
            prefix = '(?i)' if pattern.flags & re.IGNORECASE and not text.startswith('(?i)') else ''
            found.append((module, (prefix + text).encode()))
    return found
