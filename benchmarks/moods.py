"""Count the set-up texts that are judged right, by batch and by language.

`python benchmarks/moods.py` prints how many texts that weaken a key are reported, and how many of
the others are silent. The texts stand in `tests/declarations/setup_texts/`. `--missed` prints those
that are judged wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from keylint.declarations.relevance import find_sentences
from keylint.declarations.setup_texts import find_instructions
from keylint.readers.formats import FORMATS
from keylint.rules.load import load_rules
from tests.declarations.mood_texts import HARMLESS, MoodText, read_mood_texts


def is_right(text: MoodText) -> bool:
    """Tell whether a text in a README is reported if, and only if, it weakens a key."""
    data = f'# Set-up\n\n{text.text}\n'.encode()
    rules = load_rules()
    lines = find_sentences(data, FORMATS['md'], rules.matcher.find_matches(data))
    return any(find_instructions(data, lines, rules.pack.setup_texts)) != (text.mark == HARMLESS)


def main() -> None:
    """Print the figures, and with `--missed` the texts that are judged wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--missed', action='store_true', help='print what is judged wrong')
    shows_missed = parser.parse_args().missed
    counts: Counter[tuple[str, bool, bool]] = Counter()
    missed = []
    for text in read_mood_texts():
        right = is_right(text)
        for group in (text.batch, text.language):
            counts[group, text.mark != HARMLESS, right] += 1
        if not right:
            missed.append(text)
    print(f'{"batch or language":20} {"harm":>10} {"no harm":>10}')
    for group in sorted({group for group, *_ in counts}, key=lambda name: (len(name) < 3, name)):
        pairs = [
            [counts[group, harms, right] for right in (True, False)] for harms in (True, False)
        ]
        figures = [f'{right}/{right + wrong}' for right, wrong in pairs]
        print(f'{group:20} {figures[0]:>10} {figures[1]:>10}')
    if shows_missed:
        print(*(f'{text.language}{text.mark} {text.text!r}' for text in missed), sep='\n')


if __name__ == '__main__':
    main()
