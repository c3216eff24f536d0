"""Writes a page for every rule and their index from the dossiers; with `--check` compares them with what is committed."""

from __future__ import annotations

import sys
from pathlib import Path

from keylint.rulepack.files import read_dossiers, read_shared
from keylint.rulepack.generic import GENERIC_RULES
from keylint.rulepack.listing import built_in
from keylint.rulepack.page import dossier_page, generic_page
from keylint.validators.checksums import CHECKS

RULES = Path(__file__).resolve().parent / 'rules'


def pages() -> dict[str, str]:
    """File name and text of every page."""
    kinds = read_shared()['kinds']
    dossiers = read_dossiers((built_in(),), frozenset(CHECKS))
    made = {f'{dossier["id"]}-credential.md': dossier_page(dossier, kinds[dossier['kind']]) for dossier in dossiers}
    made |= {f'{rule}.md': generic_page(rule) for rule in GENERIC_RULES}
    rows = [(dossier['kind'], f'{dossier["id"]}-credential', dossier['name']) for dossier in dossiers]
    rows += [('generic', rule, table['title']) for rule, table in GENERIC_RULES.items()]
    table = '\n'.join(f'| {kind} | [{rule}]({rule}.md) | {name} |' for kind, rule, name in sorted(rows))
    made['index.md'] = f'# Rules\n\n{len(rows)} rules.\n\n| kind | rule | issuer |\n|---|---|---|\n{table}\n'
    return made


def main() -> int:
    """0, or 1 when `--check` finds a page that differs."""
    made = pages()
    if sys.argv[1:] == ['--check']:
        committed = {path.name: path.read_text(encoding='utf-8') for path in RULES.glob('*.md')}
        differing = sorted(name for name in made.keys() | committed.keys() if made.get(name) != committed.get(name))
        for name in differing:
            print(f'docs/rules/{name} is not what docs/build.py writes', file=sys.stderr)
        return int(bool(differing))
    RULES.mkdir(exist_ok=True)
    for name, text in made.items():
        (RULES / name).write_text(text, encoding='utf-8', newline='\n')
    return 0


if __name__ == '__main__':
    sys.exit(main())
