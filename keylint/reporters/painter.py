"""Colour the texts of reports for terminals, and keep others from steering them."""

from __future__ import annotations

from keylint.core.lazy_re import re

# Commands to agents of CI systems that read logs: those of Azure, older GitHub runners and
# TeamCity anywhere in a line, those of GitHub at the start of a word.
_COMMANDS = r'##(?=\w*\[)|(?<!\S)::(?=\w)'
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


def strip_controls(text: str) -> str:
    """Return a text without control characters and starts of commands."""
    shown = ''.join(char if char.isprintable() else '\ufffd' for char in text)
    if '##' in shown or '::' in shown:
        return re.sub(_COMMANDS, lambda match: f'{match[0][0]}\ufffd', shown)
    return shown
