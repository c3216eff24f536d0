"""Keep what was found in each open text of an editor, and show it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import TypeVar

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from keylint._version import __version__
from keylint.core.config import Config
from keylint.core.errors import KeylintError, describe_crash
from keylint.core.model import Finding
from keylint.fix.edits import UnfixableError
from keylint.lsp.delays import Cancellable, Debouncer
from keylint.lsp.diagnostics import list_diagnostics, list_ranges
from keylint.lsp.documents import CheckedText, check_text, is_left_out
from keylint.lsp.positions import PositionMap, do_meet
from keylint.lsp.schemas import choose_schema

DELAY_SECONDS = 0.25
Result = TypeVar('Result')


class KeylintServer(LanguageServer):
    """Keeps what was found in each open text."""

    def __init__(self) -> None:
        super().__init__('keylint', __version__)
        self.checked: dict[str, CheckedText] = {}
        self.debouncer = Debouncer(_schedule, DELAY_SECONDS)
        self._left_out: dict[str, bool] = {}
        self._shown_error = ''
        self.is_shut_down = False

    def report_server_error(self, error: Exception, source: object) -> None:
        """Say that a message was not understood, without a word of it."""
        self.show_message(f'keylint: {describe_crash(error)}')

    def show_message(self, text: str) -> None:
        """Show a message in the editor."""
        params = types.ShowMessageParams(types.MessageType.Warning, text)
        self.window_show_message(params)

    def guard(self, work: Callable[[], Result], failed: Result) -> Result:
        """Do some work; an accident is told in one message, and gives `failed`."""
        try:
            return work()
        except (KeylintError, UnfixableError) as error:
            self.show_message(f'keylint: {error}')
        except Exception as error:  # noqa: BLE001 - its text may quote the file
            self.show_message(f'keylint: an error of keylint itself: {describe_crash(error)}')
        return failed

    def check(self, uri: str) -> None:
        """Scan an open text and show what is wrong with it."""
        self.debouncer.cancel(uri)
        document = self.workspace.text_documents.get(uri)
        if document is None:
            return
        path = find_path(uri)
        if path not in self._left_out:
            self._left_out[path] = is_left_out(path)
        checked = check_text(path, document.source, self._left_out[path])
        self.checked[uri] = checked
        self._tell_error(checked.error)
        shown = list_diagnostics(checked, uri, self.map_positions(document.source))
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, shown, version=document.version)
        )

    def check_all(self) -> None:
        """Scan all open texts: settings have changed."""
        self._left_out.clear()
        for uri in list(self.workspace.text_documents):
            self.check(uri)

    def forget(self, uri: str) -> None:
        """Forget a text that was closed."""
        self.debouncer.cancel(uri)
        self.checked.pop(uri, None)
        self._left_out.pop(find_path(uri), None)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def _tell_error(self, error: str) -> None:
        """Say once what is wrong with the settings, and again when it has changed."""
        if error and error != self._shown_error:
            self.show_message(f'keylint: {error}')
        self._shown_error = error

    def map_positions(self, text: str) -> PositionMap:
        """Return the map of a text's positions."""
        return PositionMap(text, self.workspace.position_codec)

    def get_checked(self, uri: str) -> CheckedText | None:
        """Return what was found in a text as it is now."""
        document = self.workspace.text_documents.get(uri)
        if document is None:
            return None
        kept = self.checked.get(uri)
        if kept is None or kept.data != document.source.encode('utf-8', 'replace'):
            self.check(uri)
        return self.checked.get(uri)

    def find_at(self, uri: str, place: types.Range) -> list[Finding]:
        """List the findings that a range of a text touches."""
        checked = self.get_checked(uri)
        if checked is None:
            return []
        positions = self.map_positions(checked.data.decode())
        return [
            finding
            for finding in checked.findings
            if any(do_meet(one, place) for one in list_ranges(finding, positions))
        ]

    def choose_schema(self, uri: str) -> str:
        """Name the schema that completes a text."""
        checked = self.get_checked(uri)
        if checked is None:
            return ''
        config = checked.scanned.config if checked.scanned else Config()
        return choose_schema(checked.path, checked.data.decode(), config)


def _schedule(seconds: float, work: Callable[[], None]) -> Cancellable:
    return asyncio.get_running_loop().call_later(seconds, work)


def find_path(uri: str) -> str:
    """Return the path of a text. One that is not saved yet counts from the working folder."""
    path = uris.to_fs_path(uri) if uri.startswith('file:') else None
    return path or os.path.join(os.getcwd(), os.path.basename(uri.partition(':')[2]) or 'untitled')
