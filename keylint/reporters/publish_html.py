"""The verdict as one HTML file: no network, readable and printable without JavaScript.

With it, the table of leaks sorts and filters. Everything from the repository is escaped; the
Content-Security-Policy names the one style and the one script by hash.
"""

from __future__ import annotations

from typing import TextIO

from keylint._version import __version__
from keylint.core.terms import KIND_WORDS, SEVERITIES
from keylint.publish.assess import ACTIONS, Leak
from keylint.publish.plan import PlanAction, PlanStep, PublishReport
from keylint.reporters.page import escape_html, render_head
from keylint.reporters.publish_wording import (
    HEADS,
    describe_amount,
    describe_counts,
    describe_lifetime,
    describe_place,
    describe_revocations,
    describe_verdict,
    end_of_life,
    group_by_kind,
    list_refs,
    position_in_span,
)

# A backslash at the end of a line joins it to the next one.
_STYLE = """
:root{color-scheme:light dark;--ink:#1f2328;--paper:#fff;--quiet:#57606a;--line:#d0d7de;\
--now:#cf222e;--soon:#9a6700;--purge:#0969da;--fine:#1a7f37}
@media (prefers-color-scheme:dark){
:root{--ink:#e6edf3;--paper:#0d1117;--quiet:#8b949e;--line:#30363d;--now:#ff7b72;--soon:#d29922;\
--purge:#58a6ff;--fine:#3fb950}
}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;\
color:var(--ink);background:var(--paper)}
header{border-left:.5rem solid var(--now);padding:.2rem 1rem;margin-bottom:1.5rem}
header.publishable{border-color:var(--fine)}header.incomplete{border-color:var(--soon)}
h1{margin:0;font-size:1.8rem}header p{margin:.2rem 0}
h2{margin:2rem 0 .6rem;font-size:1.2rem}
.quiet{color:var(--quiet)}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;overflow-wrap:anywhere;padding:.4rem .6rem;\
border-bottom:1px solid var(--line)}
th,#leaks td:nth-child(3){overflow-wrap:normal}
th button{font:inherit;font-weight:600;border:0;background:none;padding:0;cursor:pointer;\
color:inherit}
#leaks td:nth-child(6){white-space:nowrap}#leaks td:nth-child(5){min-width:9rem}
td ul{margin:0;padding-left:1rem}
code,pre{font:13px ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap}
pre{background:color-mix(in srgb,var(--ink) 6%,transparent);padding:.5rem .8rem;margin:.4rem 0}
.rotate-now,.stop{color:var(--now);font-weight:600}.rotate{color:var(--soon);font-weight:600}\
.purge{color:var(--purge)}.harmless,.accepted,.look{color:var(--quiet)}
svg{display:block;width:100%;height:14px}
svg .all{fill:var(--line)}svg .life{fill:currentColor}
.lines td:first-child{width:26rem}.lines td{border:0;padding:.2rem .6rem}
a{color:var(--purge);overflow-wrap:anywhere}ol,ul{padding-left:1.5rem}
@media (max-width:48rem){body{margin:1rem auto}thead{position:absolute;left:-100vw}\
table,tbody,tr,td{display:block}td,.lines td{border:0;padding:.1rem 0;width:auto!important}\
tr{border-bottom:1px solid var(--line);padding:.5rem 0}\
td[data-head]::before{content:attr(data-head)": ";color:var(--quiet);font-weight:400}\
.lines td:empty{display:none}}
form{display:flex;gap:1rem;flex-wrap:wrap;margin:.5rem 0}
input,select{font:inherit}
[hidden]{display:none!important}
@media print{form{display:none}tr,li{break-inside:avoid}body{margin:0;max-width:none;\
font-size:11px}a{color:inherit}}
"""
# Reads the table as it stands; builds nothing from text.
_SCRIPT = """
'use strict';
(function () {
  var form = document.querySelector('form'), table = document.getElementById('leaks');
  if (!form || !table) return;
  var body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows), \
shown = document.getElementById('shown');
  function filter() {
    var words = form.text.value.toLowerCase(), count = 0;
    rows.forEach(function (row) {
      var fits = (!form.verdict.value || row.dataset.verdict === form.verdict.value) &&
        (!form.severity.value || row.dataset.severity === form.severity.value) \
&& row.textContent.toLowerCase().indexOf(words) >= 0;
      row.hidden = !fits;
      count += fits ? 1 : 0;
    });
    shown.textContent = count + ' of ' + rows.length;
  }
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, index) {
    var button = document.createElement('button'), down = -1;
    button.type = 'button';
    button.textContent = head.textContent;
    head.textContent = '';
    head.appendChild(button);
    button.addEventListener('click', function () {
      down = -down;
      rows.sort(function (a, b) {
        var x = a.cells[index].dataset.key, y = b.cells[index].dataset.key;
        return down * (x < y ? -1 : x > y ? 1 : 0);
      });
      rows.forEach(function (row) { body.appendChild(row); });
      Array.prototype.forEach.call(head.parentNode.cells, \
function (other) { other.removeAttribute('aria-sort'); });
      head.setAttribute('aria-sort', down > 0 ? 'ascending' : 'descending');
    });
  });
  form.addEventListener('input', filter);
  form.addEventListener('submit', function (event) { event.preventDefault(); });
  form.hidden = false;
  filter();
}());
"""
_HEADS = ('No.', 'Verdict', 'Severity', 'Finding', 'Place', 'First seen', 'Reached from')
_MAX_PATHS = 50
_MIN_BAR_PERCENT = 0.8  # a bar that is narrower cannot be seen


def write(answer: PublishReport, stream: TextIO, is_coloured: bool = False) -> None:
    """Write the whole page; colours are ignored."""
    stream.write(
        render_head(f'{answer.name}: {answer.verdict}', _STYLE, _SCRIPT)
        + f'<header class="{answer.verdict.replace(" ", "-")}">\n'
        f'<h1>{describe_verdict(answer)}</h1>\n'
        f'<p><bdi>{escape_html(answer.name)}</bdi>: {escape_html(describe_counts(answer))}.</p>\n'
        f'<p>{escape_html(describe_revocations(answer))}</p>\n'
        '<p class="quiet">No values are shown.</p>\n</header>\n'
    )
    stream.write(_render_lifetimes(answer))
    if answer.steps:
        steps = ''.join(_render_step(step) for step in answer.steps)
        stream.write(f'<h2>The plan, in this order</h2>\n<ol>\n{steps}</ol>\n')
    stream.write(_render_leaks(answer))
    stream.write(_render_exposures(answer))
    if answer.report.failures:
        items = ''.join(
            f'<li><code>{escape_html(failure.path)}</code>: {escape_html(failure.error)}</li>\n'
            for failure in answer.report.failures
        )
        stream.write(f'<h2>Not looked at</h2>\n<ul>\n{items}</ul>\n')
    amount = escape_html(describe_amount(answer.report))
    stream.write(
        f'<p class="quiet">{amount}. keylint {__version__}</p>\n'
        f'<script>{_SCRIPT}</script>\n</body>\n</html>\n'
    )


def _render_exposures(answer: PublishReport) -> str:
    if not answer.exposures:
        return ''
    rows = ''.join(
        f'<tr><td class="{level}">{level}</td><td>{escape_html(kind)}</td>'
        f'<td>{escape_html(what)}</td><td><ul>{_list_paths(paths)}</ul></td>'
        f'<td>{escape_html(seat)}</td></tr>\n'
        for level, kind, what, seat, paths in group_by_kind(answer.exposures)
    )
    head = _render_heads(('Level', 'Kind', 'What', 'Path', 'Where'))
    return (
        f'<h2>Would be published by mistake</h2>\n<table>\n<thead><tr>{head}</tr></thead>\n'
        f'<tbody>\n{rows}</tbody>\n</table>\n'
    )


def _list_paths(paths: list[str]) -> str:
    shown = ''.join(
        f'<li><bdi><code>{escape_html(path)}</code></bdi></li>' for path in paths[:_MAX_PATHS]
    )
    more = len(paths) - _MAX_PATHS
    return shown + (f'<li>and {more} more</li>' if more > 0 else '')


def _render_heads(names: tuple[str, ...]) -> str:
    return ''.join(f'<th scope="col">{name}</th>' for name in names)


def _render_lifetimes(answer: PublishReport) -> str:
    """Draw a bar for each leak that a commit holds, in the repository's own time."""
    if not answer.span[0]:
        return ''
    rows = ''.join(
        _render_lifetime(number, leak, answer.span) for number, leak in enumerate(answer.leaks, 1)
    )
    if not rows:
        return ''
    days = f'{answer.span[0][:10]} to {answer.span[1][:10]}'
    ends = f'<tr class="quiet"><td></td><td>The whole bar: {days}</td></tr>\n'
    return (
        '<h2>How long each leak has lived</h2>\n<table class="lines">\n'
        f'<tbody>\n{rows}{ends}</tbody>\n</table>\n'
    )


def _render_lifetime(number: int, leak: Leak, span: tuple[str, str]) -> str:
    """Draw the bar of one leak, from 0 to 100 for all of `span`; none if no commit holds it."""
    life = leak.finding.life
    if life is None or life.first is None:
        return ''
    start = 100 * position_in_span(life.first.committed, span)
    end = 100 * position_in_span(end_of_life(leak, span), span)
    width = max(end - start, _MIN_BAR_PERCENT)
    text = escape_html(describe_lifetime(leak))
    return (
        f'<tr><td>{number}. <bdi>{escape_html(leak.finding.title)}</bdi><br>'
        f'<span class="quiet">{text}</span></td><td>'
        f'<svg class="{leak.verdict.action}" viewBox="0 0 100 14" preserveAspectRatio="none" '
        f'role="img" aria-label="{text}">'
        '<rect class="all" x="0" y="6" width="100" height="2"/>'
        f'<rect class="life" x="{min(start, 100 - width):.2f}" y="2" '
        f'width="{width:.2f}" height="10"/></svg></td></tr>\n'
    )


def _render_step(step: PlanStep) -> str:
    actions = ''.join(_render_action(action) for action in step.actions)
    return (
        f'<li><strong>{escape_html(step.title)}</strong><br>'
        f'<span class="quiet">{escape_html(step.why)}</span>\n<ul>\n{actions}</ul></li>\n'
    )


def _render_action(action: PlanAction) -> str:
    text = escape_html(action.what)
    if action.link.startswith('https://'):
        link = escape_html(action.link)
        text += f' <a rel="noreferrer" href="{link}">{link}</a>'
    if action.details:
        details = ''.join(f'<li>{escape_html(detail)}</li>' for detail in action.details)
        text += f'<ol>{details}</ol>'
    if action.commands:
        commands = '\n'.join(escape_html(command) for command in action.commands)
        text += f'<pre>{commands}</pre>'
    return f'<li>{text}</li>\n'


def _render_leaks(answer: PublishReport) -> str:
    """Render the table; its controls are hidden until the script runs."""
    if not answer.leaks:
        return ''
    names = ''.join(f'<option value="{action}">{HEADS[action]}</option>' for action in ACTIONS)
    levels = ''.join(f'<option>{level}</option>' for level in reversed(SEVERITIES))
    form = (
        '<form hidden>\n<label>Text <input name="text" type="search"></label>\n'
        '<label>Verdict <select name="verdict">'
        f'<option value="">all</option>{names}</select></label>\n'
        '<label>Severity <select name="severity">'
        f'<option value="">all</option>{levels}</select></label>\n'
        '<output id="shown"></output>\n</form>\n'
    )
    head = _render_heads(_HEADS)
    rows = ''.join(_render_leak(number, leak) for number, leak in enumerate(answer.leaks, 1))
    return (
        f'<h2>Leaks</h2>\n{form}<table id="leaks">\n<thead><tr>{head}</tr></thead>\n'
        f'<tbody>\n{rows}</tbody>\n</table>\n'
    )


def _render_leak(number: int, leak: Leak) -> str:
    cells = _list_cells(number, leak)
    row = ''.join(
        f'<td data-key="{escape_html(key)}" data-head="{head}">{inner}</td>'
        for head, (key, inner) in zip(_HEADS, cells, strict=True)
    )
    action, severity = leak.verdict.action, leak.finding.severity
    return f'<tr data-verdict="{action}" data-severity="{severity}">{row}</tr>\n'


def _list_cells(number: int, leak: Leak) -> list[tuple[str, str]]:
    """Return the key by which each cell is sorted, as text, and the HTML in the cell."""
    finding, life, action = leak.finding, leak.finding.life, leak.verdict.action
    title, place = escape_html(finding.title), escape_html(describe_place(finding))
    first = life.first.committed[:10] if life is not None and life.first is not None else ''
    reasons = ''.join(
        f'<br><span class="quiet">{escape_html(reason)}</span>' for reason in leak.verdict.reasons
    )
    parts = ', '.join(f'{KIND_WORDS[part.role]} {part.preview}' for part in finding.parts)
    refs, reached = '', 'the work tree'
    if life is not None:
        refs = list_refs(life)
        reached = f'<bdi>{escape_html(refs)}</bdi>'
    urgency = len(SEVERITIES) - SEVERITIES.index(finding.severity)
    return [
        (f'{number:06}', str(number)),
        (str(ACTIONS.index(action)), f'<span class="{action}">{HEADS[action]}</span>{reasons}'),
        (str(urgency), finding.severity),
        (finding.title, f'<bdi>{title}</bdi><br><span class="quiet">{escape_html(parts)}</span>'),
        (f'{finding.path} {finding.place.line:09}', f'<bdi><code>{place}</code></bdi>'),
        (first, first),
        (refs, reached),
    ]
