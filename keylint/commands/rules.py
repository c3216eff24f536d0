"""`keylint rules`, `keylint rules check [DIR]` and `keylint rules new NAME`."""

from __future__ import annotations

import sys
from argparse import Namespace

from keylint.core.errors import ConfigError
from keylint.pipeline.rules_check import check_examples
from keylint.reporters.rule_page import format_policy_title
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.files import find_mistakes
from keylint.rules.listing import find_builtin_rules
from keylint.rules.load import load_rules
from keylint.rules.scaffold import write_dossier
from keylint.scanner.configure import configure
from keylint.scanner.request import ScanRequest
from keylint.validators.checksums import CHECKS


def run(arguments: Namespace) -> int:
    """Return 0; 1 when a rule does not keep what it promises, 2 when one cannot be read."""
    if arguments.action == 'new':
        return _write_new(arguments)
    given = [f'--{option}' for option in ('kind', 'to') if getattr(arguments, option) is not None]
    if given:
        raise ConfigError(f'{given[0]} belongs to: keylint rules new NAME')
    folders = tuple(arguments.folders)
    if arguments.action == 'check':
        return _check_rules(folders)
    pack = load_rules(folders or configure(ScanRequest()).rules).pack
    rows: list[tuple[str, str, str]] = [
        (f'{issuer}-credential', rule.kind, rule.name) for issuer, rule in pack.rules.items()
    ]
    rows += [(name, 'generic', generic.title) for name, generic in GENERIC_RULES.items()]
    rows += [
        (name, 'policy', format_policy_title(policy.title))
        for name, policy in pack.policies.items()
    ]
    width = max(len(row[0]) for row in rows)
    for name, kind, title in sorted(rows):
        sys.stdout.write(f'{name:{width}}  {kind:16}  {title}\n')
    return 0


def _check_rules(folders: tuple[str, ...]) -> int:
    mistakes = find_mistakes((find_builtin_rules(), *folders), frozenset(CHECKS))
    complaints, tried = (mistakes, 0) if mistakes else check_examples(folders)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    number = len(complaints)
    said = f'{number} complaint{"s" * (number != 1)}'
    print(f'{tried} example{"s" * (tried != 1)} tried, {said}')
    return 2 if mistakes else int(bool(complaints))


def _write_new(arguments: Namespace) -> int:
    """Write a dossier with TODOs and say what comes next."""
    if len(arguments.folders) != 1:
        raise ConfigError('keylint rules new takes one NAME, such as: keylint rules new acme')
    folder = arguments.to or 'keylint-rules'
    paths = write_dossier(arguments.folders[0], arguments.kind or 'exchange', folder)
    for path in paths:
        print(f'wrote {path}')
    print(f'Fill in every TODO, then run: keylint rules check {folder}')
    print(f'Scans use it with: --rules {folder}, or rules = ["{folder}"] in keylint.toml')
    return 0
