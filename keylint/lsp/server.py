"""Speak the Language Server Protocol on standard input and output.

Nothing is opened but these two; no text of an exception reaches the editor. The protocol:
https://microsoft.github.io/language-server-protocol/specification
"""

from __future__ import annotations

import logging
import os
import sys

from lsprotocol import types

from keylint.core.model import Finding
from keylint.fix.edits import UnfixableError
from keylint.fix.store import FileChange
from keylint.lsp import actions
from keylint.lsp.completion import complete_text, describe_key
from keylint.lsp.documents import SETTINGS, CheckedText, is_setting
from keylint.lsp.hover import describe_finding
from keylint.lsp.positions import split_text
from keylint.lsp.session import KeylintServer, find_path

SERVER = KeylintServer()


@SERVER.feature(types.TEXT_DOCUMENT_DID_OPEN)
def open_document(server: KeylintServer, params: types.DidOpenTextDocumentParams) -> None:
    """Scan a text when it is opened."""
    server.guard(lambda: server.check(params.text_document.uri), None)


@SERVER.feature(types.TEXT_DOCUMENT_DID_CHANGE)
def change_document(server: KeylintServer, params: types.DidChangeTextDocumentParams) -> None:
    """Scan a text when nobody types any more."""
    uri = params.text_document.uri
    server.debouncer.call_later(uri, lambda: server.guard(lambda: server.check(uri), None))


@SERVER.feature(types.TEXT_DOCUMENT_DID_SAVE)
def save_document(server: KeylintServer, params: types.DidSaveTextDocumentParams) -> None:
    """Scan a text when it is saved; all of them where it holds settings."""
    uri = params.text_document.uri
    work = server.check_all if is_setting(find_path(uri)) else lambda: server.check(uri)
    server.guard(work, None)


@SERVER.feature(types.TEXT_DOCUMENT_DID_CLOSE)
def close_document(server: KeylintServer, params: types.DidCloseTextDocumentParams) -> None:
    """Take what was shown of a text away."""
    server.guard(lambda: server.forget(params.text_document.uri), None)


@SERVER.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
def change_settings(server: KeylintServer, _: types.DidChangeWatchedFilesParams) -> None:
    """Scan all texts when settings change outside of the editor."""
    server.guard(server.check_all, None)


@SERVER.feature(types.TEXT_DOCUMENT_HOVER)
def hover(server: KeylintServer, params: types.HoverParams) -> types.Hover | None:
    """Say why a finding matters and what to do, or what a key of an inventory is for."""
    return server.guard(lambda: _describe(server, params), None)


def _describe(server: KeylintServer, params: types.HoverParams) -> types.Hover | None:
    uri, position = params.text_document.uri, params.position
    found = server.find_at(uri, types.Range(position, position))
    if found:
        text = '\n---\n\n'.join(map(describe_finding, found))
    else:
        schema = server.choose_schema(uri)
        source = server.workspace.get_text_document(uri).source if schema else ''
        text = describe_key(schema, split_text(source), position.line) if schema else ''
    if not text:
        return None
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text))


@SERVER.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[' ']))
def complete(server: KeylintServer, params: types.CompletionParams) -> list[types.CompletionItem]:
    """Complete keys and values of an inventory or a dossier."""

    def work() -> list[types.CompletionItem]:
        uri, position = params.text_document.uri, params.position
        schema = server.choose_schema(uri)
        if not schema:
            return []
        lines = split_text(server.workspace.get_text_document(uri).source)
        codec = server.workspace.position_codec
        place = codec.position_from_client_units(lines, position)
        return complete_text(schema, lines, place.line, place.character)

    return server.guard(work, [])


@SERVER.feature(
    types.TEXT_DOCUMENT_CODE_ACTION,
    types.CodeActionOptions([types.CodeActionKind.QuickFix], resolve_provider=True),
)
def list_actions(server: KeylintServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Offer what can be done about the findings of a range."""
    return server.guard(lambda: _list_actions(server, params), [])


def _list_actions(server: KeylintServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    uri = params.text_document.uri
    found = server.find_at(uri, params.range)
    offered = []
    for finding in found:
        shown = [
            diagnostic
            for diagnostic in params.context.diagnostics
            if diagnostic.code == finding.rule and (diagnostic.source or '').startswith('keylint')
        ]
        for kind, title in actions.list_titles(finding, find_path(uri)).items():
            named = [uri, finding.rule, finding.fingerprint]
            action = types.CodeAction(
                title, types.CodeActionKind.QuickFix, diagnostics=shown or None
            )
            if kind == actions.BASELINE:
                action.command = types.Command(title, actions.ACCEPT, arguments=[*named])
            else:
                action.data = [kind, *named]
            offered.append(action)
    if can_resolve(server.client_capabilities):
        return offered
    return [action if action.command else _add_edit(server, action) for action in offered]


def can_resolve(capabilities: types.ClientCapabilities) -> bool:
    """Tell whether the editor asks for the edit of an action when one is chosen."""
    text = capabilities.text_document
    support = text.code_action.resolve_support if text and text.code_action else None
    return support is not None and 'edit' in support.properties


def can_create(capabilities: types.ClientCapabilities) -> bool:
    """Tell whether the editor makes files of an edit."""
    edit = capabilities.workspace.workspace_edit if capabilities.workspace else None
    operations = edit.resource_operations if edit else None
    is_able = bool(edit and edit.document_changes)
    return is_able and types.ResourceOperationKind.Create in (operations or ())


@SERVER.feature(types.CODE_ACTION_RESOLVE)
def resolve_action(server: KeylintServer, action: types.CodeAction) -> types.CodeAction:
    """Make the edit of an action that was chosen."""
    return server.guard(lambda: _make_edit(server, action), action)


def _add_edit(server: KeylintServer, action: types.CodeAction) -> types.CodeAction:
    """Make the edit of an action that is only offered; without one it says why."""
    try:
        return _make_edit(server, action)
    except UnfixableError as error:
        action.disabled = types.CodeActionDisabled(str(error))
        return action


def _make_edit(server: KeylintServer, action: types.CodeAction) -> types.CodeAction:
    if not isinstance(action.data, list | tuple):
        return action
    kind, uri, rule, fingerprint = map(str, action.data)
    checked, finding = _find(server, uri, rule, fingerprint)
    if kind == actions.MOVE:
        changes = actions.move_value(checked, finding)
        _check_unsaved(server, changes, uri)
    else:
        changes = [actions.mark_finding(checked, finding)]
    action.edit = actions.make_workspace_edit(
        changes, server.workspace.position_codec, can_create(server.client_capabilities)
    )
    return action


def _find(
    server: KeylintServer, uri: str, rule: str, fingerprint: str
) -> tuple[CheckedText, Finding]:
    """Find a finding again in a text. Raises UnfixableError where it is gone."""
    checked = server.get_checked(uri)
    if checked:
        for finding in checked.findings:
            if (finding.rule, finding.fingerprint) == (rule, fingerprint):
                return checked, finding
    raise UnfixableError('the finding is gone: the text has changed')


def _check_unsaved(server: KeylintServer, changes: list[FileChange], uri: str) -> None:
    """Raise UnfixableError where another file that would change is open and not saved."""
    for other, document in server.workspace.text_documents.items():
        for change in changes:
            is_open = other != uri and find_path(other) == change.path
            if is_open and document.source.encode() != change.before:
                raise UnfixableError(f'{os.path.basename(change.path)}: save it first')


@SERVER.command(actions.ACCEPT)
def accept_in_baseline(server: KeylintServer, uri: str, rule: str, fingerprint: str) -> None:
    """Add a finding to the baseline and scan again."""

    def work() -> None:
        checked, finding = _find(server, uri, rule, fingerprint)
        path = actions.accept_finding(checked, finding)
        server.check_all()
        server.show_message(
            f'keylint: added to {os.path.basename(path)}; review it with `keylint baseline audit`'
        )

    server.guard(work, None)


@SERVER.feature(types.INITIALIZED)
def watch_settings(server: KeylintServer, _: types.InitializedParams) -> None:
    """Ask to be told when settings change outside of the editor, where it can do that."""
    space = server.client_capabilities.workspace
    watching = space.did_change_watched_files if space else None
    if watching and watching.dynamic_registration:
        watchers = [types.FileSystemWatcher(f'**/{name}') for name in SETTINGS]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration('settings', method, options)
        server.client_register_capability(types.RegistrationParams([registration]))


@SERVER.feature(types.SHUTDOWN)
def stop_serving(server: KeylintServer, _: None) -> None:
    """Remember that the editor ends the server on purpose."""
    server.is_shut_down = True


def serve() -> int:
    """Serve one editor until it says `exit`.

    Returns 0 if it asked the server to shut down before, else 1, as the protocol wants it.
    """
    logging.getLogger('pygls').addHandler(logging.NullHandler())
    logging.getLogger('pygls').propagate = False
    # The server closes its output; the process ends with the standard one.
    with open(os.dup(sys.stdout.fileno()), 'wb') as output:
        SERVER.start_io(sys.stdin.buffer, output)
    return 0 if SERVER.is_shut_down else 1
