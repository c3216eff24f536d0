"""`keylint rules check`: every loud example fires as the one finding it says, every silent one stays silent."""

from __future__ import annotations

from typing import Any

from keylint.config import Config
from keylint.gates.patterns import NAMING
from keylint.judge import rule_id
from keylint.model import Blob, Finding, Origin
from keylint.rulepack.files import read_dossiers
from keylint.rulepack.load import Rules, load_rules
from keylint.rulepack.pack import Pack
from keylint.rulepack.recipes import expand
from keylint.scan import scan_blob
from keylint.validators.checksums import CHECKS

_EVERYTHING = Config(severity='info', confidence='medium')


def check(folders: tuple[str, ...]) -> tuple[list[str], int]:
    """Complaints, one line each, and the number of examples tried. Raises RuleError when the rules cannot be read."""
    rules = load_rules(folders)
    complaints: list[str] = []
    tried = 0
    for dossier in read_dossiers(rules.folders, frozenset(CHECKS)):
        complaints += _gate_agrees(dossier, rules.pack)
        for kind, judge in (('loud', _loud), ('silent', _silent)):
            for number, example in enumerate(dossier['examples'][kind]):
                tried += 1
                wrong = judge(dossier['id'], example, f'{dossier["id"]}/{kind}/{number}', rules)
                complaints += [f'{dossier["id"]}: examples.{kind}[{number}] ({example["file"]}): {wrong}'] if wrong else []
    return complaints, tried


def _findings(example: dict[str, Any], seed: str, rules: Rules) -> list[Finding]:
    text = expand(example['text'], seed)
    result = scan_blob(Blob(text.encode(), Origin(example['file'])), rules, _EVERYTHING)
    if result.failures:
        raise AssertionError(result.failures[0].error)
    return list(result.findings)


def _loud(rule: str, example: dict[str, Any], seed: str, rules: Rules) -> str | None:
    findings = _findings(example, seed, rules)
    mine = [finding for finding in findings if finding.rule == rule_id(rule)]
    if not mine:
        others = ', '.join(sorted({finding.rule for finding in findings})) or 'nothing'
        return f'found {others}'
    if len(findings) > 1:
        return f'found {len(findings)} findings: {", ".join(sorted(finding.rule for finding in findings))}'
    roles = sorted(part.role for part in mine[0].parts)
    if roles != sorted(example['roles']):
        return f'found the parts {", ".join(roles)}'
    wanted = example.get('environment')
    if wanted and mine[0].environment != wanted:
        return f'found environment {mine[0].environment}'
    return None


def _silent(rule: str, example: dict[str, Any], seed: str, rules: Rules) -> str | None:
    findings = _findings(example, seed, rules)
    return f'found {", ".join(sorted({finding.rule for finding in findings}))}' if findings else None


def _gate_agrees(dossier: dict[str, Any], pack: Pack) -> list[str]:
    """A shape that stands alone must have its row in the gate."""
    alone = sum(bool(entry.get('alone')) for entry in dossier['credentials'])
    rows = sum(row['rule'] == dossier['id'] for row in pack.tables['tokens'])
    is_gated = len(pack.tables['gate']) >= NAMING + len(pack.tables['tokens'])
    return [] if alone == rows and is_gated else [f'{dossier["id"]}: the gate lacks a pattern']
