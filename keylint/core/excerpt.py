"""A line of a file as a report may show it.

Annotations are evaluated, as in `keylint.core.model`.
"""

from keylint.core.records import NamedTuple


class ExcerptLine(NamedTuple):
    """A line as it may be shown: its number, or the label of a member's line, and its text.

    `caret` is the character of the text that the finding points at, `width` how many it covers; -1
    if the line is not that of the finding, or if masking hid the position of the character.
    """

    label: str
    text: str
    caret: int = -1
    width: int = 1

    def __str__(self) -> str:
        """Return the text after its label: `3: key = '…'`."""
        return f'{self.label}: {self.text}'
