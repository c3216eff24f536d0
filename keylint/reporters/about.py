"""What a report says about its rules: titles, severities and pages, read from the rule files of the rules that were broken."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.terms import SEVERITIES
from keylint.reporters.rule_page import dossier_page, generic_page, policy_page, policy_title
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.file_types import Dossier, KindTable, PolicyTable
from keylint.rules.files import Examples, read_kinds, read_policies, read_policy_examples, read_rule
from keylint.rules.listing import find_builtin_rules, list_definitions
from keylint.validators.checksums import CHECKS


class About(NamedTuple):
    """A rule: what it is called, the severity of its worst case, why it matters, its page in Markdown, the address of the page."""

    rule: str
    title: str
    severity: str
    why: str
    page: str
    url: str


def about(findings: Iterable[Finding], config: Config) -> dict[str, About]:
    """Every rule that the findings break, by id, sorted."""
    first = {finding.rule: finding for finding in findings}
    files = {
        os.path.splitext(os.path.basename(path))[0]: path
        for path, _, _ in list_definitions((find_builtin_rules(), *config.rules))
    }
    found: dict[str, About] = {}
    if not first:
        return found
    kinds, policies = read_kinds(), read_policies()
    texts = {policy['id']: policy for policy in policies['policies']}
    for rule, finding in sorted(first.items()):
        issuer = rule.removesuffix('-credential')
        if rule in GENERIC_RULES:
            found[rule] = _generic(rule, finding.help_url)
        elif rule in texts:
            examples = read_policy_examples(policies)[rule]
            thresholds = policies['thresholds']
            found[rule] = _policy(texts[rule], examples, thresholds, finding.help_url)
        elif issuer in files:
            dossier, examples = read_rule(files[issuer], frozenset(CHECKS))
            kind = kinds[dossier['kind']]
            found[rule] = _dossier(dossier, examples, kind, finding.help_url)
        else:
            found[rule] = About(
                rule,
                finding.title,
                finding.severity,
                finding.message,
                f'# {rule}\n\n{finding.message}\n',
                finding.help_url,
            )
    return found


def _worst(levels: Iterable[str]) -> str:
    return max(levels, key=SEVERITIES.index)


def _why(page: str) -> str:
    """The paragraph of a page that says why the rule matters."""
    return page.partition('## Why\n\n')[2].partition('\n\n')[0].strip()


def _generic(rule: str, url: str) -> About:
    table = GENERIC_RULES[rule]
    title = table.title[:1].upper() + table.title[1:]
    return About(rule, title, _worst(table.severity), table.why, generic_page(rule), url)


def _list_severities(kind: KindTable) -> list[str]:
    levels = kind['severity']
    return [levels['complete'], levels['secret'], levels['key']]


def _dossier(dossier: Dossier, examples: Examples, kind: KindTable, url: str) -> About:
    severity = 'low' if dossier.get('status') == 'closed' else _worst(_list_severities(kind))
    page = dossier_page(dossier, examples, kind)
    return About(
        f'{dossier["id"]}-credential',
        f'{dossier["name"]} credential in a file',
        severity,
        _why(page),
        page,
        url,
    )


def _policy(policy: PolicyTable, examples: Examples, thresholds: dict[str, int], url: str) -> About:
    page = policy_page(policy, examples, thresholds)
    return About(
        policy['id'],
        policy_title(policy['title']),
        _worst(policy['severity'].values()),
        _why(page),
        page,
        url,
    )
