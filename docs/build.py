"""Writes what is generated in this folder: a page for every rule, their index, the JSON Schemas, and the pictures of terminals.

With `--check` it compares them with what is committed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from schemas import schemas
from terminal import pictures

from keylint.rulepack.files import read_dossiers, read_shared
from keylint.rulepack.generic import GENERIC_RULES
from keylint.rulepack.listing import built_in
from keylint.rulepack.page import dossier_page, generic_page, policy_page, policy_title
from keylint.validators.checksums import CHECKS

DOCS = Path(__file__).resolve().parent


def pages() -> dict[str, str]:
    """File name and text of every page."""
    shared = read_shared()
    kinds, policies = shared['kinds'], shared['policies']
    dossiers = read_dossiers((built_in(),), frozenset(CHECKS))
    made = {f'rules/{dossier["id"]}-credential.md': dossier_page(dossier, kinds[dossier['kind']]) for dossier in dossiers}
    made |= {f'rules/{rule}.md': generic_page(rule) for rule in GENERIC_RULES}
    made |= {f'rules/{policy["id"]}.md': policy_page(policy, policies['thresholds']) for policy in policies['policies']}
    rows = [(dossier['kind'], f'{dossier["id"]}-credential', dossier['name']) for dossier in dossiers]
    rows += [('generic', rule, table['title']) for rule, table in GENERIC_RULES.items()]
    made['rules/index.md'] = _index(sorted(rows), policies['policies'])
    return made | schemas() | pictures()


def _index(leaks: list[tuple[str, str, str]], policies: list[dict[str, Any]]) -> str:
    """Policies on keys, then credentials."""
    judged = [(policy['id'], ', '.join(dict.fromkeys(policy['severity'].values())), policy_title(policy)) for policy in policies]
    return (
        f'# Rules\n\n{len(leaks) + len(judged)} rules.\n\n## What a key may do and from where\n\n'
        f'| rule | severity | what is wrong |\n|---|---|---|\n{_rows(judged, 0)}\n\n'
        f'## Leaked credentials\n\n| kind | rule | issuer |\n|---|---|---|\n{_rows(leaks, 1)}\n'
    )


def _rows(rows: list[tuple[str, str, str]], linked: int) -> str:
    """The rows of a table, the cell that holds a rule's id linked to its page."""
    cells = ([f'[{cell}]({cell}.md)' if number == linked else cell for number, cell in enumerate(row)] for row in rows)
    return '\n'.join(f'| {" | ".join(row)} |' for row in cells)


def main() -> int:
    """0, or 1 when `--check` finds a page that differs."""
    made = pages()
    if sys.argv[1:] == ['--check']:
        files = [*DOCS.glob('rules/*.md'), *DOCS.glob('*.svg'), DOCS / 'keys.schema.json', DOCS / 'keylint.schema.json']
        committed = {path.relative_to(DOCS).as_posix(): path.read_text(encoding='utf-8') for path in files if path.is_file()}
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
