"""Write a fleet's table as one HTML file that shows a page of rows at a time.

Rows are data, not markup: the script makes elements of a hundred at a time and sets their text, so
that 100,000 open as fast as ten. Without JavaScript the first rows are there.
"""

from __future__ import annotations

import json

from keylint._version import __version__
from keylint.fleet.report_rows import FleetTable
from keylint.reporters.page import escape_html, render_head
from keylint.reporters.text import sanitize_text

_SHOWN_ROWS = 100
_STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:100rem;padding:0 1rem;\
color:#1f2328;background:#fff}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;overflow-wrap:anywhere}
th{border-bottom:2px solid #8c959f}
td{border-bottom:1px solid #d0d7de}
button,input,select{font:inherit}
th button{font-weight:600;border:0;background:none;padding:0;cursor:pointer;color:inherit}
form{display:flex;gap:1rem;flex-wrap:wrap;align-items:baseline;margin:1rem 0}
.quiet{color:#57606a}
[hidden]{display:none!important}
@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}td{border-color:#30363d}\
.quiet{color:#8b949e}}
"""
# Makes elements and sets their text; builds no markup from text.
_SCRIPT = """
'use strict';
(function () {
  var SIZE = 100, LEVELS = ['critical', 'high', 'medium', 'low', 'info'];
  var data = JSON.parse(document.getElementById('rows').textContent);
  var rows = data.rows, page = 0, sorted = -1, down = 1;
  // Numbers of rows: all in the order that was chosen, and those that the filter lets through.
  var ordered = rows.map(function (row, number) { return number; }), shown = ordered;
  var lower = rows.map(function (row) { return row.join(' ').toLowerCase(); });
  var form = document.querySelector('form'), table = document.querySelector('table');
  var body = table.tBodies[0], status = document.getElementById('status');
  var column = data.columns.indexOf('severity');
  if (column < 0) column = data.columns.indexOf('worst');
  function draw() {
    var last = Math.max(0, Math.ceil(shown.length / SIZE) - 1);
    page = Math.min(Math.max(page, 0), last);
    body.textContent = '';
    shown.slice(page * SIZE, (page + 1) * SIZE).forEach(function (number) {
      var line = body.insertRow();
      rows[number].forEach(function (value) { line.insertCell().textContent = value; });
    });
    status.textContent = shown.length + ' of ' + rows.length + ', page ' + (page + 1) + ' of ' + \
(last + 1);
    form.before.disabled = page === 0;
    form.after.disabled = page === last;
  }
  function filter() {
    var words = form.text.value.toLowerCase(), severity = form.severity.value;
    shown = ordered.filter(function (number) {
      return (!severity || rows[number][column] === severity) &&
        lower[number].indexOf(words) >= 0;
    });
    page = 0;
    draw();
  }
  function rank(value) {
    var place = LEVELS.indexOf(value);
    return place < 0 ? value : place;
  }
  function order(index) {
    var keys = rows.map(function (row) { return rank(row[index]); });
    down = sorted === index ? -down : 1;
    sorted = index;
    ordered = rows.map(function (row, number) { return number; }).sort(function (a, b) {
      return down * (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : 0);
    });
    filter();
  }
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, index) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.textContent = '';
    head.appendChild(button);
    button.addEventListener('click', function () { order(index); });
  });
  form.addEventListener('input', filter);
  form.addEventListener('submit', function (event) { event.preventDefault(); });
  form.before.addEventListener('click', function () { page -= 1; draw(); });
  form.after.addEventListener('click', function () { page += 1; draw(); });
  form.hidden = false;
  document.getElementById('first').hidden = true;
  draw();
}());
"""


def write_table_html(table: FleetTable, about: str) -> str:
    """Write a table; `about` says in a sentence what it shows."""
    title = f'keylint fleet, by {table.kind}'
    first = table.rows[:_SHOWN_ROWS]
    rest = len(table.rows) - len(first)
    more = f'The first {len(first)} rows; JavaScript shows the other {rest}.' if rest else ''
    return (
        render_head(title, _STYLE, _SCRIPT)
        + f'<h1>{escape_html(title)}</h1>\n<p>{escape_html(about)} No values are shown.</p>\n'
        + _build_controls()
        + f'<p id="first" class="quiet">{more}</p>\n<table>\n<thead><tr>'
        + ''.join(f'<th scope="col">{escape_html(name)}</th>' for name in table.columns)
        + '</tr></thead>\n<tbody>\n'
        + ''.join(map(_build_row, first))
        + '</tbody>\n</table>\n'
        + f'<p class="quiet">keylint {__version__}</p>\n'
        + f'<script id="rows" type="application/json">{_embed_rows(table)}</script>\n'
        + f'<script>{_SCRIPT}</script>\n</body>\n</html>\n'
    )


def _build_controls() -> str:
    """Build the filter and the buttons, hidden until the script runs."""
    levels = ''.join(
        f'<option>{level}</option>' for level in ('critical', 'high', 'medium', 'low', 'info')
    )
    return (
        '<form hidden>\n<label>Text <input name="text" type="search"></label>\n'
        f'<label>Severity <select name="severity"><option value="">all</option>{levels}</select>'
        '</label>\n<button type="button" name="before">before</button>\n'
        '<button type="button" name="after">after</button>\n<output id="status">'
        '</output>\n</form>\n'
    )


def _build_row(row: tuple[str | int, ...]) -> str:
    return '<tr>' + ''.join(f'<td>{escape_html(str(cell))}</td>' for cell in row) + '</tr>\n'


def _embed_rows(table: FleetTable) -> str:
    """Write the rows as JSON that cannot end its element."""
    rows = [
        [cell if isinstance(cell, int) else sanitize_text(cell) for cell in row]
        for row in table.rows
    ]
    text = json.dumps({'columns': table.columns, 'rows': rows}, separators=(',', ':'))
    for char in '<>&#':
        text = text.replace(char, f'\\u{ord(char):04x}')
    return text
