"""Drive Chromium without a window, for tests of pages and for their pictures."""

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

BROWSER = next(
    (
        found
        for name in ('chromium', 'chromium-browser', 'google-chrome', 'chrome')
        if (found := shutil.which(name))
    ),
    None,
)
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
        self.events.clear()
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

    def resize(self, width: int, height: int = 800) -> None:
        self.ask(
            'Emulation.setDeviceMetricsOverride',
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

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
