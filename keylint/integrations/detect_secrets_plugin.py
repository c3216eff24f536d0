"""A plugin for detect-secrets 1.5: keylint's dossiers among its detectors, `detect-secrets scan -p detect_secrets_plugin.py`.

detect-secrets shows a plugin one line at a time. The whole file is read here, once, so that keys find their secrets and issuers.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.plugins.base import BasePlugin

SECRET_TYPE = 'Exchange or wallet credential (keylint)'  # noqa: S105 - the name of a kind of finding


class KeylintDetector(BasePlugin):
    """Every part of every credential that keylint finds."""

    secret_type = SECRET_TYPE

    def __init__(self, confidence: str = 'medium') -> None:
        self.confidence = confidence
        self._name = ''
        self._found: dict[int, list[str]] | None = None

    def analyze_line(
        self, filename: str, line: str, line_number: int = 0, context: Any = None, **kwargs: Any
    ) -> set[PotentialSecret]:
        """What the file holds on this line; where there is no such file, what the line itself holds."""
        if filename != self._name:
            self._name, self._found = filename, self._of_file(filename)
        if self._found is None:
            values = list(self.analyze_string(line))
        else:  # another line than the file's own is one that detect-secrets has rewritten
            values = [
                value
                for value in self._found.get(line_number, ())
                if value.split('\n', 1)[0].strip() in line
            ]
        return {PotentialSecret(self.secret_type, filename, value, line_number) for value in values}

    def analyze_string(self, string: str) -> Generator[str, None, None]:
        """The values in a text without a file."""
        for values in self._of_text('stdin', string.encode('utf-8', 'surrogateescape')).values():
            yield from values

    def json(self) -> dict[str, Any]:
        """How detect-secrets writes the plugin into its baseline."""
        return {**super().json(), 'confidence': self.confidence}

    def _of_file(self, filename: str) -> dict[int, list[str]] | None:
        try:
            with open(filename, 'rb') as file:
                return self._of_text(filename, file.read())
        except OSError:
            return None

    def _of_text(self, path: str, data: bytes) -> dict[int, list[str]]:
        """The values by the lines on which they begin."""
        from keylint.core.blob import Blob, Origin  # noqa: PLC0415
        from keylint.core.config import Config  # noqa: PLC0415 - detect-secrets imports its plugins for every command
        from keylint.pipeline.blob import scan_blob  # noqa: PLC0415
        from keylint.rules.load import load_rules  # noqa: PLC0415

        config = Config(confidence=self.confidence, show_secrets=True)
        found: dict[int, list[str]] = {}
        for finding in scan_blob(Blob(data, Origin(path)), load_rules(), config).findings:
            for part in finding.parts if finding.state == 'open' else ():
                found.setdefault(part.place.line, []).append(part.value or '')
        return found
