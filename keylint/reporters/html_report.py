"""Write one HTML file that needs nothing else, neither network nor JavaScript.

With JavaScript rows sort and filter. Everything that comes from the scanned tree is escaped, and
the Content-Security-Policy names the one script and the one style by hash.
"""

from __future__ import annotations

import os
import time
from typing import TextIO

from keylint._version import __version__
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.core.terms import KIND_WORDS, SEVERITIES
from keylint.reporters.issuer_pages import find_issuer_pages, split_page
from keylint.reporters.lifetimes import format_lifetime
from keylint.reporters.order import format_counts, sort_by_severity
from keylint.reporters.page import escape_html, render_head
from keylint.reporters.places import find_root
from keylint.reporters.text import format_inner_place
from keylint.reporters.text_report import list_hidden

# A backslash at the end of a line joins it to the next one.
_STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem;\
color:#1f2328;background:#fff}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem}
th{border-bottom:2px solid #8c959f;white-space:nowrap}
tbody{border-bottom:1px solid #d0d7de}
th button{font:inherit;font-weight:600;border:0;background:none;padding:0;cursor:pointer;\
color:inherit}
.more td{padding-top:0}
.more ol,.more p,.more pre{margin:.2rem 0}
td{overflow-wrap:anywhere}td:first-child{overflow-wrap:normal}
code,pre{font:13px ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap}
.critical,.high{color:#cf222e;font-weight:600}.medium{color:#9a6700;font-weight:600}\
.low,.info,.quiet{color:#57606a}
form{display:flex;gap:1rem;flex-wrap:wrap;margin:1rem 0}
input,select{font:inherit}
[hidden]{display:none!important}
@media (max-width:48rem){body{margin:1rem auto}thead{position:absolute;left:-100vw}\
table,tbody,tr,td{display:block}tbody{padding:.5rem 0}td{padding:.1rem 0}\
td:first-child,td:nth-child(2){font-weight:600}.more td:first-child{display:none}\
.more td{font-weight:400!important}.more ol,.more ul{padding-left:1.3rem}}
@media (prefers-color-scheme:dark){
body{background:#0d1117;color:#e6edf3}tbody{border-color:#30363d}\
.quiet,.low,.info{color:#8b949e}.critical,.high{color:#ff7b72}.medium{color:#d29922}a{color:#58a6ff}
}
@media print{form{display:none}tbody{break-inside:avoid}\
body{margin:0;max-width:none;font-size:11px}a{color:inherit;text-decoration:none}}
"""
# Sorts and hides rows that are there; builds no markup from text.
_SCRIPT = """
'use strict';
(function () {
  var form = document.querySelector('form'), table = document.querySelector('table');
  if (!form || !table) return;
  var rows = Array.prototype.slice.call(table.tBodies), shown = document.getElementById('shown');
  function filter() {
    var words = form.text.value.toLowerCase(), count = 0;
    rows.forEach(function (row) {
      var fits = (!form.severity.value || row.dataset.severity === form.severity.value) &&
        (!form.state.value || row.dataset.state === form.state.value) && \
row.textContent.toLowerCase().indexOf(words) >= 0;
      row.hidden = !fits;
      count += fits ? 1 : 0;
    });
    shown.textContent = count + ' of ' + rows.length;
  }
  function sort(index, button) {
    var down = button.dataset.down === '1' ? -1 : 1;
    button.dataset.down = down === 1 ? '1' : '';
    rows.sort(function (a, b) {
      var x = a.rows[0].cells[index].dataset.key, y = b.rows[0].cells[index].dataset.key;
      return down * (x < y ? -1 : x > y ? 1 : 0);
    });
    rows.forEach(function (row) { table.appendChild(row); });
  }
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, index) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.textContent = '';
    head.appendChild(button);
    button.addEventListener('click', function () { sort(index, button); });
  });
  form.addEventListener('input', filter);
  form.addEventListener('submit', function (event) { event.preventDefault(); });
  form.hidden = false;
  filter();
}());
"""
_COLUMNS = ('Severity', 'Finding', 'Place', 'Rule', 'State')


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Write all findings, the worst first; accepted ones are marked."""
    stream.write(
        render_head(f'keylint: {format_counts(report)}', _STYLE, _SCRIPT)
        + f'<h1><bdi>{escape_html(os.path.basename(find_root(report.paths)))}</bdi></h1>\n'
        f'<p>{escape_html(format_counts(report))}. No values are shown.</p>\n'
        f'<p class="quiet">keylint {__version__}, {_format_day(config.today)}</p>\n'
    )
    if report.findings:
        stream.write(
            _build_controls()
            + '<table>\n<thead><tr>'
            + ''.join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
            + '</tr></thead>\n'
        )
        pages = find_issuer_pages(report.findings, config)
        stream.writelines(
            _build_rows(finding, pages.get(finding.issuer or '', ''))
            for finding in sort_by_severity(report.findings)
        )
        stream.write('</table>\n')
    stream.write(
        _build_list('Not scanned', [(failure.path, failure.error) for failure in report.failures])
    )
    stream.write(
        _build_list(
            'Warnings',
            [(f'{warned.path}:{warned.line}', warned.message) for warned in report.warnings],
        )
    )
    stream.write(
        _build_list(
            'Skipped on purpose',
            [(why, str(count)) for why, count in sorted(report.skipped.items())],
        )
    )
    stream.writelines(f'<p>{line}.</p>\n' for line in list_hidden(report, config))
    stream.write(f'<script>{_SCRIPT}</script>\n</body>\n</html>\n')


def _format_day(today: str | None) -> str:
    return today or time.strftime('%Y-%m-%d', time.gmtime())


def _build_controls() -> str:
    """Build the filters, hidden until the script runs: without it they would do nothing."""
    levels = ''.join(f'<option>{level}</option>' for level in reversed(SEVERITIES))
    states = ''.join(f'<option>{state}</option>' for state in ('open', 'suppressed', 'known'))
    return (
        '<form hidden>\n<label>Text <input name="text" type="search"></label>\n'
        '<label>Severity <select name="severity"><option value="">all</option>'
        f'{levels}</select></label>\n'
        '<label>State <select name="state"><option value="">all</option>'
        f'{states}</select></label>\n'
        '<output id="shown"></output>\n</form>\n'
    )


def _build_rows(finding: Finding, page: str) -> str:
    """Build two rows in a body of their own, so that they are sorted and hidden together."""
    where = f'{finding.path}:{finding.place.line}:{finding.place.column}'
    inner_place = format_inner_place(finding)
    note = f' <span class="quiet">{escape_html(inner_place)}</span>' if inner_place else ''
    state = f'{finding.state}: {finding.reason}' if finding.reason else finding.state
    rank = len(SEVERITIES) - SEVERITIES.index(finding.severity)
    cells = (
        (f'{rank}', f'<span class="{finding.severity}">{finding.severity}</span>'),
        (finding.title, escape_html(finding.title)),
        (
            f'{finding.path} {finding.place.line:09}',
            f'<bdi><code>{escape_html(where)}</code></bdi>{note}',
        ),
        (
            finding.rule,
            f'<a href="{escape_html(finding.help_url)}">{escape_html(finding.rule)}</a>',
        ),
        (finding.state, escape_html(state)),
    )
    row = ''.join(f'<td data-key="{escape_html(key)}">{inner}</td>' for key, inner in cells)
    return (
        f'<tbody data-severity="{finding.severity}" data-state="{escape_html(finding.state)}">\n'
        f'<tr>{row}</tr>\n'
        f'<tr class="more"><td></td><td colspan="4">{_build_details(finding, page)}</td></tr>\n'
        '</tbody>\n'
    )


def _build_details(finding: Finding, page: str) -> str:
    parts = ', '.join(
        f'{KIND_WORDS[part.role]} {part.preview} line {part.place.line}' for part in finding.parts
    )
    related = ''.join(
        f'<li>{escape_html(other.note)}: '
        f'<code>{escape_html(f"{other.path}:{other.place.line}")}</code></li>'
        for other in finding.related
    )
    copies = ', '.join(f'{one.path}:{one.place.line}' for one in finding.copies)
    lines = '\n'.join(escape_html(str(line)) for line in finding.excerpt)
    steps = ''.join(f'<li>{_build_step(step, page)}</li>' for step in finding.do)
    return (
        (f'<pre>{lines}</pre>' if lines else '')
        + (f'<p class="quiet">{escape_html(parts)}</p>' if parts else '')
        + (f'<p class="quiet">also {escape_html(copies)}</p>' if copies else '')
        + (f'<p class="quiet">{escape_html(format_lifetime(finding))}</p>' if finding.life else '')
        + f'<p>{escape_html(finding.message)}</p>'
        + (f'<ul>{related}</ul>' if related else '')
        + (f'<ol>{steps}</ol>' if steps else '')
    )


def _build_step(step: str, page: str) -> str:
    what, link = split_page(step, page)
    if not link:
        return escape_html(step)
    address = escape_html(link)
    return f'{escape_html(what)} <a rel="noreferrer" href="{address}">{address}</a>'


def _build_list(head: str, rows: list[tuple[str, str]]) -> str:
    items = ''.join(
        f'<li><code>{escape_html(name)}</code>: {escape_html(text)}</li>\n' for name, text in rows
    )
    return f'<h2>{head}</h2>\n<ul>\n{items}</ul>\n' if rows else ''
