"""Map lines to the values that keylint finds there, for the detect-secrets plugin."""

from __future__ import annotations

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import load_rules
from keylint.sources.tree_places import place_file


def find_line_values(path: str, data: bytes, confidence: str) -> dict[int, list[str]]:
    """Map the lines of a text to the values of open findings that begin there."""
    config = Config(confidence=confidence, show_secrets=True)
    origin = Origin(path, place=place_file(path))
    found: dict[int, list[str]] = {}
    for finding in scan_blob(Blob(data, origin), load_rules(), config).findings:
        if finding.state == 'open':
            for part in finding.parts:
                found.setdefault(part.place.line, []).append(part.value or '')
    return found
