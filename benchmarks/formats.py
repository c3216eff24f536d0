"""Measure values by the true format of every vendor and wallet: each named right, no near miss.

    python benchmarks/formats.py [--only ID] [--count 200] [--write docs/recognition.md]

For each part that a rule knows, values are drawn by its format. Each stands as the only line of an
`.env` under the vendor's word, and in the code and settings of the rule's own examples. A near miss
is such a value with one character too many or too few, one that the format does not have, or a
wrong checksum; it stands alone below the vendor's word, where only its form could name it.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.names import VARIABLE_ENDINGS
from keylint.pipeline.blob import scan_blob
from keylint.rules.file_types import CredentialTable, Dossier
from keylint.rules.files import Examples, read_dossiers, read_examples
from keylint.rules.listing import find_builtin_rules
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand_recipes
from keylint.validators.checksums import CHECKS

_RECIPE = re.compile(r'(?<!\{)\{[a-zA-Z][a-zA-Z0-9-]*(?::[^{}]*)?\}(?!\})')
_TRIES = 40
_MIN_NAMED, _MAX_NEAR = 0.98, 0.005
_OTHERS = 'ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ0189+/=_-.~!'


class Row(NamedTuple):
    """What was seen of one rule: values in an `.env`, in its examples, near misses; named each."""

    rule: str
    kind: str
    lines: int
    lines_named: int
    texts: int
    texts_named: int
    near: int
    near_named: int

    @property
    def named(self) -> float:
        """The share of values that are named right, in the worse of the two places."""
        return min(
            self.lines_named / max(self.lines, 1) if self.lines else 1.0,
            self.texts_named / max(self.texts, 1) if self.texts else 1.0,
        )

    @property
    def missed(self) -> float:
        """The share of near misses that are named all the same."""
        return self.near_named / max(self.near, 1)


@cache
def load_once() -> Rules:
    """Load the rules once for each process."""
    return load_rules()


def list_findings(name: str, text: str) -> set[str]:
    """List the rules of the findings of a text, weak ones too."""
    config = Config(severity='info', confidence='low')
    result = scan_blob(Blob(text.encode(), Origin(name)), load_once(), config)
    return {finding.rule for finding in result.findings}


def fits_entry(entry: CredentialTable, value: str) -> bool:
    """Tell whether a value has the shape of a part, and its checksum."""
    check = CHECKS[entry['check']] if entry.get('check') else None
    data = value.encode()
    shape = entry['shape'].encode()
    return re.fullmatch(shape, data) is not None and (check is None or check(data))


def find_recipe(entry: CredentialTable, texts: list[str]) -> str | None:
    """Find the recipe of the rule's examples that makes values of a part."""
    recipes: dict[str, None] = dict.fromkeys(
        before + recipe
        for text in texts
        for recipe in _RECIPE.findall(text)
        for before in ('', _read_prefix(text, recipe))
    )
    for recipe in recipes:
        if ':' in recipe and recipe.startswith('{again'):
            continue
        if all(fits_entry(entry, expand_recipes(recipe, f'probe/{n}')) for n in range(8)):
            return recipe
    return None


def _read_prefix(text: str, recipe: str) -> str:
    """Read what is written right before a recipe: the prefix of a token."""
    before = text[: text.index(recipe)]
    found = re.search(r'[A-Za-z0-9_.\-]*\Z', before)
    return found.group() if found else ''


def make_near_miss(entries: list[CredentialTable], value: str, rng: random.Random) -> str | None:
    """Change a value so that it has the form of none of a rule's parts any more.

    None where what is left holds the secret all the same: the body of a PEM block, a key store.
    """
    if '-----' in value or value.startswith('{'):
        return None
    for _ in range(_TRIES):
        changed = _swap_words(value, rng) if value.count(' ') > 1 else _change(value, rng)
        is_free = all(re.search(entry['shape'], changed) is None for entry in entries)
        is_checked = all('check' in entry for entry in entries)
        is_wrong = is_checked and not any(fits_entry(entry, changed) for entry in entries)
        if changed != value and (is_free or (is_wrong and len(changed) == len(value))):
            return changed
    return None


def _change(value: str, rng: random.Random) -> str:
    place = rng.randrange(len(value))
    return rng.choice(
        (
            value[:-1],
            value + rng.choice(value),
            value[:place] + rng.choice(_OTHERS) + value[place + 1 :],
            value[1:],
        )
    )


def _swap_words(phrase: str, rng: random.Random) -> str:
    words = phrase.split(' ')
    one, other = rng.sample(range(len(words)), 2)
    words[one], words[other] = words[other], words[one]
    return ' '.join(words)


def spell_variable(dossier: Dossier, entry: CredentialTable) -> str:
    """Spell the variable in which a part stands, with the vendor's word: `BINANCE_API_KEY`."""
    title = re.sub('[^A-Z0-9]+', '_', dossier['name'].split(' (')[0].upper()).strip('_')
    word = next((alias.upper() for alias in dossier['aliases'] if alias.isalnum()), title)
    own = [
        name
        for name in entry.get('names', [])
        if name.isupper() and '[' not in name and word in name.replace('_', '')
    ]
    return own[0] if own else f'{word}_{VARIABLE_ENDINGS[entry["role"]]}'


def list_access_parts(dossier: Dossier) -> list[CredentialTable]:
    """List the parts that give access by themselves: no key whose secret stands elsewhere.

    Those that only their place in a file tells stand in the examples.
    """
    entries = [
        entry
        for entry in dossier['credentials']
        if entry['role'] not in ('passphrase', 'password') and 'within' not in entry
    ]
    secrets = [entry for entry in entries if entry['role'] != 'api-key']
    return secrets or entries


def measure_rule(number: int, count: int) -> Row:
    """Measure one rule."""
    dossier = _read_rules()[number]
    rule = f'{dossier["id"]}-credential'
    examples = _read_own_examples()[dossier['id']].kinds['loud']
    texts = [(example['file'], example['text']) for example in examples]
    recipes = [
        (entry, recipe)
        for entry in list_access_parts(dossier)
        if (recipe := find_recipe(entry, [text for _, text in texts]))
    ]
    lines, near = _measure_values(dossier, recipes, count)
    code = [
        rule in list_findings(name, expand_recipes(text, f'{rule}/{index}'))
        for index in range(count)
        for name, text in [texts[index % len(texts)]]
    ]
    sums = [part for row in (lines, code, near) for part in (len(row), sum(row))]
    return Row(dossier['id'], dossier['kind'], *sums)


def _measure_values(
    dossier: Dossier, recipes: list[tuple[CredentialTable, str]], count: int
) -> tuple[list[bool], list[bool]]:
    """Tell for each value, and for each near miss, whether the rule names it."""
    rule = f'{dossier["id"]}-credential'
    rng = random.Random(dossier['id'])
    lines, near = [], []
    for index in range(count if recipes else 0):
        entry, recipe = recipes[index % len(recipes)]
        value = expand_recipes(recipe, f'{rule}/{index}')
        line = f'{spell_variable(dossier, entry)}={value}\n'
        lines.append(rule in list_findings('.env', line))
        changed = make_near_miss(dossier['credentials'], value, rng)
        if changed is not None:
            text = f'{dossier["name"].upper()}\n\n{changed}\n'
            near.append(rule in list_findings('notes.txt', text))
    return lines, near


@cache
def _read_rules() -> list[Dossier]:
    return list(read_dossiers((find_builtin_rules(),), frozenset(CHECKS)))


@cache
def _read_own_examples() -> dict[str, Examples]:
    return read_examples((find_builtin_rules(),))


def measure_all(only: str, count: int, jobs: int) -> list[Row]:
    """Measure every rule whose id holds a word."""
    numbers = [n for n, dossier in enumerate(_read_rules()) if only in dossier['id']]
    with ProcessPoolExecutor(jobs) as pool:
        return list(pool.map(partial(measure_rule, count=count), numbers))


def write_table(rows: list[Row], count: int) -> Iterator[str]:
    """Yield the lines of the page."""
    yield f'| rule | named in `.env` (of {count}) | in code and settings | near misses named |'
    yield '| --- | ---: | ---: | ---: |'
    for row in sorted(rows, key=lambda row: (row.named, -row.missed, row.rule)):
        lines = f'{row.lines_named / row.lines:.1%}' if row.lines else 'has no line of its own'
        yield (f'| {row.rule} | {lines} | {row.texts_named / row.texts:.1%} | {row.missed:.1%} |')


def main() -> int:
    """Print the rows that fall short, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--only', default='', help='rules whose id holds this')
    parser.add_argument('--count', type=int, default=200, help='values for each rule and place')
    parser.add_argument('--jobs', type=int, default=1)
    parser.add_argument('--write', metavar='PAGE', help='the page to write')
    wanted = parser.parse_args()
    rows = measure_all(wanted.only, wanted.count, wanted.jobs)
    short = [row for row in rows if row.named < _MIN_NAMED or row.missed > _MAX_NEAR]
    for row in short:
        print(row)
    print(f'{len(rows)} rules, {len(short)} fall short')
    if wanted.write:
        text = Path(wanted.write).read_text().split('<!-- table -->')[0]
        table = '\n'.join(write_table(rows, wanted.count))
        Path(wanted.write).write_text(f'{text}<!-- table -->\n\n{table}\n')
    return 1 if short else 0


if __name__ == '__main__':
    sys.exit(main())
