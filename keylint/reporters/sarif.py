"""Write SARIF 2.1.0 (OASIS), limited to what GitHub code scanning and VS Code's viewer support.

GitHub takes a rule's `security-severity` for all its results. A finding of another severity than
its rule's worst case therefore belongs to a rule of its own, `okx-credential/medium`: a
hierarchical id as §3.27.5 of the standard describes.
"""

from __future__ import annotations

import os
from typing import TextIO
from urllib.parse import quote

from keylint._version import __version__
from keylint.core.config import Config
from keylint.core.model import Cell, Finding, SourceRange
from keylint.core.report import Report
from keylint.core.terms import KIND_WORDS
from keylint.reporters.json_text import JsonObject, dump_json
from keylint.reporters.lifetimes import format_lifetime
from keylint.reporters.order import find_cwe, sort_by_severity
from keylint.reporters.rule_descriptions import RuleDescription, describe_rules
from keylint.reporters.text import identify_cell, sanitize_text
from keylint.reporters.text_report import list_hidden

_SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'
_HOME = 'https://keylint.readthedocs.io'
_MAX_RESULTS = 25_000  # GitHub refuses a run that has more
_MAX_COPIES = 500  # GitHub takes 1,000 places for a result
_MAX_DESCRIPTION_CHARS = 1024  # GitHub's limit
_LEVELS = {'critical': 'error', 'high': 'error', 'medium': 'warning', 'low': 'note', 'info': 'note'}
# GitHub's bands: above 9.0 critical, from 7.0 high, from 4.0 medium, from 0.1 low.
_SCORES = {'critical': '9.5', 'high': '8.0', 'medium': '5.5', 'low': '2.0'}


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Write one run. Suppressed and known findings are results with a suppression."""
    findings = report.findings
    if len(findings) > _MAX_RESULTS:
        findings = sort_by_severity(findings)[:_MAX_RESULTS]
    known = describe_rules(findings, config)
    names = sorted({_choose_rule_id(finding, known) for finding in findings})
    numbers = {name: number for number, name in enumerate(names)}
    run = {
        'tool': {
            'driver': {
                'name': 'keylint',
                'version': __version__,
                'semanticVersion': __version__,
                'informationUri': _HOME,
                'rules': [_build_rule(name, known[name.partition('/')[0]]) for name in names],
            }
        },
        'columnKind': 'unicodeCodePoints',
        'originalUriBaseIds': {'SRCROOT': {'description': {'text': 'The root of the repository.'}}},
        'invocations': [
            {
                'executionSuccessful': not report.failures,
                'toolExecutionNotifications': _list_notifications(report, len(findings), config),
            }
        ],
        'results': [
            _build_result(finding, name, numbers[name])
            for finding in findings
            if (name := _choose_rule_id(finding, known))
        ],
    }
    stream.write(
        dump_json({'$schema': _SCHEMA, 'version': '2.1.0', 'runs': [run]}, indent=2) + '\n'
    )


def _choose_rule_id(finding: Finding, known: dict[str, RuleDescription]) -> str:
    """Return the id of the rule, with the severity where it is not that of the worst case."""
    if known[finding.rule].severity == finding.severity:
        return finding.rule
    return f'{finding.rule}/{finding.severity}'


def _build_rule(name: str, rule: RuleDescription) -> JsonObject:
    severity = name.partition('/')[2] or rule.severity
    properties: JsonObject = {
        'precision': 'high',
        'tags': ['security', f'external/cwe/cwe-{find_cwe(rule.rule)}'],
    }
    if severity in _SCORES:
        properties['security-severity'] = _SCORES[severity]
    return {
        'id': name,
        'name': ''.join(word.capitalize() for word in name.replace('/', '-').split('-')),
        'shortDescription': {'text': rule.title[:_MAX_DESCRIPTION_CHARS]},
        'fullDescription': {'text': rule.why[:_MAX_DESCRIPTION_CHARS]},
        'help': {
            'text': f'{rule.why}\n\n{_list_steps(rule.page)}\n\n{rule.url}',
            'markdown': rule.page,
        },
        'helpUri': rule.url,
        'defaultConfiguration': {'level': _LEVELS[severity]},
        'properties': properties,
    }


def _list_steps(page: str) -> str:
    """Return the steps of a rule's page: plain text for viewers that know no Markdown."""
    return page.partition('## What to do\n\n')[2].partition('\n\n')[0].strip()


def _build_result(finding: Finding, name: str, index: int) -> JsonObject:
    result: JsonObject = {
        'ruleId': name,
        'ruleIndex': index,
        'level': _LEVELS[finding.severity],
        'message': {
            'text': f'{_escape_message(finding.title)}. {_escape_message(_shorten(finding))}'
        },
        'locations': [_build_location(finding.path, finding.place, finding.cell)],
        'partialFingerprints': {'keylint/v1': finding.fingerprint},
        'properties': _build_properties(finding),
    }
    others = [
        _build_related(number, *other)
        for number, other in enumerate(_list_other_places(finding), 1)
    ]
    if others:
        result['relatedLocations'] = others
    if finding.state != 'open':
        result['suppressions'] = [_build_suppression(finding)]
    if finding.rule == 'key-exceeds-code' and finding.related:
        result['codeFlows'] = _build_flows(finding)
    return result


def _shorten(finding: Finding) -> str:
    """Return what is said of this finding, and the first sentence of what its rule says.

    The rest, and all steps, are the help of the rule, which viewers show beside the result.
    """
    facts = finding.message.removesuffix(finding.why)
    return f'{facts}{finding.why.partition(". ")[0].rstrip(".")}.' if finding.why else facts


def _escape_message(text: str) -> str:
    """Escape plain text as §3.11 asks: else brackets begin links, and braces placeholders."""
    escaped = sanitize_text(text).replace('\\', '\\\\').replace('[', '\\[').replace(']', '\\]')
    return escaped.replace('{', '{{').replace('}', '}}')


def _list_other_places(finding: Finding) -> list[tuple[str, SourceRange, Cell | None, str]]:
    """List path, place, cell and note of the parts, the copies and the related places."""
    parts = [
        (finding.path, part.place, None, f'{KIND_WORDS[part.role]} {part.preview}')
        for part in finding.parts
    ]
    copies = [
        (copy.path, copy.place, copy.cell, 'the same value is here')
        for copy in finding.copies[:_MAX_COPIES]
    ]
    related = [(other.path, other.place, other.cell, other.note) for other in finding.related]
    return parts + copies + related


def _build_location(path: str, place: SourceRange, cell: Cell | None) -> JsonObject:
    region = {
        'startLine': place.line,
        'startColumn': place.column,
        'endLine': place.end_line,
        'endColumn': place.end_column,
    }
    found: JsonObject = {
        'physicalLocation': {'artifactLocation': _build_artifact(path), 'region': region}
    }
    if identify_cell(cell):
        found['logicalLocations'] = [{'fullyQualifiedName': identify_cell(cell), 'kind': 'cell'}]
    return found


def _build_related(
    number: int, path: str, place: SourceRange, cell: Cell | None, note: str
) -> JsonObject:
    return {
        'id': number,
        **_build_location(path, place, cell),
        'message': {'text': _escape_message(note)},
    }


def _build_properties(finding: Finding) -> JsonObject:
    found: JsonObject = {
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
        'history': format_lifetime(finding),
    }
    return found | {name: sanitize_text(value) for name, value in extra.items() if value}


def _build_suppression(finding: Finding) -> JsonObject:
    kind = 'inSource' if finding.state == 'suppressed' else 'external'
    found: JsonObject = {'kind': kind, 'status': 'accepted'}
    if finding.reason:
        found['justification'] = sanitize_text(finding.reason)
    return found


def _build_flows(finding: Finding) -> list[JsonObject]:
    """Build a flow for each call that proves a need: from the key's permissions to the call."""
    start = {
        **_build_location(finding.path, finding.place, finding.cell),
        'message': {'text': 'the key may do more than the code needs'},
    }
    flows: list[JsonObject] = []
    for other in finding.related:
        end = {
            **_build_location(other.path, other.place, other.cell),
            'message': {'text': _escape_message(other.note)},
        }
        flows.append({'threadFlows': [{'locations': [{'location': start}, {'location': end}]}]})
    return flows


def _list_notifications(report: Report, shown: int, config: Config) -> list[JsonObject]:
    """List failures, warnings, and what was left out of this report."""
    found: list[JsonObject] = []
    for failure in report.failures:
        where = {'physicalLocation': {'artifactLocation': _build_artifact(failure.path)}}
        found.append(
            {
                'level': 'error',
                'message': {'text': f'not scanned: {_escape_message(failure.error)}'},
                'locations': [where],
            }
        )
    for warned in report.warnings:
        physical = {
            'artifactLocation': _build_artifact(warned.path),
            'region': {'startLine': max(1, warned.line)},
        }
        found.append(
            {
                'level': 'warning',
                'message': {'text': _escape_message(warned.message)},
                'locations': [{'physicalLocation': physical}],
            }
        )
    found += [{'level': 'note', 'message': {'text': line}} for line in list_hidden(report, config)]
    if not report.files:
        found.append({'level': 'warning', 'message': {'text': 'nothing was scanned'}})
    if shown < len(report.findings):
        total = len(report.findings)
        text = (
            f'{total - shown} of {total} findings are left out: '
            f'code scanning takes {_MAX_RESULTS} results'
        )
        found.append({'level': 'warning', 'message': {'text': text}})
    return found


def _build_artifact(path: str) -> dict[str, str]:
    address = encode_uri(path)
    if address.startswith('file:'):
        return {'uri': address}
    return {'uri': address, 'uriBaseId': 'SRCROOT'}


def encode_uri(path: str) -> str:
    """Convert a path to a relative reference, or to a `file:` URI when it is absolute.

    Every byte that is not plain is percent-encoded (RFC 3986).
    """
    encoded = quote(os.fsencode(path), safe='/')
    if path.startswith('/'):
        return f'file://{encoded}'
    return f'file:///{encoded}' if os.path.isabs(path) else encoded
