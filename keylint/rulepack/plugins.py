"""detect-secrets' own patterns for vendors that have no dossier, in the dialect of the gate.

The package is imported here only while the pack is compiled (0.25 s), and in `detect.plugins` when one of these wakes.
"""

from __future__ import annotations

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


def plugin_patterns() -> list[tuple[str, bytes]]:
    """Pairs of plugin module and gate pattern. Look-around, which Hyperscan cannot do, is cut out: the gate may wake more."""
    import importlib  # noqa: PLC0415 - only while the pack is compiled
    import re  # noqa: PLC0415

    found: list[tuple[str, bytes]] = []
    for module, name in PLUGINS.items():
        detector = getattr(importlib.import_module(f'detect_secrets.plugins.{module}'), name)
        for pattern in detector.denylist:
            text = re.sub(r'\(\?<?[!=][^()]*\)', '', pattern.pattern)
            prefix = '(?i)' if pattern.flags & re.IGNORECASE and not text.startswith('(?i)') else ''
            found.append((module, (prefix + text).encode()))
    return found
