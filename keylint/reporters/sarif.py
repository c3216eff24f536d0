"""SARIF 2.1.0 (OASIS), within what GitHub code scanning documents and what the SARIF viewer of VS Code shows.

GitHub takes a rule's `security-severity` for all its results. A finding of another severity than its rule's worst case therefore belongs to
a rule of its own, `okx-credential/medium`: a hierarchical id as §3.27.5 of the standard has them.
"""

from __future__ import annotations

from typing import Any, TextIO

from keylint._version import __version__
from keylint.core.config import Config
from keylint.core.model import Cell, Finding, SourceRange
from keylint.core.report import Report
from keylint.reporters.about import About, about
from keylint.reporters.json_text import dumps
from keylint.reporters.lives import life_text
from keylint.reporters.order import cwe, worst_first
from keylint.reporters.places import uri
from keylint.reporters.text import cell_text, clean

_SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'
_HOME = 'https://keylint.readthedocs.io'
_MOST_RESULTS = 25_000  # GitHub refuses a run that has more
_LONGEST_TEXT = 1024  # of GitHub's descriptions
_LEVELS = {'critical': 'error', 'high': 'error', 'medium': 'warning', 'low': 'note', 'info': 'note'}
# GitHub: above 9.0 critical, from 7.0 high, from 4.0 medium, from 0.1 low.
_SCORES = {'critical': '9.5', 'high': '8.0', 'medium': '5.5', 'low': '2.0'}


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """One run. Suppressed and known findings are results with a suppression."""
    findings = (
        report.findings
        if len(report.findings) <= _MOST_RESULTS
        else worst_first(report.findings)[:_MOST_RESULTS]
    )
    known = about(findings, config)
    names = sorted({_rule_id(finding, known) for finding in findings})
    numbers = {name: number for number, name in enumerate(names)}
    run = {
        'tool': {
            'driver': {
                'name': 'keylint',
                'version': __version__,
                'semanticVersion': __version__,
                'informationUri': _HOME,
                'rules': [_rule(name, known[name.partition('/')[0]]) for name in names],
            }
        },
        'columnKind': 'unicodeCodePoints',
        'originalUriBaseIds': {'SRCROOT': {'description': {'text': 'The root of the repository.'}}},
        'invocations': [
            {
                'executionSuccessful': not report.failures,
                'toolExecutionNotifications': _notifications(report, len(findings)),
            }
        ],
        'results': [
            _result(finding, name, numbers[name])
            for finding in findings
            if (name := _rule_id(finding, known))
        ],
    }
    stream.write(dumps({'$schema': _SCHEMA, 'version': '2.1.0', 'runs': [run]}, indent=2) + '\n')


def _rule_id(finding: Finding, known: dict[str, About]) -> str:
    return (
        finding.rule
        if known[finding.rule].severity == finding.severity
        else f'{finding.rule}/{finding.severity}'
    )


def _rule(name: str, rule: About) -> dict[str, Any]:
    severity = name.partition('/')[2] or rule.severity
    properties: dict[str, Any] = {
        'precision': 'high',
        'tags': ['security', f'external/cwe/cwe-{cwe(rule.rule)}'],
    }
    if severity in _SCORES:
        properties['security-severity'] = _SCORES[severity]
    return {
        'id': name,
        'name': ''.join(word.capitalize() for word in name.replace('/', '-').split('-')),
        'shortDescription': {'text': rule.title[:_LONGEST_TEXT]},
        'fullDescription': {'text': rule.why[:_LONGEST_TEXT]},
        'help': {'text': f'{rule.why}\n\n{rule.url}', 'markdown': rule.page},
        'helpUri': rule.url,
        'defaultConfiguration': {'level': _LEVELS[severity]},
        'properties': properties,
    }


def _result(finding: Finding, name: str, index: int) -> dict[str, Any]:
    steps = ''.join(f'\n{number}. {_message(step)}' for number, step in enumerate(finding.do, 1))
    result: dict[str, Any] = {
        'ruleId': name,
        'ruleIndex': index,
        'level': _LEVELS[finding.severity],
        'message': {'text': f'{_message(finding.title)}. {_message(finding.message)}{steps}'},
        'locations': [_location(finding.path, finding.place, finding.cell)],
        'partialFingerprints': {'keylint/v1': finding.fingerprint},
        'properties': _properties(finding),
    }
    others = [_noted(number, *other) for number, other in enumerate(_others(finding), 1)]
    if others:
        result['relatedLocations'] = others
    if finding.state != 'open':
        result['suppressions'] = [_suppression(finding)]
    if finding.rule == 'key-exceeds-code' and finding.related:
        result['codeFlows'] = _flows(finding)
    return result


def _message(text: str) -> str:
    """Plain text as §3.11 wants it: brackets begin links and braces placeholders unless they are escaped."""
    escaped = clean(text).replace('\\', '\\\\').replace('[', '\\[').replace(']', '\\]')
    return escaped.replace('{', '{{').replace('}', '}}')


def _others(finding: Finding) -> list[tuple[str, SourceRange, Cell | None, str]]:
    parts = [
        (finding.path, part.place, None, f'{part.role.replace("-", " ")} {part.preview}')
        for part in finding.parts
    ]
    return parts + [(other.path, other.place, other.cell, other.note) for other in finding.related]


def _location(path: str, place: SourceRange, cell: Cell | None) -> dict[str, Any]:
    region = {
        'startLine': place.line,
        'startColumn': place.column,
        'endLine': place.end_line,
        'endColumn': place.end_column,
    }
    found: dict[str, Any] = {
        'physicalLocation': {'artifactLocation': _artifact(path), 'region': region}
    }
    if cell_text(cell):
        found['logicalLocations'] = [{'fullyQualifiedName': cell_text(cell), 'kind': 'cell'}]
    return found


def _noted(
    number: int, path: str, place: SourceRange, cell: Cell | None, note: str
) -> dict[str, Any]:
    return {'id': number, **_location(path, place, cell), 'message': {'text': _message(note)}}


def _properties(finding: Finding) -> dict[str, Any]:
    found: dict[str, Any] = {
        'severity': finding.severity,
        'confidence': finding.confidence,
        'environment': finding.environment,
    }
    if finding.environment_proof:
        found['environmentCertainty'] = finding.environment_claim.certainty
        found['environmentProof'] = finding.environment_proof
    if finding.missing:
        found['missingParts'] = list(finding.missing)
    extra = {
        'issuer': finding.issuer,
        'commit': finding.commit,
        'container': finding.container,
        'history': life_text(finding),
    }
    return found | {name: clean(value) for name, value in extra.items() if value}


def _suppression(finding: Finding) -> dict[str, Any]:
    kind = 'inSource' if finding.state == 'suppressed' else 'external'
    found = {'kind': kind, 'status': 'accepted'}
    return found | {'justification': clean(finding.reason)} if finding.reason else found


def _flows(finding: Finding) -> list[dict[str, Any]]:
    """For each call that proves a need: from what the key may to what the code does."""
    start = {
        **_location(finding.path, finding.place, finding.cell),
        'message': {'text': 'the key may do more than the code needs'},
    }
    flows = []
    for other in finding.related:
        end = {
            **_location(other.path, other.place, other.cell),
            'message': {'text': _message(other.note)},
        }
        flows.append({'threadFlows': [{'locations': [{'location': start}, {'location': end}]}]})
    return flows


def _notifications(report: Report, shown: int) -> list[dict[str, Any]]:
    """What was not scanned, what is wrong with marks, and what was left out of this report."""
    found = []
    for failure in report.failures:
        where = {'physicalLocation': {'artifactLocation': _artifact(failure.path)}}
        found.append(
            {
                'level': 'error',
                'message': {'text': f'not scanned: {_message(failure.error)}'},
                'locations': [where],
            }
        )
    for warned in report.warnings:
        physical = {
            'artifactLocation': _artifact(warned.path),
            'region': {'startLine': max(1, warned.line)},
        }
        found.append(
            {
                'level': 'warning',
                'message': {'text': _message(warned.message)},
                'locations': [{'physicalLocation': physical}],
            }
        )
    if not report.files:
        found.append({'level': 'warning', 'message': {'text': 'nothing was scanned'}})
    if shown < len(report.findings):
        text = f'{len(report.findings) - shown} of {len(report.findings)} findings are left out: code scanning takes {_MOST_RESULTS} results'
        found.append({'level': 'warning', 'message': {'text': text}})
    return found


def _artifact(path: str) -> dict[str, str]:
    address = uri(path)
    return (
        {'uri': address}
        if address.startswith('file:')
        else {'uri': address, 'uriBaseId': 'SRCROOT'}
    )
