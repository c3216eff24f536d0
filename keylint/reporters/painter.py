"""Colour the texts of reports for terminals."""

from __future__ import annotations

# The parameters of the SGR sequence for each severity.
SEVERITY_COLOURS = {
    'critical': '1;37;41',
    'high': '1;31',
    'medium': '1;33',
    'low': '36',
    'info': '2',
}


class Painter:
    """Put text into the colours of a terminal, or leave it plain."""

    def __init__(self, is_coloured: bool) -> None:
        self.is_coloured = is_coloured

    def __call__(self, style: str, text: str) -> str:
        """Return the text in a style, which is the parameters of an SGR sequence: `1;31`."""
        return f'\x1b[{style}m{text}\x1b[0m' if self.is_coloured else text
