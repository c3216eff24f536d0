"""Makes keylint/validators/bigrams.py.

How much likelier each pair of characters is in identifiers than in random text.

    python benchmarks/train_bigrams.py

The text is every identifier and word in the sources of this interpreter's standard library.
"""

from __future__ import annotations

import itertools
import math
import re
import sysconfig
from collections import Counter
from pathlib import Path

SYMBOLS = 'abcdefghijklmnopqrstuvwxyz0#'
TARGET = Path(__file__).parent.parent / 'keylint' / 'validators' / 'bigrams.py'
# Bounds of a value, in quarter bits. With the bias every value is one printable character.
LOWEST, HIGHEST, BIAS = -24, 24, 72
HEAD = '''\
"""How much likelier a pair of characters is in identifiers than in random text, in quarter bits.

Made by benchmarks/train_bigrams.py. Symbols: the small letters, `0` for any digit, `#` for anything
else. The row is the first character, the column the second; each byte is the value plus BIAS.
"""

SYMBOLS = {symbols!r}
BIAS = {bias}
TABLE = (
{rows}
)
'''


def symbol(char: str) -> int:
    """Return the number of a character's symbol."""
    low = char.lower()
    if 'a' <= low <= 'z':
        return ord(low) - 97
    return 26 if char.isdigit() else 27


def format_row(cells: list[int]) -> str:
    """Write the values of a row as bytes, as the formatter would."""
    return f'    {bytes(cell + BIAS for cell in cells)!r},'


def main() -> None:
    """Count, compare with random base62 text, write."""
    pairs: Counter[tuple[int, int]] = Counter()
    for path in sorted(Path(sysconfig.get_paths()['stdlib']).rglob('*.py')):
        if 'site-packages' in path.parts:
            continue
        text = path.read_text(encoding='utf-8', errors='replace')
        for word in set(re.findall(r'[A-Za-z_][A-Za-z0-9_.\-/]{3,60}', text)):
            numbers = [symbol(char) for char in word]
            pairs.update(itertools.pairwise(numbers))
    total = sum(pairs.values())
    weight = [2 / 62] * 26 + [10 / 62, 0.02]
    rows = []
    for first in range(28):
        cells = []
        for second in range(28):
            seen = (pairs[first, second] + 0.5) / total
            value = round(4 * math.log2(seen / (weight[first] * weight[second])))
            cells.append(max(LOWEST, min(HIGHEST, value)))
        rows.append(format_row(cells))
    text = HEAD.format(symbols=SYMBOLS, bias=BIAS, rows='\n'.join(rows))
    TARGET.write_text(text, encoding='utf-8')


if __name__ == '__main__':
    main()
