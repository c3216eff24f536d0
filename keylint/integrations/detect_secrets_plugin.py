"""A plugin for detect-secrets 1.5 that adds the rules of keylint to its detectors.

`detect-secrets scan -p detect_secrets_plugin.py`. detect-secrets shows a plugin one line at a time.
The whole file is read here, once, so that keys find their secrets and issuers.
"""

from __future__ import annotations

from collections.abc import Generator

from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.plugins.base import BasePlugin

SECRET_TYPE = 'Exchange or wallet credential (keylint)'  # noqa: S105 - names a kind of finding


class KeylintDetector(BasePlugin):
    """Detect every part of every credential that keylint finds."""

    secret_type = SECRET_TYPE

    def __init__(self, confidence: str = 'medium') -> None:
        self.confidence = confidence
        self._name = ''
        self._found: dict[int, list[str]] | None = None

    def analyze_line(
        self,
        filename: str,
        line: str,
        line_number: int = 0,
        context: object = None,
        **kwargs: object,
    ) -> set[PotentialSecret]:
        """Return what the file holds on this line, or the line itself where there is no such file.

        A line that is not the file's own is one that detect-secrets has rewritten.
        """
        if filename != self._name:
            self._name, self._found = filename, self._read_file(filename)
        if self._found is None:
            values = list(self.analyze_string(line))
        else:
            values = [
                value
                for value in self._found.get(line_number, ())
                if value.split('\n', 1)[0].strip() in line
            ]
        return {PotentialSecret(self.secret_type, filename, value, line_number) for value in values}

    def analyze_string(self, string: str) -> Generator[str, None, None]:
        """Yield the values in a text without a file."""
        text = string.encode('utf-8', 'surrogateescape')
        for values in self._find_values('stdin', text).values():
            yield from values

    def json(self) -> dict[str, object]:
        """Return how detect-secrets writes the plugin into its baseline."""
        return {**super().json(), 'confidence': self.confidence}

    def _read_file(self, filename: str) -> dict[int, list[str]] | None:
        """Return the values of a file by the lines on which they begin; None for no file."""
        try:
            with open(filename, 'rb') as file:
                data = file.read()
        except OSError:
            return None
        return self._find_values(filename, data)

    def _find_values(self, path: str, data: bytes) -> dict[int, list[str]]:
        # detect-secrets imports its plugins for every command
        from keylint.integrations.line_values import find_line_values  # noqa: PLC0415

        return find_line_values(path, data, self.confidence)
