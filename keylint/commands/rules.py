"""`keylint rules` and `keylint rules check [DIR]`."""

from __future__ import annotations

import sys
from argparse import Namespace

from keylint.reporters.rule_page import policy_title
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.load import load_rules


def run(arguments: Namespace) -> int:
    """0, or 1 when a rule does not keep what it promises."""
    folders = tuple(arguments.folders)
    if arguments.action == 'check':
        return _check(folders)
    pack = load_rules(folders).pack
    rows = [
        (f'{rule}-credential', table['kind'], table['name']) for rule, table in pack.rules.items()
    ]
    rows += [(rule, 'generic', table['title']) for rule, table in GENERIC_RULES.items()]
    rows += [(rule, 'policy', policy_title(policy)) for rule, policy in pack.policies.items()]
    width = max(len(row[0]) for row in rows)
    for rule, kind, name in sorted(rows):
        sys.stdout.write(f'{rule:{width}}  {kind:16}  {name}\n')
    return 0


def _check(folders: tuple[str, ...]) -> int:
    from keylint.pipeline.rules_check import check  # noqa: PLC0415 - reads every dossier's YAML

    complaints, tried = check(folders)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print(f'{tried} examples tried, {len(complaints)} complaints')
    return int(bool(complaints))
