"""A small client of the Language Server Protocol, which starts a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

_MOST_SECONDS = 120
CAPABILITIES = {
    'textDocument': {'codeAction': {'resolveSupport': {'properties': ['edit']}}},
    'workspace': {'workspaceEdit': {'documentChanges': True, 'resourceOperations': ['create']}},
}


class Client:
    """Speaks to one server; what it says without being asked is kept."""

    def __init__(
        self,
        folder: Path,
        capabilities: dict[str, Any] | None = None,
        command: tuple[str, ...] = ('-m', 'keylint', 'lsp', '--stdio'),
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, 'PYTHONSAFEPATH': '1'},
        )
        self._watchdog = threading.Timer(_MOST_SECONDS, self._process.kill)
        self._watchdog.start()
        self._number = 0
        self.heard: list[dict[str, Any]] = []
        params = {
            'processId': None,
            'rootUri': folder.as_uri(),
            'capabilities': CAPABILITIES if capabilities is None else capabilities,
        }
        self.abilities = self.ask('initialize', params)['capabilities']
        self.tell('initialized', {})

    def tell(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({'jsonrpc': '2.0', 'method': method, 'params': params})

    def ask(self, method: str, params: Any = None) -> Any:
        """Send a request and return its result. Raises AssertionError for an error."""
        self._number += 1
        number = self._number
        message = {'jsonrpc': '2.0', 'id': number, 'method': method}
        self._send(message | ({} if params is None else {'params': params}))
        while (answer := self._read()).get('id') != number or 'method' in answer:
            self._hear(answer)
        assert 'error' not in answer, answer
        return answer.get('result')

    def wait(self, method: str, uri: str = '') -> dict[str, Any]:
        """Return the next notification of a method, of a text if one is given."""
        while True:
            for number, message in enumerate(self.heard):
                params: dict[str, Any] = message['params']
                if message['method'] == method and uri in ('', params.get('uri')):
                    del self.heard[number]
                    return params
            self._hear(self._read())

    def open(self, path: Path, text: str, language: str = 'python') -> list[dict[str, Any]]:
        """Open a text and return its diagnostics."""
        item = {'uri': path.as_uri(), 'languageId': language, 'version': 1, 'text': text}
        self.tell('textDocument/didOpen', {'textDocument': item})
        return self.wait_for_diagnostics(path)

    def change(self, path: Path, text: str, version: int = 2) -> list[dict[str, Any]]:
        """Put a text in the place of one and return its diagnostics."""
        document = {'uri': path.as_uri(), 'version': version}
        params = {'textDocument': document, 'contentChanges': [{'text': text}]}
        self.tell('textDocument/didChange', params)
        return self.wait_for_diagnostics(path)

    def save(self, path: Path) -> None:
        """Say that a text was saved."""
        self.tell('textDocument/didSave', {'textDocument': {'uri': path.as_uri()}})

    def close(self, path: Path) -> None:
        """Close a text."""
        self.tell('textDocument/didClose', {'textDocument': {'uri': path.as_uri()}})
        assert self.wait_for_diagnostics(path) == []

    def wait_for_diagnostics(self, path: Path) -> list[dict[str, Any]]:
        """Return the next diagnostics of a text."""
        found = self.wait('textDocument/publishDiagnostics', path.as_uri())['diagnostics']
        assert isinstance(found, list)
        return found

    def act(self, path: Path, diagnostic: dict[str, Any], title: str) -> dict[str, Any]:
        """Return the action of a diagnostic whose title holds a text, with its edit."""
        params = {
            'textDocument': {'uri': path.as_uri()},
            'range': diagnostic['range'],
            'context': {'diagnostics': [diagnostic]},
        }
        actions = self.ask('textDocument/codeAction', params)
        action = next(action for action in actions if title in action['title'])
        assert isinstance(action, dict)
        if 'command' in action or 'edit' in action or 'disabled' in action:
            return action
        resolved = self.ask('codeAction/resolve', action)
        assert isinstance(resolved, dict)
        return resolved

    def stop(self) -> tuple[int, str]:
        """Shut the server down; return its exit code and what it wrote on standard error."""
        assert self.ask('shutdown') is None
        self.tell('exit', None)
        assert self._process.stdin is not None
        assert self._process.stderr is not None
        self._process.stdin.close()
        code = self._process.wait()
        self._watchdog.cancel()
        return code, self._process.stderr.read().decode()

    def _send(self, message: dict[str, Any]) -> None:
        self.send_bytes(json.dumps(message).encode())

    def send_bytes(self, body: bytes) -> None:
        """Send the body of a message, whatever it is."""
        assert self._process.stdin is not None
        self._process.stdin.write(b'Content-Length: %d\r\n\r\n%b' % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while (line := self._process.stdout.readline().strip()) or not length:
            name, _, value = line.partition(b': ')
            assert line, 'the server has ended'
            if name == b'Content-Length':
                length = int(value)
        message = json.loads(self._process.stdout.read(length))
        assert isinstance(message, dict)
        return message

    def _hear(self, message: dict[str, Any]) -> None:
        if 'method' in message and 'id' in message:
            self._send({'jsonrpc': '2.0', 'id': message['id'], 'result': None})
        else:
            self.heard.append(message)


def apply_edit(edit: dict[str, Any], texts: dict[str, str]) -> dict[str, str]:
    """Apply an edit of a workspace to texts by their addresses, as an editor does."""
    after = dict(texts)
    rows = edit.get('documentChanges') or [
        {'textDocument': {'uri': uri}, 'edits': edits} for uri, edits in edit['changes'].items()
    ]
    for row in rows:
        if row.get('kind') == 'create':
            after.setdefault(row['uri'], '')
            continue
        uri = row['textDocument']['uri']
        text = after.get(uri, '')
        for one in sorted(row['edits'], key=lambda one: -find_offset(text, one['range']['start'])):
            start, end = (find_offset(text, one['range'][side]) for side in ('start', 'end'))
            text = text[:start] + one['newText'] + text[end:]
        after[uri] = text
    return after


def find_offset(text: str, position: dict[str, int]) -> int:
    """Return the offset of a position, counted in UTF-16."""
    lines = text.split('\n')
    before = sum(len(line) + 1 for line in lines[: position['line']])
    if position['line'] >= len(lines):
        return len(text)
    line = lines[position['line']].encode('utf-16-le')[: position['character'] * 2]
    return before + len(line.decode('utf-16-le'))
