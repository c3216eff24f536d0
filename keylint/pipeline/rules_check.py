"""`keylint rules check`: every loud example fires as the one finding it says, every silent one stays silent."""

from __future__ import annotations

from typing import Any

from keylint.core.config import Config
from keylint.core.model import Blob, Finding, Origin
from keylint.findings.fingerprint import rule_id
from keylint.pipeline.blob import scan_blob
from keylint.policies.repository import check_repository
from keylint.rules.files import read_dossiers, read_shared
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand
from keylint.rules.rule_set import Pack
from keylint.validators.checksums import CHECKS

_EVERYTHING = Config(severity='info', confidence='medium')
_JUDGED = Config(severity='info', confidence='medium', today='2026-01-01')
_ABOUT_KEYS = frozenset(
    ('key-can-withdraw', 'key-can-transfer', 'key-unrestricted-ip', 'key-ip-too-broad')
)


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
                complaints += (
                    [f'{dossier["id"]}: examples.{kind}[{number}] ({example["file"]}): {wrong}']
                    if wrong
                    else []
                )
        for number, example in enumerate(dossier['examples'].get('declarations') or []):
            tried += 1
            wrong = _declaration(example, f'{dossier["id"]}/declarations/{number}', rules)
            complaints += (
                [f'{dossier["id"]}: examples.declarations[{number}] ({example["file"]}): {wrong}']
                if wrong
                else []
            )
    for policy in read_shared()['policies']['policies']:
        for kind, is_loud in (('loud', True), ('silent', False)):
            for number, example in enumerate(policy['examples'][kind]):
                tried += 1
                found = {
                    finding.rule
                    for finding in _tree_findings(example, f'{policy["id"]}/{kind}/{number}', rules)
                }
                if (policy['id'] in found) != is_loud:
                    complaints.append(
                        f'{policy["id"]}: examples.{kind}[{number}]: found {", ".join(sorted(found)) or "nothing"}'
                    )
    return complaints, tried


def _declaration(example: dict[str, Any], seed: str, rules: Rules) -> str | None:
    """The rules about rights and addresses that fire must be exactly those that the example lists."""
    found = {
        finding.rule
        for finding in _tree_findings(example, seed, rules)
        if finding.severity != 'info'
    } & _ABOUT_KEYS
    return (
        None if found == set(example['rules']) else f'found {", ".join(sorted(found)) or "nothing"}'
    )


def _tree_findings(example: dict[str, Any], seed: str, rules: Rules) -> list[Finding]:
    """All findings of an example that is one file or a small tree of `files`."""
    files = example.get('files') or {example['file']: example['text']}
    blobs = [
        Blob(expand(text, f'{seed}/{name}').encode(), Origin(name))
        for name, text in sorted(files.items())
    ]
    results = [scan_blob(blob, rules, _JUDGED) for blob in blobs]
    for result in results:
        if result.failures:
            raise AssertionError(result.failures[0].error)
    texts = {blob.origin.path: blob.data for blob in blobs}
    whole = check_repository(
        [record for result in results for record in result.records],
        texts.__getitem__,
        list(texts),
        rules.pack,
        _JUDGED,
    )
    return [finding for result in results for finding in result.findings] + list(whole)


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
    return (
        f'found {", ".join(sorted({finding.rule for finding in findings}))}' if findings else None
    )


def _gate_agrees(dossier: dict[str, Any], pack: Pack) -> list[str]:
    """A shape that stands alone must have its row in the gate."""
    alone = sum(bool(entry.get('alone')) for entry in dossier['credentials'])
    others = [row for check, row in pack.tables['phrases'].items() if check != 'bip39']
    rows = sum(row['rule'] == dossier['id'] for row in [*pack.tables['tokens'], *others])
    is_gated = len(pack.matcher.patterns) == len(pack.tables['patterns'])
    return [] if alone == rows and is_gated else [f'{dossier["id"]}: the gate lacks a pattern']
