"""A baseline as detect-secrets 1.5 reads it: what its own detectors find of the values that ours knows, and what our plugin for it finds."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, NamedTuple

from keylint.core.model import Finding

_OWN = 'KeylintDetector'
_PLUGIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'detect_secrets_plugin.py')
# By this filter detect-secrets asks the network whether a value is alive.
_VERIFYING = 'detect_secrets.filters.common.is_ignored_due_to_verification_policies'
# What detect-secrets says of a value after its own audit.
_LABELS = {'false-positive': False, 'accepted': True, 'rotated': True}


class KnownSecret(NamedTuple):
    """A finding that shows its values, its path from the top of the tree, and the verdict on it."""

    finding: Finding
    path: str
    verdict: str


def make_document(known: Iterable[KnownSecret], root: str, plugin: str) -> dict[str, Any]:
    """The whole baseline, sorted. Only files that hold a known finding are read by the detectors, and nothing is verified.

    Where `plugin` names the file of our plugin, it is among the detectors: without it, detect-secrets would drop what only it finds.
    """
    from detect_secrets.core.baseline import format_for_output  # noqa: PLC0415 - a quarter of a second, only for this
    from detect_secrets.core.plugins.initialize import from_file  # noqa: PLC0415
    from detect_secrets.core.potential_secret import PotentialSecret  # noqa: PLC0415
    from detect_secrets.core.secrets_collection import SecretsCollection  # noqa: PLC0415
    from detect_secrets.settings import default_settings, transient_settings  # noqa: PLC0415

    by_path: dict[str, list[KnownSecret]] = {}
    for one in known:
        by_path.setdefault(one.path, []).append(one)
    with default_settings() as settings:
        settings.disable_filters(_VERIFYING)
        used: dict[str, Any] = settings.json()
    if plugin:
        from_file(_PLUGIN)
        used['plugins_used'] = sorted(
            [*used['plugins_used'], _own(f'file://{_PLUGIN}')],
            key=lambda row: str(row['name']).lower(),
        )
    with transient_settings(used) as settings:
        settings.disable_filters(_VERIFYING)
        told = SecretsCollection()
        for path, found in sorted(by_path.items()):
            for secret in _theirs(path, root):
                owner = next(
                    (
                        one
                        for one in found
                        if _overlaps(one.finding, secret.secret_value or '', secret.line_number)
                    ),
                    None,
                )
                if owner is not None:
                    told[path].add(
                        PotentialSecret(
                            secret.type,
                            path,
                            secret.secret_value,
                            secret.line_number,
                            _LABELS.get(owner.verdict),
                        )
                    )
        written: dict[str, Any] = dict(format_for_output(told))
    written['plugins_used'] = [
        _own(f'file://{plugin}') if row['name'] == _OWN else row for row in written['plugins_used']
    ]
    return written


def _own(path: str) -> dict[str, Any]:
    """Our plugin as detect-secrets writes it."""
    return {'name': _OWN, 'path': path, 'confidence': 'medium'}


def _theirs(path: str, root: str) -> list[Any]:
    """What the detectors of detect-secrets find in a file."""
    from detect_secrets.core.scan import scan_file  # noqa: PLC0415

    return list(scan_file(os.path.join(root, path)))


def _overlaps(finding: Finding, value: str, line: int) -> bool:
    """Whether a value is one of the finding's, or a piece of one on its line (some detectors name `ghp` alone), or holds one."""
    return any(
        part.value
        and (
            value == part.value
            or (line == part.place.line and value in part.value)
            or (len(part.value) >= 8 and part.value in value)
        )
        for part in finding.parts
    )
