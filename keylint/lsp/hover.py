"""Say of what is under the pointer why it matters and what to do, never the value."""

from __future__ import annotations

from keylint.core.model import Finding
from keylint.core.terms import KIND_WORDS
from keylint.reporters.markdown import escape_markdown


def describe_finding(finding: Finding) -> str:
    """Describe a finding in Markdown."""
    parts = ', '.join(dict.fromkeys(KIND_WORDS[part.role] for part in finding.parts))
    facts = [f'`{finding.rule}`', finding.severity, f'{finding.confidence} confidence']
    lines = [f'**{escape_markdown(finding.title)}** ({", ".join(facts)})', '']
    if parts:
        lines += [f'Parts: {escape_markdown(parts)}.', '']
    if finding.environment != 'unknown':
        proof = f': {finding.environment_proof}' if finding.environment_proof else ''
        lines += [escape_markdown(f'Environment: {finding.environment}{proof}.'), '']
    if finding.why:
        lines += [escape_markdown(finding.why), '']
    if finding.do:
        lines.append('What to do:')
        lines += [f'{number}. {_link(step)}' for number, step in enumerate(finding.do, 1)]
        lines.append('')
    if finding.help_url:
        lines.append(f'[All about {finding.rule}]({finding.help_url})')
    return '\n'.join(lines).strip() + '\n'


def _link(step: str) -> str:
    """Return a step; the vendor's page at its end stays a link."""
    text, mark, rest = step.partition(' (https://')
    url, closing, after = rest.partition(')')
    if not mark or not closing or not url.isascii() or set(url) & set(' <>"\\^`{|}[]'):
        return escape_markdown(step)
    return f'{escape_markdown(text)} (<https://{url}>){escape_markdown(after)}'
