"""Saved answers and requests of exchanges' own APIs, by the shapes in the dossiers."""

from __future__ import annotations

from typing import Any

from keylint.core.model import DeclarationSource, KeyDeclaration
from keylint.declarations.builder import DeclarationBuilder
from keylint.declarations.vocabulary import is_true
from keylint.readers.tree import Node
from keylint.rules.declaration_types import (
    DeclarationSpec,
    DocumentAddresses,
    DocumentShape,
    Meaning,
    Rights,
    RowColumns,
    Scalar,
    WordField,
)
from keylint.rules.rights import LIST, WORDS


def read_vendor_document(
    node: Node,
    rule: str,
    table: DeclarationSpec,
    document: DocumentShape,
    source: DeclarationSource = 'document',
) -> KeyDeclaration:
    """Return what the mapping says, read as the document."""
    builder = DeclarationBuilder(table)
    for key, meaning in document.rights.items():
        _right(builder, node, key, meaning)
    if document.ip is not None:
        _addresses(builder, node, document.ip)
    facts = {
        'label': _fact(node, document.label),
        'account': _fact(node, document.account),
        'created': _fact(node, document.created),
        'expires': _fact(node, document.expires),
    }
    for fact, field in (('created', document.created), ('expires', document.expires)):
        found = node.get(field) if field else None
        if found is not None:
            builder.mark(fact, found)
    return build_declaration(builder, node, rule, source, document=document.name, **facts)


def build_declaration(
    builder: DeclarationBuilder,
    node: Node,
    rule: str | None,
    source: DeclarationSource,
    **facts: Any,
) -> KeyDeclaration:
    """Return the declaration that was read from a mapping."""
    return KeyDeclaration(
        issuer=rule,
        source=source,
        start=node.start,
        end=node.end,
        permissions=builder.rights(),
        words=tuple(builder.words),
        unknown=tuple(builder.unknown),
        denied=frozenset(builder.denied),
        restriction=builder.restriction,
        addresses=tuple(builder.addresses),
        warnings=tuple(builder.warnings),
        places=tuple(builder.places),
        **facts,
    )


def _fact(node: Node, key: str | None) -> str:
    found = node.get(key) if key else None
    return (found.value or '') if found is not None else ''


def _right(builder: DeclarationBuilder, node: Node, key: str, meaning: Meaning) -> None:
    if isinstance(meaning, RowColumns):
        _rows(builder, node, meaning.rows)
        return
    if isinstance(meaning, WordField):
        target = node.get(key.removesuffix(LIST))
        for item in target.items if target is not None else []:
            _named(builder, item, meaning)
        builder.has_rights = builder.has_rights or target is not None
        return
    target = node.get(key)
    if target is None:
        return
    if meaning == WORDS:
        if not target.entries or target.is_list:
            builder.texts(target)
    elif isinstance(meaning, dict):
        _looked_up(builder, target, meaning)
    else:
        builder.has_rights = True
        if target.value is not None and is_true(target.value):
            _grant(builder, meaning, key, target)


def _grant(builder: DeclarationBuilder, permissions: Rights, word: str, node: Node) -> None:
    found = set(permissions) if isinstance(permissions, list) else {permissions}
    if 'read-only' in found:
        builder.is_read_only = True
        builder.has_rights = True
    elif found != {'words'}:
        granted = {one for one in found if one != 'read-only' and one != 'words'}
        builder.grant(granted, word, node)


def _looked_up(builder: DeclarationBuilder, target: Node, table: dict[Scalar, Rights]) -> None:
    """Particular values of a scalar or of a list's items.

    Numbers, booleans and their texts are the same.
    """
    builder.has_rights = True
    meanings = {_plain(value): permissions for value, permissions in table.items()}
    for item in target.items if target.entries else [target]:
        permissions = meanings.get(_plain(item.value))
        if permissions is not None:
            _grant(builder, permissions, item.value or '', item)


def _plain(value: object) -> str:
    text = str(value).strip().lower()
    return {'true': '1', 'false': '0'}.get(text, text)


def _named(builder: DeclarationBuilder, item: Node, meaning: WordField) -> None:
    """`{name: wallet, read_only: true}`."""
    word = item.get(meaning.word)
    if word is None or not word.value:
        return
    switch = item.get(meaning.read_only) if meaning.read_only else None
    if switch is not None and switch.value is not None and is_true(switch.value):
        builder.grant({'read'}, word.value, word)
    else:
        builder.word(word.value, word)


def _rows(builder: DeclarationBuilder, node: Node, columns: tuple[str, ...]) -> None:
    """`["withdraw", 0, 1]`: the word, whether it may be read, whether it may be written."""
    for row in node.items:
        cells = dict(zip(columns, row.items, strict=False))
        word = cells.get('word')
        if word is None or not word.value or builder.meaning(word.value) is None:
            continue
        builder.has_rights = True
        if is_true(cells['write'].value or '') if 'write' in cells else False:
            builder.word(word.value, word)
        elif is_true(cells['read'].value or '') if 'read' in cells else False:
            builder.grant({'read'}, word.value, word)


def _addresses(builder: DeclarationBuilder, node: Node, spec: DocumentAddresses) -> None:
    found = [entry for name in spec.keys if (entry := node.get(name)) is not None]
    for entry in found:
        builder.list_addresses(entry)
    for key, values in spec.restricted.items():
        switch = node.get(key)
        if switch is not None and _is_one_of(switch, values) and not builder.addresses:
            builder.restriction = 'listed'
    for key, values in spec.anyone.items():
        switch = node.get(key)
        if switch is not None and _is_one_of(switch, values):
            builder.unrestricted(switch)
    if not found and builder.restriction == 'unknown' and spec.absent == 'anyone' and spec.keys:
        builder.restriction = 'none'


def _is_one_of(node: Node, values: Scalar | list[Scalar]) -> bool:
    wanted = values if isinstance(values, list) else [values]
    return any(
        _plain(node.value) == _plain(value) or (value in (None, '') and node.is_empty)
        for value in wanted
    )
