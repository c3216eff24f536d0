"""Find the page where an issuer's keys are managed: the one address that reports make a link.

It comes from the rule, never from the scanned tree.
"""

from __future__ import annotations

from collections.abc import Sequence

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.rules.load import load_rules


def find_issuer_pages(findings: Sequence[Finding], config: Config) -> dict[str, str]:
    """Return the page of every issuer among the findings that has one."""
    rules = load_rules(config.rules).pack.rules if findings else {}
    named = {finding.issuer for finding in findings if finding.issuer}
    pages = {name: rules[name].manage or '' for name in sorted(named) if name in rules}
    return {name: page for name, page in pages.items() if page.startswith('https://')}


def split_page(step: str, page: str) -> tuple[str, str]:
    """Split a step that ends in the issuer's page into its text and that page, else empty."""
    end = f' ({page})'
    if page and step.endswith(end):
        return step.removesuffix(end), page
    return step, ''
