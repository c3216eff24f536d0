"""Scan a form that was misread, or one like it with a secret in it."""

from __future__ import annotations

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.terms import Severity
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import Rules
from keylint.rules.recipes import expand_recipes


def find_rules(file: str, recipe: str, rules: Rules, severity: Severity) -> set[str]:
    """Return the rules of the findings in a recipe, from a severity on."""
    text = expand_recipes(recipe, recipe) + '\n'
    found = scan_blob(Blob(text.encode(), Origin(file)), rules, Config(severity=severity))
    return {finding.rule for finding in found.findings}
