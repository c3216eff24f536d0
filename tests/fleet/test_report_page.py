"""The page of a fleet's report in Chromium: very many rows, filtered, sorted and turned over."""

from __future__ import annotations

from pathlib import Path

import pytest

from keylint.fleet.report_html import write_table_html
from keylint.fleet.report_rows import FleetTable
from tests.browser import Browser, browser, needs_browser

__all__ = ['browser']
pytestmark = [pytest.mark.slow, needs_browser]

FIRST = "document.querySelector('tbody tr').innerText.split('\\t').join(' ')"
STATUS = "document.getElementById('status').textContent"
ACT = """
const form = document.querySelector('form');
const fill = (name, text) => {
  form.elements[name].value = text; form.dispatchEvent(new Event('input')); };
const press = name => Array.from(document.querySelectorAll('th button'))
  .find(one => one.textContent === name).click();
"""


def test_filter_sort_and_pages_of_very_many_rows(tmp_path: Path, browser: Browser) -> None:
    levels = ('high', 'critical', 'low')
    rows: list[tuple[str | int, ...]] = [
        (number, f'name {number % 1000:03}', levels[number % 3]) for number in range(30_000)
    ]
    page = tmp_path / 'fleet.html'
    table = FleetTable('credential', ('order', 'name', 'severity'), rows)
    page.write_text(write_table_html(table, 'About.'))
    browser.open(page)
    browser.value(ACT)
    steps = (
        ('0', '30000 of 30000, page 1 of 300', '0 name 000 high'),
        ('form.after.click()', '30000 of 30000, page 2 of 300', '100 name 100 critical'),
        ("press('severity')", '30000 of 30000, page 1 of 300', '1 name 001 critical'),
        ("press('severity')", '30000 of 30000, page 1 of 300', '2 name 002 low'),
        ("fill('text', 'NAME 017')", '30 of 30000, page 1 of 1', '17 name 017 low'),
        ("fill('severity', 'high')", '10 of 30000, page 1 of 1', '1017 name 017 high'),
        ("press('order')", '10 of 30000, page 1 of 1', '1017 name 017 high'),
        ("press('order')", '10 of 30000, page 1 of 1', '28017 name 017 high'),
        ("fill('text', '')", '10000 of 30000, page 1 of 100', '29997 name 997 high'),
    )
    for act, status, first in steps:
        browser.value(f'{act}; 0')
        assert (browser.value(STATUS), browser.value(FIRST)) == (status, first), act
    assert browser.value("document.querySelectorAll('*').length") < 1000
    assert browser.complaints() == []
