"""`keylint explain RULE`: the rule's page in the terminal."""

from __future__ import annotations

import sys
from argparse import Namespace

from keylint.core.config import describe_unknown
from keylint.core.errors import RuleError
from keylint.reporters.rule_page import render_generic_page, render_issuer_page, render_policy_page
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.files import (
    Examples,
    read_dossiers,
    read_examples,
    read_policy_examples,
    read_shared,
)
from keylint.rules.listing import find_builtin_rules
from keylint.scanner.configure import configure
from keylint.scanner.request import ScanRequest
from keylint.validators.checksums import CHECKS


def run(arguments: Namespace) -> int:
    """Print the page. Raises RuleError for a rule that does not exist.

    Without `--rules` the folders of the configuration count, as in a scan.
    """
    rule = arguments.rule
    generic = next((name for name in (rule, f'{rule}-credential') if name in GENERIC_RULES), None)
    if generic:
        sys.stdout.write(render_generic_page(generic))
        return 0
    shared = read_shared()
    policies = {policy['id']: policy for policy in shared['policies']['policies']}
    if rule in policies:
        examples = read_policy_examples(shared['policies'])[rule]
        page = render_policy_page(policies[rule], examples, shared['policies']['thresholds'])
        sys.stdout.write(page)
        return 0
    kinds = shared['kinds']
    own = arguments.rules or configure(ScanRequest()).rules
    folders = (find_builtin_rules(), *own)
    dossiers = {f'{d["id"]}-credential': d for d in read_dossiers(folders, frozenset(CHECKS))}
    dossier = dossiers.get(rule) or dossiers.get(f'{rule}-credential')
    if dossier is None:
        known = [*dossiers, *GENERIC_RULES, *policies]
        raise RuleError(describe_unknown(rule, known))
    examples = read_examples(folders).get(dossier['id']) or Examples('', (), {})
    sys.stdout.write(render_issuer_page(dossier, examples, kinds[dossier['kind']]))
    return 0
