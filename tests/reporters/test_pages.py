"""The HTML of scan, keys and publish as people see it.

On a phone, on half a screen and on a whole one, light and dark, on paper, by keyboard, without
scripts. `python -m tests.reporters.pictures FOLDER` takes pictures of all of them.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.browser import Browser, browser, needs_browser
from tests.conftest import Run
from tests.reporters.pictures import WIDTHS, write_pages

__all__ = ['browser']
pytestmark = [pytest.mark.slow, needs_browser]

# What does not fit into the window, and text that has no room for its words.
OUTSIDE = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
SQUEEZED = """
Array.from(document.querySelectorAll('td, th, dd, dt, li, p, h1, h2')).filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && box.width < 40 && box.height > 3 * box.width && e.innerText.length > 3;
}).map(e => e.innerText.slice(0, 40)).join('|')
"""
# Contrast of the text of every element with the page, by WCAG; 4.5 is its level AA.
FAINT = """
(() => {
  const light = colour => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(v => {
    v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const page = light(getComputedStyle(document.body).backgroundColor);
  return Array.from(document.querySelectorAll('body *')).filter(e => {
    if (!Array.from(e.childNodes).some(n => n.nodeType === 3 && n.data.trim())) return false;
    if (['SCRIPT', 'STYLE', 'OPTION'].includes(e.tagName)) return false;
    const text = light(getComputedStyle(e).color);
    return (Math.max(text, page) + 0.05) / (Math.min(text, page) + 0.05) < 4.5;
  }).map(e => e.tagName + ' ' + e.innerText.slice(0, 30)).join('|');
})()
"""


@pytest.fixture(scope='module')
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return write_pages(tmp_path_factory.mktemp('pages'))


def test_every_page_fits_every_screen_in_light_and_in_dark(
    pages: dict[str, Path], browser: Browser
) -> None:
    wrong: list[tuple[str, object, object]] = []
    for name, page in pages.items():
        browser.open(page)
        for width in WIDTHS:
            browser.resize(width)
            wrong += [(name, width, found) for found in (browser.value(OUTSIDE),) if found]
            wrong += [(name, width, found) for found in (browser.value(SQUEEZED),) if found]
        for scheme in ('light', 'dark'):
            browser.ask(
                'Emulation.setEmulatedMedia',
                features=[{'name': 'prefers-color-scheme', 'value': scheme}],
            )
            wrong += [(name, scheme, found) for found in (browser.value(FAINT),) if found]
        assert browser.complaints() == []
    assert wrong == []


def test_every_page_is_whole_on_paper_and_without_scripts(
    pages: dict[str, Path], browser: Browser
) -> None:
    browser.ask('Emulation.setEmulatedMedia', media='print')
    for page in pages.values():
        browser.open(page)
        assert browser.value('Array.from(document.forms).every(f => !f.offsetHeight)')
        shown = browser.value('document.body.innerText').replace('\n', ' ')
        assert 'arbitrage' in shown
    browser.ask('Emulation.setScriptExecutionDisabled', value=True)
    for page in pages.values():
        browser.open(page)
        root = browser.ask('DOM.getDocument', depth=-1)['root']['nodeId']
        text = browser.ask('DOM.getOuterHTML', nodeId=root)['outerHTML']
        assert text.count('<form') == text.count('<form hidden')
        assert 'arbitrage' in text
        assert browser.complaints() == []


def test_all_controls_are_reached_by_keyboard(pages: dict[str, Path], browser: Browser) -> None:
    for name in ('scan', 'publish'):
        browser.open(pages[name])
        reached = []
        for _ in range(12):
            for kind in ('keyDown', 'keyUp'):
                browser.ask('Input.dispatchKeyEvent', type=kind, key='Tab', code='Tab',
                            windowsVirtualKeyCode=9)  # fmt: skip
            reached.append(browser.value('document.activeElement.tagName'))
        wanted = {'INPUT', 'SELECT', 'BUTTON'} if name == 'scan' else {'A'}
        assert wanted <= set(reached), (name, reached)


def test_the_pages_link_to_the_issuers(pages: dict[str, Path]) -> None:
    """Only addresses of the rules are links: those of the scanned tree stay text."""
    for name in ('scan', 'publish'):
        text = pages[name].read_text(encoding='utf-8')
        assert '<a rel="noreferrer" href="https://www.kraken.com/u/security/api">' in text


def test_an_address_of_the_tree_is_no_link(keylint: Run, tmp_path: Path) -> None:
    inventory = 'keys:\n  - exchange: kraken\n    label: https://evil.example/x\n'
    (tmp_path / 'keys.yaml').write_text(f'{inventory}    permissions: [withdraw]\n')
    subprocess.run(['git', 'init', '-q', '.'], cwd=tmp_path, check=True)
    text = keylint('scan', '--isolated', '--format', 'html').stdout
    assert 'evil.example' in text
    assert 'href="https://evil' not in text
