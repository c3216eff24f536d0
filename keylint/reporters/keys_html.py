"""Write the keys of a tree as one page of HTML: what each may, what the code needs, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import TextIO

from keylint.api_usage.other_languages import UnreadUse
from keylint.core.model import Finding
from keylint.policies.key_advice import KeyAdvice
from keylint.policies.key_recipes import KeyRecommendation
from keylint.policies.key_table import KeyRow
from keylint.reporters.keys import describe_unread, format_may, format_needs
from keylint.reporters.recipes import describe_need, list_recipe_steps
from keylint.reporters.text import sanitize_text

# A backslash at the end of a line joins it to the next one.
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;\
color:#1f2328;background:#fff;overflow-wrap:anywhere}
section{border:1px solid #d0d7de;border-radius:8px;padding:1rem 1.25rem;margin:1rem 0}
h2{margin:0 0 .5rem;font-size:1.1rem}
dl{display:grid;grid-template-columns:8rem minmax(0,1fr);gap:.15rem 1rem;margin:0}
dt{color:#57606a}dd{margin:0}ul,ol{margin:0;padding-left:1.1rem}
a{color:#0969da}
.ok{color:#1a7f37}.low,.info,.unknown{color:#57606a}.medium{color:#9a6700}
.high,.critical,.extra{color:#cf222e}.extra{font-weight:600}
code{font:13px ui-monospace,monospace}
@media (max-width:32rem){body{margin:1rem auto;padding:0 .5rem}section{padding:.75rem}\
dl{grid-template-columns:minmax(0,1fr)}dd{margin-bottom:.35rem}}
@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}\
a{color:#58a6ff}\
section{border-color:#30363d}dt,.low,.info,.unknown{color:#8b949e}.ok{color:#3fb950}\
.medium{color:#d29922}.high,.critical,.extra{color:#ff7b72}}
@media print{section{break-inside:avoid}}
"""


def write_html(
    rows: Sequence[KeyRow],
    unread: Sequence[UnreadUse],
    advice: Sequence[KeyAdvice],
    stream: TextIO,
    mask: Callable[[str], str] = str,
) -> None:
    """Write a section for each key: where it stands, its rights, and the calls that need them.

    `advice` says for each row why it is judged so, which key would do, and where keys are made.
    `mask` hides the secrets in texts of findings. Everything is escaped; there is no script.
    """
    count = f'{len(rows)} key{"s" * (len(rows) != 1)}'
    stream.write(
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f'<title>keylint keys</title>\n<style>{_STYLE}</style>\n</head>\n'
        f'<body>\n<h1>Keys</h1>\n<p>{count}. No values are shown.</p>\n'
    )
    for row, advised in zip(rows, advice, strict=True):
        stream.write(_build_section(row, advised, mask))
    stream.write(''.join(f'<p>{_escape(line)}</p>\n' for line in describe_unread(unread)))
    stream.write('</body>\n</html>\n')


def _escape(text: str) -> str:
    return escape(sanitize_text(text))


def _build_section(row: KeyRow, advice: KeyAdvice, mask: Callable[[str], str]) -> str:
    name = row.exchange or 'chosen at run time'
    place = '' if row.environment == 'unknown' else f' ({row.environment})'
    label = f' "{row.label}"' if row.label else ''
    facts = (
        ('where', _escape(row.place)),
        ('value', _escape(row.source.removeprefix('reference '))),
        ('may', _escape(format_may(row))),
        ('needs', _escape(format_needs(row))),
        ('rights', _build_list(_list_rights(row))),
        ('not counted', _build_list(f'{_build_call(*call)}' for call in row.idle)),
        ('not read', _build_list(map(_escape, row.doubts))),
        ('IP list', _escape(row.restriction)),
        ('age', '' if row.age is None else f'{row.age} days'),
        ('why', _build_list(_build_reason(one, advice.page, mask) for one in advice.reasons)),
        ('smallest key', ''.join(_build_recipe(one, advice.page) for one in advice.recipes)),
        ('page', _build_link(advice.page) if advice.page else ''),
    )
    listed = ''.join(f'<dt>{term}</dt><dd>{fact}</dd>\n' for term, fact in facts if fact)
    verdict = f'<span class="{row.verdict}">{row.verdict}</span>'
    head = f'<h2>{_escape(f"{name}{place}{label}")} {verdict}</h2>'
    return f'<section>\n{head}\n<dl>\n{listed}</dl>\n</section>\n'


def _build_reason(finding: Finding, page: str, mask: Callable[[str], str]) -> str:
    """Return a finding with its rule's page, and its steps."""
    said = f'{mask(finding.title)}: {mask(finding.message.removesuffix(finding.why).strip())}'
    rule = f'<a href="{escape(finding.help_url)}">{_escape(finding.rule)}</a>'
    head = f'<span class="{finding.severity}">{finding.severity}</span> {_escape(said)} ({rule})'
    return head + _build_list(_link_page(mask(step), page) for step in finding.do)


def _build_recipe(recipe: KeyRecommendation, page: str) -> str:
    """Return the steps to the smallest key, or that the need is not known."""
    need = _escape(describe_need(recipe))
    if not recipe.is_known:
        return f'<p>{need}</p>'
    steps = ''.join(f'<li>{_link_page(step, page)}</li>' for step in list_recipe_steps(recipe))
    return f'{need}<ol>{steps}</ol>'


def _link_page(text: str, page: str) -> str:
    """Escape a step, with the rule's page in it as a link."""
    escaped = _escape(text)
    return escaped.replace(_escape(page), _build_link(page)) if page else escaped


def _build_link(page: str) -> str:
    return f'<a href="{escape(page)}" rel="noreferrer">{_escape(page)}</a>'


def _build_list(items: Iterator[str]) -> str:
    listed = ''.join(f'<li>{item}</li>' for item in items)
    return f'<ul>{listed}</ul>' if listed else ''


def _build_call(level: str, call: str) -> str:
    return f'{_escape(level)}: <code>{_escape(call)}</code>'


def _list_rights(row: KeyRow) -> Iterator[str]:
    """Yield each right that the key has or that the code needs, and what needs it."""
    proofs = dict(row.proofs)
    for level in dict.fromkeys((*(row.declared or ()), *(row.needed or ()))):
        missing = '' if row.declared is None or level in row.declared else ', which the key has not'
        if level in proofs:
            yield _build_call(level, proofs[level]) + missing
        elif level in row.excess:
            yield f'<span class="extra">{_escape(level)}: no call needs it</span>'
        elif row.needed is None or (level not in row.needed and not row.is_exact):
            yield f'{_escape(level)}: whether a call needs it is not known'
        else:
            yield _escape(level) + missing
