"""GitLab's report of secret detection, schema 15.0.7 (gitlab.com/gitlab-org/security-products/security-report-schemas)."""

from __future__ import annotations

import os
import re
import time
from typing import Any, TextIO

from keylint._version import __version__
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.reporters.json_text import dumps
from keylint.reporters.lives import life_text
from keylint.reporters.order import cwe, occurrences, open_ones
from keylint.reporters.text import cell_text, clean

_VERSION = '15.0.7'
_SCHEMAS = 'https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw'
_HOME = 'https://keylint.readthedocs.io'
_LONGEST_NAME, _LONGEST_SOLUTION = 255, 7000
_COMMIT = re.compile(r'[0-9a-f]{7,64}')
_MARKS = re.compile(r'[\\`*\[\]<>!]')


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Open findings. With `--today` the times are that day's beginning, so that runs repeat."""
    now = time.time()
    tool = {
        'id': 'keylint',
        'name': 'keylint',
        'url': _HOME,
        'version': __version__,
        'vendor': {'name': 'keylint'},
    }
    findings = open_ones(report)
    document = {
        'schema': f'{_SCHEMAS}/v{_VERSION}/dist/secret-detection-report-format.json',
        'version': _VERSION,
        'scan': {
            'type': 'secret_detection',
            'status': 'failure' if report.failures else 'success',
            'start_time': f'{config.today}T00:00:00'
            if config.today
            else _utc(now - report.seconds),
            'end_time': f'{config.today}T00:00:00' if config.today else _utc(now),
            'analyzer': tool,
            'scanner': tool,
            'messages': _messages(report),
        },
        'vulnerabilities': [
            _vulnerability(finding, name)
            for finding, name in zip(findings, occurrences(findings), strict=True)
        ],
    }
    stream.write(dumps(document, indent=2) + '\n')


def _utc(seconds: float) -> str:
    return time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))


def _messages(report: Report) -> list[dict[str, str]]:
    found = [
        {'level': 'warn', 'value': f'not scanned: {clean(failure.path)}: {clean(failure.error)}'}
        for failure in report.failures
    ]
    found += [
        {'level': 'warn', 'value': f'{clean(warned.path)}:{warned.line}: {clean(warned.message)}'}
        for warned in report.warnings
    ]
    return found if report.files else [*found, {'level': 'warn', 'value': 'nothing was scanned'}]


def _vulnerability(finding: Finding, name: str) -> dict[str, Any]:
    weakness = str(cwe(finding.rule))
    steps = '\n'.join(f'{number}. {_plain(step)}' for number, step in enumerate(finding.do, 1))
    return {
        'id': f'{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}',
        'name': clean(finding.title)[:_LONGEST_NAME],
        'description': _plain(finding.message),
        'severity': finding.severity.capitalize(),
        'solution': steps[:_LONGEST_SOLUTION],
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
            'commit': {'sha': _commit(finding)},
        },
        'details': _details(finding),
    }


def _plain(text: str) -> str:
    """GitLab reads these texts as Markdown: what could be a link, a picture or HTML is escaped."""
    return _MARKS.sub(r'\\\g<0>', clean(text))


def _commit(finding: Finding) -> str:
    """The commit of the finding or of the pipeline; zeros, as GitLab's own analyser writes, where there is none."""
    commit = finding.commit or os.environ.get('CI_COMMIT_SHA', '')
    return commit if _COMMIT.fullmatch(commit) else '0000000'


def _details(finding: Finding) -> dict[str, Any]:
    parts = [
        f'{part.role.replace("-", " ")} {clean(part.preview)}, line {part.place.line}'
        for part in finding.parts
    ]
    parts += [
        f'{clean(other.note)}: {clean(other.path)}:{other.place.line}' for other in finding.related
    ]
    found: dict[str, Any] = {
        'confidence': _named('Confidence', finding.confidence),
        'environment': _named('Environment', finding.environment),
    }
    if finding.environment_proof:
        proof = f'{finding.environment_claim.certainty}: {clean(finding.environment_proof)}'
        found['environment_proof'] = _named('Proof of the environment', proof)
    if cell_text(finding.cell):
        found['cell'] = _named('Notebook', cell_text(finding.cell))
    if finding.container:
        found['container'] = _named('Container', clean(finding.container))
    if finding.life:
        found['history'] = _named('History', clean(life_text(finding)))
    if parts:
        found['parts'] = {
            'name': 'Parts',
            'type': 'list',
            'items': [{'type': 'text', 'value': part} for part in parts],
        }
    return found


def _named(name: str, value: str) -> dict[str, str]:
    return {'name': name, 'type': 'text', 'value': value}
