"""Saved answers and requests of exchanges' own APIs, by the shapes in the dossiers."""

from __future__ import annotations

from typing import Any

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import KeyDeclaration
from keylint.core.names import find_role, squeeze_name
from keylint.core.terms import DeclarationSource
from keylint.declarations.builder import DeclarationBuilder, is_text
from keylint.declarations.unknown_rights import find_unknown_rights
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
from keylint.validators.ip_addresses import is_filled_later

# A value of a key in a document that shows how one looks: all of one letter, masked, named.
_MADE_UP = defer_regex(
    r'(?i)(.)\1{3,}|[\w-]{0,8}(?:\*{3,}|x{4,}|\.{3,}|\u2026)[\w-]{0,8}'
    r'|(?:your|my|the|test|sample|example|dummy|fake|demo)\w*+(?:[- ]\w++){0,4}|<[^<>]+>|string'
)


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
        _read_right(builder, node, key, meaning)
    find_unknown_rights(builder, node, document)
    if document.ip is not None:
        _read_addresses(builder, node, document.ip)
    facts = {
        'label': _read_fact(node, document.label),
        'account': _read_fact(node, document.account),
        'created': _read_fact(node, document.created),
        'expires': _read_fact(node, document.expires),
    }
    for fact, field in (('created', document.created), ('expires', document.expires)):
        found = node.get(field) if field else None
        if found is not None:
            builder.add_place(fact, found)
    return build_declaration(builder, node, rule, source, document=document.name, **facts)


def merge_own_words(document: KeyDeclaration, entry: KeyDeclaration) -> KeyDeclaration:
    """Return what an owner's own words say of a key, with what only the document knows.

    The document counts where the words grant nothing, and its IP list where they are silent.
    """
    if not (entry.words or entry.unknown):
        return document
    if entry.restriction not in ('unknown', 'unstated') or document.restriction != 'listed':
        return entry
    return entry._replace(
        restriction=document.restriction,
        addresses=document.addresses,
        places=(*entry.places, *(place for place in document.places if place[0] == 'ip')),
    )


def build_declaration(
    builder: DeclarationBuilder,
    node: Node,
    rule: str | None,
    source: DeclarationSource,
    **facts: Any,  # noqa: ANN401 - fields of KeyDeclaration
) -> KeyDeclaration:
    """Return the declaration that was read from a mapping."""
    return KeyDeclaration(
        issuer=rule,
        source=source,
        start=node.start,
        end=node.end,
        permissions=builder.list_permissions(),
        words=tuple(builder.words),
        unknown=tuple(builder.unknown),
        denied=frozenset(builder.denied),
        restriction=builder.restriction,
        addresses=tuple(builder.addresses),
        places=tuple(builder.places),
        grants=tuple(builder.grants),
        is_sample=is_sample_key(node),
        **facts,
    )


def _read_fact(node: Node, key: str | None) -> str:
    found = node.get(key) if key else None
    return (found.value or '') if found is not None else ''


def _read_right(builder: DeclarationBuilder, node: Node, key: str, meaning: Meaning) -> None:
    if isinstance(meaning, RowColumns):
        _read_rows(builder, node, meaning.rows)
        return
    if isinstance(meaning, WordField):
        target = node.get(key.removesuffix(LIST))
        items = target.items if target is not None else []
        for item in items:
            _read_named_right(builder, item, meaning)
        builder.has_rights = builder.has_rights or target is not None
        return
    target = node.get(key)
    if target is None:
        return
    if meaning == WORDS:
        if not target.entries or target.is_list:
            builder.read_words(target)
    elif isinstance(meaning, dict):
        _read_value_table(builder, target, meaning)
    else:
        builder.has_rights = True
        if target.value is not None and is_true(target.value):
            _grant_permissions(builder, meaning, key, target)
        elif target.value is not None and is_filled_later(target.value):
            builder.is_partial = True


def _grant_permissions(
    builder: DeclarationBuilder, permissions: Rights, word: str, node: Node
) -> None:
    found = set(permissions) if isinstance(permissions, list) else {permissions}
    if 'read-only' in found:
        builder.is_read_only = True
        builder.has_rights = True
    elif found != {'words'}:
        granted = {one for one in found if one != 'read-only' and one != 'words'}
        builder.grant(granted, word, node)


def _read_value_table(
    builder: DeclarationBuilder, target: Node, table: dict[Scalar, Rights]
) -> None:
    """Read particular values of a scalar or of a list's items.

    Numbers, booleans and their texts are the same.
    """
    builder.has_rights = True
    meanings = {_normalise_value(value): permissions for value, permissions in table.items()}
    for item in target.items if target.entries else [target]:
        permissions = meanings.get(_normalise_value(item.value))
        if permissions is not None:
            _grant_permissions(builder, permissions, item.value or '', item)
        elif is_filled_later(item.value or ''):
            builder.is_partial = True
        elif item.value and is_true(item.value) is not False:
            builder.add_unknown(item.value, item)


def _normalise_value(value: object) -> str:
    text = str(value).strip().lower()
    return {'true': '1', 'false': '0'}.get(text, text)


def _read_named_right(builder: DeclarationBuilder, item: Node, meaning: WordField) -> None:
    """Read `{name: wallet, read_only: true}`."""
    word = item.get(meaning.word)
    if word is None or not word.value or is_filled_later(word.value):
        builder.is_partial = True
        return
    switch = item.get(meaning.read_only) if meaning.read_only else None
    if switch is not None and switch.value is not None and is_true(switch.value):
        builder.grant({'read'}, word.value, word)
    else:
        builder.read_word(word.value, word)


def _read_rows(builder: DeclarationBuilder, node: Node, columns: tuple[str, ...]) -> None:
    """Read `["withdraw", 0, 1]`: the word, whether it may be read, whether it may be written."""
    for row in node.items:
        cells = dict(zip(columns, row.items, strict=False))
        word = cells.get('word')
        if word is None or not word.value:
            continue
        if builder.find_permissions(word.value) is None:
            _read_unknown_row(builder, word, cells)
            continue
        builder.has_rights = True
        if is_true(cells['write'].value or '') if 'write' in cells else False:
            builder.read_word(word.value, word)
        elif is_true(cells['read'].value or '') if 'read' in cells else False:
            builder.grant({'read'}, word.value, word)


def _read_unknown_row(builder: DeclarationBuilder, word: Node, cells: dict[str, Node]) -> None:
    """Add the word of a row that grants something, where other rows of the list are rights."""
    switches = [cells[name].value for name in ('read', 'write') if name in cells]
    if builder.has_rights and any(is_true(value or '') for value in switches):
        builder.add_unknown(word.value or '', word)


def is_sample_key(node: Node) -> bool:
    """Tell whether a mapping holds a key whose value is made up or masked."""
    return any(
        _MADE_UP.fullmatch(entry.value.strip()) is not None
        for entry in node.items
        if entry.value and (find_role(entry.key) or squeeze_name(entry.key) == 'key')
    )


def _read_addresses(builder: DeclarationBuilder, node: Node, spec: DocumentAddresses) -> None:
    found = [entry for name in spec.keys if (entry := node.get(name)) is not None]
    for entry in found:
        if not is_text(entry):
            builder.list_addresses(entry)
    for key, values in spec.restricted.items():
        switch = node.get(key)
        if switch is not None and _is_one_of(switch, values) and not builder.addresses:
            builder.restriction = 'listed'
    for key, values in spec.anyone.items():
        switch = node.get(key)
        if switch is not None and _is_one_of(switch, values):
            builder.set_unrestricted(switch)
    if not found and builder.restriction == 'unknown' and spec.absent == 'anyone' and spec.keys:
        builder.restriction = 'none'


def _is_one_of(node: Node, values: Scalar | list[Scalar]) -> bool:
    wanted = values if isinstance(values, list) else [values]
    return any(
        _normalise_value(node.value) == _normalise_value(value)
        or (value in (None, '') and node.is_empty)
        for value in wanted
    )
