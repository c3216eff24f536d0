"""Describe the rules that a report breaks: titles, severities and pages, read from rule files."""

from __future__ import annotations

import os
from collections.abc import Iterable

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.core.terms import SEVERITIES
from keylint.findings.severity import outlives_venue
from keylint.reporters.rule_page import (
    format_policy_title,
    render_generic_page,
    render_issuer_page,
    render_policy_page,
)
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.file_types import Dossier, KindTable, PolicyTable
from keylint.rules.files import Examples, read_kinds, read_policies, read_policy_examples, read_rule
from keylint.rules.listing import find_builtin_rules, list_definitions
from keylint.validators.checksums import CHECKS


class RuleDescription(NamedTuple):
    """Describe a rule to a reader of a report.

    `severity` is that of its worst case, `page` is Markdown, `url` the address of that page.
    """

    rule: str
    title: str
    severity: str
    why: str
    page: str
    url: str


def describe_rules(findings: Iterable[Finding], config: Config) -> dict[str, RuleDescription]:
    """Map the id of every rule that the findings break to its description, sorted by id."""
    last_by_rule = {finding.rule: finding for finding in findings}
    if not last_by_rule:
        return {}
    files = {
        os.path.splitext(os.path.basename(path))[0]: path
        for path, _, _ in list_definitions((find_builtin_rules(), *config.rules))
    }
    kinds, shared = read_kinds(), read_policies()
    policies = {policy['id']: policy for policy in shared['policies']}
    found: dict[str, RuleDescription] = {}
    for rule, finding in sorted(last_by_rule.items()):
        issuer = rule.removesuffix('-credential')
        if rule in GENERIC_RULES:
            found[rule] = _describe_generic(rule, finding.help_url)
        elif rule in policies:
            examples = read_policy_examples(shared)[rule]
            thresholds = shared['thresholds']
            found[rule] = _describe_policy(policies[rule], examples, thresholds, finding.help_url)
        elif issuer in files:
            dossier, examples = read_rule(files[issuer], frozenset(CHECKS))
            kind = kinds[dossier['kind']]
            found[rule] = _describe_dossier(dossier, examples, kind, finding.help_url)
        else:
            found[rule] = _describe_unknown(finding)
    return found


def _describe_unknown(finding: Finding) -> RuleDescription:
    """Describe a rule without a file of its own, such as a plugin's, by its finding."""
    rule, message = finding.rule, finding.message
    page = f'# {rule}\n\n{message}\n'
    return RuleDescription(rule, finding.title, finding.severity, message, page, finding.help_url)


def _find_worst(levels: Iterable[str]) -> str:
    return max(levels, key=SEVERITIES.index)


def _extract_reason(page: str) -> str:
    """Return the paragraph of a page that says why the rule matters."""
    return page.partition('## Why\n\n')[2].partition('\n\n')[0].strip()


def _describe_generic(rule: str, url: str) -> RuleDescription:
    table = GENERIC_RULES[rule]
    title = table.title[:1].upper() + table.title[1:]
    severity = _find_worst(table.severity)
    return RuleDescription(rule, title, severity, table.why, render_generic_page(rule), url)


def _describe_dossier(
    dossier: Dossier, examples: Examples, kind: KindTable, url: str
) -> RuleDescription:
    levels = kind['severity']
    severity = _find_worst((levels['complete'], levels['secret'], levels['key']))
    kinds = [entry['role'] for entry in dossier['credentials']]
    if dossier.get('status') == 'closed' and not outlives_venue(kinds):
        severity = 'low'
    page = render_issuer_page(dossier, examples, kind)
    return RuleDescription(
        f'{dossier["id"]}-credential',
        f'{dossier["name"]} credential in a file',
        severity,
        _extract_reason(page),
        page,
        url,
    )


def _describe_policy(
    policy: PolicyTable, examples: Examples, thresholds: dict[str, int], url: str
) -> RuleDescription:
    page = render_policy_page(policy, examples, thresholds)
    return RuleDescription(
        policy['id'],
        format_policy_title(policy['title']),
        _find_worst(policy['severity'].values()),
        _extract_reason(page),
        page,
        url,
    )
