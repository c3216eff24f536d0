"""The HTML of `keylint publish` in a real browser.

No errors, no requests, filters and sorting, no markup from names, readable without scripts.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from keylint.rules.recipes import expand_recipes
from tests.browser import Browser, browser, needs_browser
from tests.conftest import Repository, Run

__all__ = ['browser']

HOSTILE = '"><img src=x onerror=alert(1)><script>document.title="owned"</script>&lt;'
FOLDER = '<b onmouseover=alert(2)>'


@pytest.fixture
def page(repository: Repository, keylint: Run, tmp_path: Path) -> Path:
    """Provide a report on hostile names, with leaks of three verdicts."""
    repository.write(
        f'{FOLDER}/{HOSTILE.replace("/", "")}.py',
        expand_recipes('KRAKEN_KEY = "{base64:42}"\nKRAKEN_SECRET = "{base64:64}"\n', 'html'),
    )
    repository.write(f'{HOSTILE.replace("/", "")}.log', 'x')
    repository.commit(f'{HOSTILE}')
    repository.write(
        'b.json',
        expand_recipes(
            '{{"exchange": {{"name": "binance", "key": "{alnum:64}", "secret": "{alnum:64}"}}}}\n',
            'html',
        ),
    )
    repository.commit()
    repository.git(
        'update-ref',
        f'refs/remotes/origin/{HOSTILE.replace("/", "").replace(" ", "")[:20]}',
        'HEAD',
    )
    repository.write(
        't.py',
        expand_recipes(
            'BINANCE_TESTNET_API_KEY={alnum:64}\nBINANCE_TESTNET_API_SECRET={alnum:64}\n', 'testnet'
        ),
    )
    repository.commit()
    done = keylint(
        'publish',
        str(repository.folder),
        '--format',
        'html',
        '--output',
        str(tmp_path / 'report.html'),
    )
    assert (done.returncode, done.stdout) == (1, '')
    return tmp_path / 'report.html'


def test_the_page_as_text(page: Path) -> None:
    text = page.read_text(encoding='utf-8')
    assert '<img' not in text
    assert text.count('<script') == 1
    assert '<b ' not in text
    assert "default-src 'none'" in text
    assert '&lt;img src=x' in text
    assert (
        text.index('No: do not publish this yet')
        < text.index('How long each leak has lived')
        < text.index('The plan, in this order')
    )


@needs_browser
def test_the_page_in_a_browser(page: Path, browser: Browser) -> None:
    browser.open(page)
    assert browser.complaints() == []
    assert browser.value('document.title').startswith('repository: not publishable')
    assert (
        browser.value(
            'document.querySelectorAll("img, b, script:not(:last-of-type), [onerror], '
            '[onmouseover]").length'
        )
        == 0
    )
    rows = 'Array.from(document.querySelectorAll("#leaks tbody tr")).filter(r => !r.hidden)'
    assert browser.value(f'{rows}.length') == 3
    assert browser.value('document.getElementById("shown").textContent') == '3 of 3'
    choose = (
        'const f = document.forms[0]; f.verdict.value = "harmless"; '
        'f.verdict.dispatchEvent(new Event("input", {bubbles: true}))'
    )
    browser.value(f'(() => {{ {choose} }})()')
    assert browser.value(f'{rows}.map(r => r.dataset.verdict).join()') == 'harmless'
    reset = (
        choose.replace('"harmless"', '""')
        + '; f.text.value = "KRAKEN"; f.text.dispatchEvent(new Event("input", {bubbles: true}))'
    )
    browser.value(f'(() => {{ {reset} }})()')
    assert browser.value(f'{rows}.length') == 1
    browser.value(
        'document.forms[0].text.value = ""; document.forms[0].text.dispatchEvent(new '
        'Event("input", {bubbles: true}))'
    )
    button = 'document.querySelectorAll("#leaks th button")[0]'
    assert browser.value(f'{rows}.map(r => r.cells[0].textContent).join()') == '1,2,3'
    browser.value(f'{button}.click()')
    browser.value(f'{button}.click()')
    assert browser.value(f'{rows}.map(r => r.cells[0].textContent).join()') == '3,2,1'
    assert browser.value(f'{button}.parentNode.getAttribute("aria-sort")') == 'descending'
    assert browser.value('document.querySelectorAll("svg rect.life").length') == 3
    assert browser.value('document.documentElement.scrollWidth <= window.innerWidth') is True
    assert browser.complaints() == []


@needs_browser
def test_the_page_on_paper(page: Path, browser: Browser) -> None:
    browser.open(page)
    browser.ask('Emulation.setEmulatedMedia', media='print')
    assert browser.value('getComputedStyle(document.forms[0]).display') == 'none'


@needs_browser
def test_the_page_without_scripts(page: Path, browser: Browser) -> None:
    browser.ask('Emulation.setScriptExecutionDisabled', value=True)
    browser.open(page)
    text = browser.ask(
        'DOM.getOuterHTML', nodeId=browser.ask('DOM.getDocument', depth=-1)['root']['nodeId']
    )['outerHTML']
    assert '<form hidden' in text
    assert '<th scope="col">Verdict</th>' in text
    assert text.count('<tr data-verdict=') == 3
    assert browser.complaints() == []


def test_the_page_names_what_was_not_looked_at(repository: Repository, keylint: Run) -> None:
    repository.write('<b>.zip', 'PK\x03\x04, and no directory')
    repository.commit()
    page = keylint('publish', '.', '--format', 'html', cwd=repository.folder).stdout
    missing = page.partition('<h2>Not looked at</h2>')[2]
    assert '<li><code>&lt;b&gt;.zip</code>: ' in missing
