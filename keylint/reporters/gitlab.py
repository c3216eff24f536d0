"""Write GitLab's report of secret detection, schema 15.0.7.

The schema is at gitlab.com/gitlab-org/security-products/security-report-schemas.
"""

from __future__ import annotations

import os
import re
import time
from typing import TextIO

from keylint._version import __version__
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.core.terms import KIND_WORDS
from keylint.reporters.json_text import JsonObject, dump_json
from keylint.reporters.lifetimes import format_lifetime
from keylint.reporters.order import find_cwe, fingerprint_occurrences, list_open_places
from keylint.reporters.text import identify_cell, sanitize_text

_VERSION = '15.0.7'
_SCHEMAS = 'https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw'
_HOME = 'https://keylint.readthedocs.io'
_MAX_NAME_CHARS = 255
_MAX_SOLUTION_CHARS = 7000
_COMMIT = re.compile(r'[0-9a-f]{7,64}')
_MARKDOWN_CHARS = re.compile(r'[\\`*\[\]<>!]')


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Write open findings. With `--today` both times are the start of that day: runs repeat."""
    tool = {
        'id': 'keylint',
        'name': 'keylint',
        'url': _HOME,
        'version': __version__,
        'vendor': {'name': 'keylint'},
    }
    start, end = _list_times(report, config.today)
    findings = list_open_places(report)
    document = {
        'schema': f'{_SCHEMAS}/v{_VERSION}/dist/secret-detection-report-format.json',
        'version': _VERSION,
        'scan': {
            'type': 'secret_detection',
            'status': 'failure' if report.failures else 'success',
            'start_time': start,
            'end_time': end,
            'analyzer': tool,
            'scanner': tool,
            'messages': _list_messages(report),
        },
        'vulnerabilities': [
            _build_vulnerability(finding, name)
            for finding, name in zip(findings, fingerprint_occurrences(findings), strict=True)
        ],
    }
    stream.write(dump_json(document, indent=2) + '\n')


def _list_times(report: Report, today: str | None) -> tuple[str, str]:
    """Return the start and the end of the scan, in UTC."""
    if today:
        return f'{today}T00:00:00', f'{today}T00:00:00'
    now = time.time()
    return _format_utc(now - report.seconds), _format_utc(now)


def _format_utc(seconds: float) -> str:
    return time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))


def _list_messages(report: Report) -> list[dict[str, str]]:
    found = [
        {
            'level': 'warn',
            'value': f'not scanned: {sanitize_text(failure.path)}: {sanitize_text(failure.error)}',
        }
        for failure in report.failures
    ]
    found += [
        {
            'level': 'warn',
            'value': f'{sanitize_text(warned.path)}:{warned.line}: {sanitize_text(warned.message)}',
        }
        for warned in report.warnings
    ]
    if not report.files:
        found.append({'level': 'warn', 'value': 'nothing was scanned'})
    return found


def _build_vulnerability(finding: Finding, name: str) -> JsonObject:
    weakness = str(find_cwe(finding.rule))
    steps = '\n'.join(
        f'{number}. {_escape_markdown(step)}' for number, step in enumerate(finding.do, 1)
    )
    return {
        'id': f'{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}',
        'name': sanitize_text(finding.title)[:_MAX_NAME_CHARS],
        'description': _escape_markdown(finding.message),
        'severity': finding.severity.capitalize(),
        'solution': steps[:_MAX_SOLUTION_CHARS],
        'identifiers': [
            {
                'type': 'keylint_rule_id',
                'name': f'keylint {finding.rule}',
                'value': finding.rule,
                'url': finding.help_url,
            },
            {
                'type': 'cwe',
                'name': f'CWE-{weakness}',
                'value': weakness,
                'url': f'https://cwe.mitre.org/data/definitions/{weakness}.html',
            },
        ],
        'links': [{'name': finding.rule, 'url': finding.help_url}],
        'location': {
            'file': finding.path,
            'start_line': finding.place.line,
            'end_line': finding.place.end_line,
            'commit': {'sha': _find_commit(finding)},
        },
        'details': _build_details(finding),
    }


def _escape_markdown(text: str) -> str:
    """Escape what could be a link, a picture or HTML: GitLab reads these texts as Markdown."""
    return _MARKDOWN_CHARS.sub(r'\\\g<0>', sanitize_text(text))


def _find_commit(finding: Finding) -> str:
    """Return the commit of the finding or else of the pipeline.

    Without either it is zeros, as GitLab's own analyser writes.
    """
    commit = finding.commit or os.environ.get('CI_COMMIT_SHA', '')
    return commit if _COMMIT.fullmatch(commit) else '0000000'


def _build_details(finding: Finding) -> JsonObject:
    parts = [
        f'{KIND_WORDS[part.role]} {sanitize_text(part.preview)}, line {part.place.line}'
        for part in finding.parts
    ]
    parts += [
        f'{sanitize_text(other.note)}: {sanitize_text(other.path)}:{other.place.line}'
        for other in finding.related
    ]
    found: JsonObject = {
        'confidence': _build_text_detail('Confidence', finding.confidence),
        'environment': _build_text_detail('Environment', finding.environment),
    }
    if finding.environment_proof:
        proof = f'{finding.environment_claim.certainty}: {sanitize_text(finding.environment_proof)}'
        found['environment_proof'] = _build_text_detail('Proof of the environment', proof)
    if identify_cell(finding.cell):
        found['cell'] = _build_text_detail('Notebook', identify_cell(finding.cell))
    if finding.container:
        found['container'] = _build_text_detail('Container', sanitize_text(finding.container))
    if finding.life:
        found['history'] = _build_text_detail('History', sanitize_text(format_lifetime(finding)))
    if parts:
        found['parts'] = {
            'name': 'Parts',
            'type': 'list',
            'items': [{'type': 'text', 'value': part} for part in parts],
        }
    return found


def _build_text_detail(name: str, value: str) -> dict[str, str]:
    return {'name': name, 'type': 'text', 'value': value}
