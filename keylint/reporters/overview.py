"""Sum up many findings by exchange, for whoever sees the first screen only."""

from __future__ import annotations

from keylint.core.model import Finding
from keylint.reporters.painter import SEVERITY_COLOURS, Painter
from keylint.reporters.terminal import count_columns
from keylint.reporters.text import sanitize_text

_MAX_GROUPS = 24
_OTHER, _UNKNOWN = 'others', 'no issuer'


def format_overview(findings: list[Finding], columns: int, paint: Painter) -> list[str]:
    """Format a head, and each exchange or other issuer once, below its worst severity.

    `20 findings in 9 files: critical binance, kraken 5; medium alpaca`; `findings` are sorted by
    severity.
    """
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        name = _name_issuer(finding)
        name = name if len(groups) < _MAX_GROUPS or name in groups else _OTHER
        groups.setdefault(name, []).append(finding)
    files = len({finding.path for finding in findings})
    head = f'{len(findings)} findings in {files} file{"s" * (files != 1)}'
    lines, taken, level = [f'{paint("1", head)}:'], count_columns(f'{head}:'), ''
    for name, group in groups.items():
        sign = ';' if level != group[0].severity else ','
        if not level:
            sign = ''
        counted = f'{name} {len(group)}' if len(group) > 1 else name
        item = painted = counted
        if level != group[0].severity:
            level = group[0].severity
            item, painted = (
                f'{level} {counted}',
                f'{paint(SEVERITY_COLOURS[level], level)} {counted}',
            )
        lines[-1] += sign
        if taken + count_columns(f'{sign} {item};') > columns:
            lines.append(f'  {painted}')
            taken = count_columns(f'  {item}')
        else:
            lines[-1] += f' {painted}'
            taken += count_columns(f'{sign} {item}')
    return lines


def _name_issuer(finding: Finding) -> str:
    declared = finding.declaration.exchange if finding.declaration else None
    return sanitize_text(finding.issuer or declared or _UNKNOWN)
