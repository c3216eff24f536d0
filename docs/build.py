"""Writes what is generated in this folder: a page for every rule, their index, and the pictures of terminals.

With `--check` it compares them with what is committed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from terminal import pictures

from keylint.rulepack.files import read_dossiers, read_shared
from keylint.rulepack.generic import GENERIC_RULES
from keylint.rulepack.listing import built_in
from keylint.rulepack.page import dossier_page, generic_page
from keylint.validators.checksums import CHECKS

DOCS = Path(__file__).resolve().parent


def pages() -> dict[str, str]:
    """File name and text of every page."""
    kinds = read_shared()['kinds']
    dossiers = read_dossiers((built_in(),), frozenset(CHECKS))
    made = {f'rules/{dossier["id"]}-credential.md': dossier_page(dossier, kinds[dossier['kind']]) for dossier in dossiers}
    made |= {f'rules/{rule}.md': generic_page(rule) for rule in GENERIC_RULES}
    rows = [(dossier['kind'], f'{dossier["id"]}-credential', dossier['name']) for dossier in dossiers]
    rows += [('generic', rule, table['title']) for rule, table in GENERIC_RULES.items()]
    table = '\n'.join(f'| {kind} | [{rule}]({rule}.md) | {name} |' for kind, rule, name in sorted(rows))
    made['rules/index.md'] = f'# Rules\n\n{len(rows)} rules.\n\n| kind | rule | issuer |\n|---|---|---|\n{table}\n'
    return made | pictures()


def main() -> int:
    """0, or 1 when `--check` finds a page that differs."""
    made = pages()
    if sys.argv[1:] == ['--check']:
        files = [*DOCS.glob('rules/*.md'), *DOCS.glob('*.svg')]
        committed = {path.relative_to(DOCS).as_posix(): path.read_text(encoding='utf-8') for path in files}
        differing = sorted(name for name in made.keys() | committed.keys() if made.get(name) != committed.get(name))
        for name in differing:
            print(f'docs/{name} is not what docs/build.py writes', file=sys.stderr)
        return int(bool(differing))
    (DOCS / 'rules').mkdir(exist_ok=True)
    for name, text in made.items():
        (DOCS / name).write_text(text, encoding='utf-8', newline='\n')
    return 0


if __name__ == '__main__':
    sys.exit(main())
