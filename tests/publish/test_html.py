"""The HTML of `keylint publish` in a real browser.

No errors, no requests, filters and sorting, no markup from names, readable without scripts.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run

BROWSER = next(
    (
        found
        for name in ('chromium', 'chromium-browser', 'google-chrome', 'chrome')
        if (found := shutil.which(name))
    ),
    None,
)
HOSTILE = '"><img src=x onerror=alert(1)><script>document.title="owned"</script>&lt;'
FOLDER = '<b onmouseover=alert(2)>'
needs_browser = pytest.mark.skipif(
    BROWSER is None, reason='no Chromium on the PATH: the page is only read as text'
)
# Puts the pipes where Chromium wants them: it reads commands from 3 and writes answers to 4.
PIPED = (
    'import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); '
    'os.execv(sys.argv[3], sys.argv[3:])'
)


class Browser:
    """Chromium without a window, spoken to over its debugging pipe.

    Keeps what the page complained of and asked for.
    """

    def __init__(self, folder: Path) -> None:
        command_out, self._in = os.pipe()
        self._out, answer_in = os.pipe()
        pipes = [fcntl.fcntl(pipe, fcntl.F_DUPFD, 10) for pipe in (command_out, answer_in)]
        flags = [
            '--headless',
            '--no-sandbox',
            '--disable-gpu',
            '--disable-dev-shm-usage',
            '--remote-debugging-pipe',
            f'--user-data-dir={folder}',
        ]
        command = [
            sys.executable,
            '-c',
            PIPED,
            *map(str, pipes),
            BROWSER or '',
            *flags,
            'about:blank',
        ]
        self._process = subprocess.Popen(
            command, pass_fds=pipes, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for pipe in (command_out, answer_in, *pipes):
            os.close(pipe)
        self._rest = b''
        self._number = 0
        self.events: list[dict[str, Any]] = []
        target = self.ask('Target.createTarget', url='about:blank')['targetId']
        self._session = self.ask('Target.attachToTarget', targetId=target, flatten=True)[
            'sessionId'
        ]
        for domain in ('Page', 'Runtime', 'Log', 'Network'):
            self.ask(f'{domain}.enable')

    _session = ''

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {'id': self._number, 'method': method, 'params': parameters} | (
            {'sessionId': self._session} if self._session else {}
        )
        os.write(self._in, json.dumps(message).encode() + b'\x00')
        while True:
            answer = self._next()
            if answer.get('id') == self._number:
                assert 'error' not in answer, answer
                result: dict[str, Any] = answer['result']
                return result
            self.events.append(answer)

    def _next(self) -> dict[str, Any]:
        while b'\x00' not in self._rest:
            assert select.select([self._out], [], [], 60)[0], 'the browser is silent'
            data = os.read(self._out, 1 << 16)
            assert data, 'the browser has ended'
            self._rest += data
        line, _, self._rest = self._rest.partition(b'\x00')
        answer: dict[str, Any] = json.loads(line)
        return answer

    def open(self, page: Path) -> None:
        self.ask('Page.navigate', url=page.as_uri())
        while not any(event.get('method') == 'Page.loadEventFired' for event in self.events):
            self.events.append(self._next())

    def value(self, expression: str) -> Any:
        result = self.ask('Runtime.evaluate', expression=expression, returnByValue=True)
        assert 'exceptionDetails' not in result, result
        return result['result'].get('value')

    def complaints(self) -> list[str]:
        """Errors, messages on the console, dialogs, and requests for anything but the page."""
        self.value('1')
        found = [
            json.dumps(event['params'])
            for event in self.events
            if event.get('method')
            in (
                'Runtime.exceptionThrown',
                'Runtime.consoleAPICalled',
                'Log.entryAdded',
                'Page.javascriptDialogOpening',
            )
        ]
        asked = [
            event['params']['request']['url']
            for event in self.events
            if event.get('method') == 'Network.requestWillBeSent'
        ]
        return found + [url for url in asked if not url.startswith('file:')]

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(30)
        os.close(self._in)
        os.close(self._out)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    made = Browser(tmp_path / 'profile')
    yield made
    made.close()
    for _ in range(20):  # its children may still be writing
        shutil.rmtree(tmp_path / 'profile', ignore_errors=True)
        if not (tmp_path / 'profile').exists():
            return
        time.sleep(0.1)


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
