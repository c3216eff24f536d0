"""The built-in dossiers, read once for all tests that look at them."""

from __future__ import annotations

from keylint.rules.files import read_dossiers, read_examples
from keylint.rules.listing import find_builtin_rules
from keylint.rules.recipes import expand_recipes
from keylint.validators.checksums import CHECKS

BUILT_IN = read_dossiers((find_builtin_rules(),), frozenset(CHECKS))
_OWN_EXAMPLES = read_examples((find_builtin_rules(),))


def examples(kind: str) -> list[tuple[str, str, bytes]]:
    """Label, name of the file and text of every example, expanded; `kind` is `loud` or `silent`."""
    return _EXAMPLES[kind]


def _expanded(kind: str) -> list[tuple[str, str, bytes]]:
    return [
        (
            label := f'{dossier["id"]}/{kind}/{number}',
            example['file'],
            expand_recipes(example['text'], label).encode(),
        )
        for dossier in BUILT_IN
        for number, example in enumerate(_OWN_EXAMPLES[dossier['id']].kinds[kind])
    ]


_EXAMPLES = {kind: _expanded(kind) for kind in ('loud', 'silent')}
