"""Write a baseline that detect-secrets 1.5 reads.

It names the values of our own that the detectors of detect-secrets find, and our plugin for it.
Imports detect-secrets, which takes a quarter of a second.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from detect_secrets.core.baseline import format_for_output
from detect_secrets.core.plugins.initialize import from_file
from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.core.scan import scan_file
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings, transient_settings

from keylint.core.model import Finding
from keylint.core.records import NamedTuple

_OWN_DETECTOR = 'KeylintDetector'
_PLUGIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'detect_secrets_plugin.py')
# By this filter detect-secrets asks the network whether a value is alive.
_VERIFYING = 'detect_secrets.filters.common.is_ignored_due_to_verification_policies'
# The label of a value in detect-secrets, after its own audit, by the verdict of ours.
_LABELS = {'false-positive': False, 'accepted': True, 'rotated': True}
# From this length on, a longer text that holds a value is that value.
_MIN_CONTAINED_CHARS = 8


class KnownSecret(NamedTuple):
    """A finding that shows its values, its path from the top of the tree, and the verdict on it."""

    finding: Finding
    path: str
    verdict: str


def make_document(known: Iterable[KnownSecret], root: str, plugin: str) -> dict[str, object]:
    """Make the whole baseline, sorted.

    The detectors read only files that hold a known finding, and nothing is verified. Where `plugin`
    names the file of our plugin, it is among the detectors: without it, detect-secrets would drop
    what only the plugin finds.
    """
    by_path: dict[str, list[KnownSecret]] = {}
    for secret in known:
        by_path.setdefault(secret.path, []).append(secret)
    with transient_settings(_make_settings(has_plugin=bool(plugin))) as settings:
        settings.disable_filters(_VERIFYING)
        collection = SecretsCollection()
        for path, expected in sorted(by_path.items()):
            for potential in _find_known(path, root, expected):
                collection[path].add(potential)
        document = format_for_output(collection)
    detectors = [
        _describe_plugin(plugin) if row['name'] == _OWN_DETECTOR else row
        for row in document['plugins_used']
    ]
    return {**document, 'plugins_used': detectors}


def _make_settings(*, has_plugin: bool) -> dict[str, object]:
    """Return the defaults of detect-secrets without verification, perhaps with our plugin."""
    with default_settings() as settings:
        settings.disable_filters(_VERIFYING)
        used: dict[str, object] = settings.json()
        detectors: list[dict[str, object]] = settings.json()['plugins_used']
    if has_plugin:
        from_file(_PLUGIN)
        used['plugins_used'] = sorted(
            [*detectors, _describe_plugin(_PLUGIN)], key=lambda row: str(row['name']).lower()
        )
    return used


def _describe_plugin(path: str) -> dict[str, object]:
    """Return the row of our plugin as detect-secrets writes it."""
    return {'name': _OWN_DETECTOR, 'path': f'file://{path}', 'confidence': 'medium'}


def _find_known(path: str, root: str, expected: Sequence[KnownSecret]) -> Iterator[PotentialSecret]:
    """Yield what the detectors of detect-secrets find of the expected values in a file."""
    for secret in list(scan_file(os.path.join(root, path))):
        value, line = secret.secret_value or '', secret.line_number
        owner = next((one for one in expected if _overlaps(one.finding, value, line)), None)
        if owner is not None:
            label = _LABELS.get(owner.verdict)
            yield PotentialSecret(secret.type, path, value, line, label)


def _overlaps(finding: Finding, value: str, line: int) -> bool:
    """Tell whether a value is one of the finding's, holds one, or is a piece of one on its line.

    Some detectors name `ghp` alone.
    """
    return any(
        part.value
        and (
            value == part.value
            or (line == part.place.line and value in part.value)
            or (len(part.value) >= _MIN_CONTAINED_CHARS and part.value in value)
        )
        for part in finding.parts
    )
