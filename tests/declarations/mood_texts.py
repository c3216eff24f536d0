"""Read the set-up texts of `setup_texts/`: one a line, with its language and what is right.

`blind-*.txt` were written before anyone looked at what the forms of their time made of them;
`seen.txt` holds those from which the forms were made.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / 'setup_texts'
# What a text does: weaken a key, weaken it without being seen today, or neither.
HARMS, OVERLOOKED, HARMLESS = '+', '~', '-'


class MoodText(NamedTuple):
    """A set-up text in `language`, which harms or does not."""

    batch: str
    language: str
    mark: str
    text: str


def read_mood_texts() -> list[MoodText]:
    """Read all texts, by batch."""
    return [
        MoodText(path.stem, line[:2], line[2], line[4:].replace('\\n', '\n'))
        for path in sorted(FOLDER.glob('*.txt'))
        for line in path.read_text(encoding='utf-8').splitlines()
        if line and not line.startswith('#')
    ]
