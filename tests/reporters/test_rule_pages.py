"""Pages of rules: one list of steps in the right order, and a word on what recipes are."""

from __future__ import annotations

import re

from keylint.reporters.rule_page import render_issuer_page
from keylint.rules.file_types import ExampleTable
from keylint.rules.files import Examples, read_dossiers, read_kinds
from keylint.rules.listing import find_builtin_rules
from keylint.validators.checksums import CHECKS


def test_every_page_has_one_list_that_revokes_before_it_cleans() -> None:
    kinds = read_kinds()
    wrong = []
    for dossier in read_dossiers((find_builtin_rules(),), frozenset(CHECKS)):
        page = render_issuer_page(dossier, Examples('', (), {}), kinds[dossier['kind']])
        section = page.partition('## What to do\n\n')[2].partition('\n\n')[0]
        steps = re.findall(r'(?m)^(\d+)\. (.*)$', section)
        numbers = [int(number) for number, _ in steps]
        texts = [text for _, text in steps]
        first = [place for place, text in enumerate(texts) if text.startswith('Revoke first')]
        late = [place for place, text in enumerate(texts) if text.startswith('Clean the history')]
        if numbers != list(range(1, len(steps) + 1)) or len(set(texts)) != len(texts):
            wrong.append((dossier['id'], 'numbers'))
        if any(first) or late not in ([], [len(steps) - 1]):
            wrong.append((dossier['id'], 'order'))
    assert wrong == []


def test_pages_say_what_a_recipe_is() -> None:
    (dossier,) = (
        one
        for one in read_dossiers((find_builtin_rules(),), frozenset(CHECKS))
        if one['id'] == 'kraken'
    )
    example: ExampleTable = {'file': 'a.env', 'text': 'KRAKEN_API_KEY={base64:56}'}
    examples = Examples('', (), {'loud': [example], 'silent': []})
    page = render_issuer_page(dossier, examples, read_kinds()['exchange'])
    assert '`{hex:32}` is 32 hex digits' in page.partition('KRAKEN_API_KEY')[0]
