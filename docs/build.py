"""Writes what is generated in this folder.

A page for every rule, their index, the page of languages, the JSON Schemas, and the pictures of
terminals.

With `--check` it compares them with what is committed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from dossier_schemas import dossier_schemas
from install import state_pages
from languages import languages
from schemas import schemas
from terminal import pictures

from keylint.reporters.rule_page import (
    format_policy_title,
    render_generic_page,
    render_issuer_page,
    render_policy_page,
)
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.file_types import PolicyTable
from keylint.rules.files import read_dossiers, read_examples, read_policy_examples, read_shared
from keylint.rules.listing import find_builtin_rules
from keylint.validators.checksums import CHECKS

DOCS = Path(__file__).resolve().parent
# Pictures that a benchmark draws.
MEASURED = ('history.svg',)
# A schema that is written by hand.
WRITTEN = ('report.schema.json',)
# Headings of the index, which are also the groups of the site's navigation (navigation.py), and the
# kinds of dossiers below them.
GROUPS = {
    'Exchanges': ('exchange',),
    'Brokers and bot platforms': ('bot-platform', 'broker'),
    'Wallets': ('wallet',),
    'Private keys': ('private-key',),
    'Services': (
        'ai',
        'application',
        'cloud',
        'data',
        'database',
        'messaging',
        'package-registry',
        'payment',
        'rpc',
        'vcs',
        'web-client',
    ),
    'Without an issuer': ('generic',),
}


def pages() -> dict[str, str]:
    """File name and text of every page."""
    shared = read_shared()
    kinds, policies = shared['kinds'], shared['policies']
    dossiers = read_dossiers((find_builtin_rules(),), frozenset(CHECKS))
    examples, of_policies = read_examples((find_builtin_rules(),)), read_policy_examples(policies)
    made = {
        f'rules/{dossier["id"]}-credential.md': render_issuer_page(
            dossier, examples[dossier['id']], kinds[dossier['kind']]
        )
        for dossier in dossiers
    }
    made |= {f'rules/{rule}.md': render_generic_page(rule) for rule in GENERIC_RULES}
    made |= {
        f'rules/{policy["id"]}.md': render_policy_page(
            policy, of_policies[policy['id']], policies['thresholds']
        )
        for policy in policies['policies']
    }
    rows: list[tuple[str, str, str]] = [
        (f'{dossier["id"]}-credential', dossier['kind'], dossier['name']) for dossier in dossiers
    ]
    rows += [(rule, 'generic', table.title) for rule, table in GENERIC_RULES.items()]
    made['rules/index.md'] = _index(rows, policies['policies'])
    made |= languages(shared['libraries'])
    return made | schemas() | dossier_schemas() | pictures()


def _index(leaks: list[tuple[str, str, str]], policies: list[PolicyTable]) -> str:
    """Policies on keys, then credentials by kind.

    The last cell of a row is the name that the navigation shows.
    """
    judged = [
        (
            policy['id'],
            ', '.join(dict.fromkeys(policy['severity'].values())),
            format_policy_title(policy['title']),
        )
        for policy in policies
    ]
    head = (
        f'# Rules\n\n{len(leaks) + len(judged)} rules: what keys may do and from where, '
        'then leaked credentials by their issuers.\n\n'
        '## Policies on keys\n\n| rule | severity | what is wrong |\n|---|---|---|\n'
        f'{_rows(judged)}\n'
    )
    groups = {
        heading: [row for row in leaks if row[1] in kinds] for heading, kinds in GROUPS.items()
    }
    if left := {kind for _, kind, _ in leaks} - {
        kind for kinds in GROUPS.values() for kind in kinds
    }:
        raise SystemExit(f'docs/build.py: GROUPS has no place for {", ".join(sorted(left))}')
    tables = [
        f'\n## {heading}\n\n| rule | kind | issuer |\n|---|---|---|\n{_rows(_by_name(rows))}\n'
        for heading, rows in groups.items()
        if rows
    ]
    return head + ''.join(tables)


def _by_name(rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return sorted(rows, key=lambda row: (row[2].casefold(), row[0]))


def _rows(rows: list[tuple[str, str, str]]) -> str:
    """Return the rows of a table, the rule's id linked to its page."""
    return '\n'.join(
        f'| [{rule}]({rule}.md) | {second} | {third} |' for rule, second, third in rows
    )


def main() -> int:
    """0, or 1 when `--check` finds a page that differs."""
    made = pages()
    if sys.argv[1:] == ['--check']:
        drawn = (path for path in DOCS.glob('*.svg') if path.name not in MEASURED)
        generated = (path for path in DOCS.glob('*.schema.json') if path.name not in WRITTEN)
        files = [*DOCS.glob('rules/*.md'), DOCS / 'languages.md', *drawn, *generated]
        committed = {
            path.relative_to(DOCS).as_posix(): path.read_text(encoding='utf-8')
            for path in files
            if path.is_file()
        }
        stated = state_pages()
        committed |= {name: (DOCS / name).read_text(encoding='utf-8') for name in stated}
        made = stated | made
        differing = sorted(
            name for name in made.keys() | committed.keys() if made.get(name) != committed.get(name)
        )
        for name in differing:
            print(f'docs/{name} is not what docs/build.py writes', file=sys.stderr)
        return int(bool(differing))
    (DOCS / 'rules').mkdir(exist_ok=True)
    for name, text in (state_pages() | made).items():
        (DOCS / name).write_text(text, encoding='utf-8', newline='\n')
    return 0


if __name__ == '__main__':
    sys.exit(main())
