"""Measure forms of keys that were written down before the reader knew them, each with its mirrors.

    python benchmarks/held_out.py

`benchmarks/held_out_forms.txt` has one form a line: batch, file, issuer and text, between tabs. In
a text `$S` and the like are values; the letter tells the recipe. Its mirror images have a look-up,
a placeholder or nothing in the place of each value, and the values under the names of public
things. The issuer `-` means that none is named; `!` before it, that the place of the value says
what it is, so that other names change nothing.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand_recipes

TABLE = Path(__file__).parent / 'held_out_forms.txt'
RECIPES = {
    'S': '{alnum:64}',
    'K': '{alnum:56}',
    'B': '{base64:64}',
    'E': '{hex:64}',
    'H': '{hex:24}',
    'U': '{uuid}',
    'W': '{mnemonic:12}',
    'Y': '{alnum:18}',
    'Z': '{alnum:36}',
    'O': '{HEX:32}',
    'T': '{digits:10}:A{urlsafe:34}',
    'Q': '{solana}',
}
REFERENCES = (
    '${BINANCE_VALUE}',
    'your_value_here',
    '<YOUR_VALUE>',
    'xxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'os.environ["X"]',
    'changeme',
    'op://vault/item/field',
    '',
)
_VALUE = re.compile(r'\$([' + ''.join(RECIPES) + r'])(?![A-Za-z_{(])')
_ESCAPE = re.compile(r'\\([nt\\])')
# Names of parts, and of public things that take their places.
PUBLIC = (
    (
        re.compile(
            r'(?i)(?:api[ _-]?)?secret(?:[ _-]?key)?|private[ _-]?key|mnemonic|seed[ _-]?phrase'
        ),
        ('tx', 'hash'),
    ),
    (re.compile(r'(?i)(?:api[ _-]?|access[ _-]?)key|\bkey\b'), ('order', 'id')),
)


class Form(NamedTuple):
    """One way to write keys: in which batch and file, whose they are, and the text."""

    batch: str
    file: str
    issuer: str
    text: str

    @property
    def is_by_place(self) -> bool:
        """Tell whether the place of the values says what they are, whatever their names."""
        return self.issuer.startswith('!')

    def fill(self) -> tuple[str, list[str]]:
        """Return the text with values, and these."""
        values: list[str] = []

        def draw(mark: re.Match[str]) -> str:
            values.append(expand_recipes(RECIPES[mark[1]], f'{self.text}{mark.start()}'))
            return values[-1]

        return _VALUE.sub(draw, self.text), values

    def list_mirrors(self) -> Iterator[str]:
        """Yield texts of the same form that hold no secret."""
        for reference in REFERENCES:
            yield _VALUE.sub(lambda _, taken=reference: taken, self.text)  # type: ignore[misc]
        if not self.is_by_place:
            text = self.text
            for names, words in PUBLIC:
                text = names.sub(lambda name, new=words: spell_like(name[0], new), text)  # type: ignore[misc]
            yield self._replace(text=text).fill()[0]


def spell_like(name: str, words: tuple[str, ...]) -> str:
    """Spell words as a name is spelled: `apiSecret`, `API_SECRET`, `Api Secret`, `apisecret`."""
    joint = next((mark for mark in '_- ' if mark in name), '')
    if name.isupper():
        return (joint or '_').join(words).upper()
    if name[0].isupper():
        return joint.join(word.title() for word in words)
    if joint or name.islower():
        return joint.join(words)
    return words[0] + ''.join(word.title() for word in words[1:])


def read_forms() -> list[Form]:
    """Read the table; a backslash stands before n, t and itself."""
    forms = []
    for line in TABLE.read_text('utf-8').splitlines():
        if line and not line.startswith('#'):
            batch, file, issuer, text = line.split('\t', 3)
            forms.append(Form(batch, file, issuer, _ESCAPE.sub(_unescape, text)))
    return forms


def _unescape(mark: re.Match[str]) -> str:
    return {'n': '\n', 't': '\t'}.get(mark[1], mark[1])


def find_parts(file: str, text: str, rules: Rules, severity: str) -> list[tuple[str, str]]:
    """List value and issuer of every part that is found."""
    config = Config(show_secrets=True, severity=severity, confidence='low')
    result = scan_blob(Blob(text.encode(), Origin(file)), rules, config)
    return [
        (part.value or '', finding.issuer or '')
        for finding in result.findings
        for part in finding.parts
    ]


def is_found(value: str, found: list[tuple[str, str]]) -> bool:
    """Tell whether a finding holds a value, or the value without its prefix."""
    return any(value in other or other == value for other, _ in found if other)


def measure(form: Form, rules: Rules) -> Counter[str]:
    """Count the values of a form, those that are found and named, and mirrors that are reported."""
    text, values = form.fill()
    found = find_parts(form.file, text, rules, 'low')
    hits = sum(is_found(value, found) for value in values)
    issuer = form.issuer.lstrip('!-')
    named = sum(is_found(value, [one for one in found if one[1] == issuer]) for value in values)
    mirrors = list(form.list_mirrors())
    loud = sum(bool(find_parts(form.file, mirror, rules, 'medium')) for mirror in mirrors)
    return Counter(
        forms=1, values=len(values), found=hits, named=named, mirrors=len(mirrors), loud=loud
    )


def main() -> int:
    """Print the table of batches."""
    rules = load_rules()
    totals: dict[str, Counter[str]] = {}
    for form in read_forms():
        totals.setdefault(form.batch, Counter()).update(measure(form, rules))
    print('| batch | forms | values | found | issuer named | mirrors | mirrors reported |')
    print('| --- | ---: | ---: | ---: | ---: | ---: | ---: |')
    for batch, row in totals.items():
        found, named = row['found'] / row['values'], row['named'] / max(1, row['found'])
        print(
            f'| {batch} | {row["forms"]} | {row["values"]} | {found:.1%} | {named:.1%}'
            f' | {row["mirrors"]} | {row["loud"]} |'
        )
    return 0


if __name__ == '__main__':
    sys.exit(main())
