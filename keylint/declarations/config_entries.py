"""Key inventories, and configuration that speaks of rights and IP lists in the user's own words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import KeyDeclaration
from keylint.core.names import split_words, squeeze_name
from keylint.core.terms import DeclarationSource, Permission
from keylint.declarations.builder import DeclarationBuilder, is_text
from keylint.declarations.entry_facts import find_facts, list_texts, text_of_node
from keylint.declarations.evidence import (
    ELSEWHERE,
    StatementKinds,
    find_environment,
    is_about_a_key,
    is_about_something_else,
    is_inline,
)
from keylint.declarations.vendor_documents import build_declaration
from keylint.declarations.vocabulary import (
    flag_of,
    is_container,
    is_denial,
    is_ip_list,
    is_true,
    is_unrestricted_switch,
)
from keylint.readers.tree import Node
from keylint.rules.declaration_types import DeclarationSpec

# Mappings in which the statements of the key above may stand.
_INNER = frozenset(
    """
    permissions permission perms rights restrictions restriction security ip ips iprestriction
    iprestrictions network access accesscontrol apikey key policy whitelist allowlist scopes
    flags capabilities allowed settings keypermissions apipermissions firewall
    """.split()
)
# How far a right goes: `withdraw: rw`.
_EXTENT = dict.fromkeys(('rw', 'w', 'write', 'readwrite', 'full'), 'write') | dict.fromkeys(
    ('r', 'ro', 'read', 'readonly'), 'read'
)
_TEXT_FACTS = (
    'label',
    'account',
    'purpose',
    'created',
    'expires',
    'rotate_after',
    'secret_ref',
    'status',
)
# Facts that findings point at.
_DATED = ('created', 'expires', 'rotate_after', 'two_factor')
# An action of a cloud's accounts: `s3:GetObject`.
_CLOUD_ACTION = defer_regex(r'[a-z][a-z0-9-]*:(?:[A-Z][a-z]+\w*\*?|\*)')
# The name of a part that is only there to be referred to: `x-rights: &rights [read]`.
_FRAGMENT = 'x-'
# How deep rights may lie below their container: `permissions: {wallet: {withdraw: true}}`.
_MAX_DEPTH = 3


def read_config_entry(
    node: Node, issuer: str | None, table: DeclarationSpec | None, is_close: bool, above: str
) -> KeyDeclaration | None:
    """Read what a mapping says about a key; None when it says nothing about one.

    `is_close` tells that the issuer is named in the mapping or on the way to it, `above` is the
    name under which it stands.
    """
    facts = find_facts(node)
    if is_about_something_else(node, above, issuer is not None and is_close, facts):
        return None
    builder = DeclarationBuilder(table)
    found = StatementKinds()
    _read_statements(builder, node, found, 0)
    if not found.is_any or not is_about_a_key(node, builder, found, issuer, is_close, above):
        return None
    _settle_contradictions(builder, found)
    has_no_lists = table is not None and table.ip.supported == 'no'
    if builder.restriction == 'unknown' and found.containers and not has_no_lists:
        builder.restriction = 'unstated'
    source: DeclarationSource = 'config'
    if 'secret_ref' in facts or 'purpose' in facts:
        source = 'inventory'
    return _build_entry(builder, node, issuer, source, above)


def read_inventory_row(
    node: Node, issuer: str | None, table: DeclarationSpec | None
) -> KeyDeclaration:
    """Read an entry of a key inventory, which is about a key whatever it says of it."""
    builder = DeclarationBuilder(table)
    found = StatementKinds()
    _read_statements(builder, node, found, 0)
    _settle_contradictions(builder, found)
    return _build_entry(builder, node, issuer, 'inventory', '')


def _build_entry(
    builder: DeclarationBuilder,
    node: Node,
    issuer: str | None,
    source: DeclarationSource,
    above: str,
) -> KeyDeclaration:
    """Build the declaration of a mapping whose statements have been read."""
    facts = find_facts(node)
    for topic in _DATED:
        if topic in facts:
            builder.add_place(topic, facts[topic])
    factor = text_of_node(facts['two_factor']) if 'two_factor' in facts else ''
    return build_declaration(
        builder,
        node,
        issuer,
        source,
        **{fact: text_of_node(facts[fact]) for fact in _TEXT_FACTS if fact in facts},
        used_by=list_texts(facts['used_by']) if 'used_by' in facts else (),
        two_factor=is_true(factor) if factor else None,
        second_factor=factor if is_true(factor) is None else '',
        inline=is_inline(node),
        environment=find_environment(node, above),
    )


def are_telling(names: Iterable[str]) -> bool:
    """Tell whether a mapping with entries of these names may say something about a key."""
    return any(map(is_telling, names)) and not any(
        squeeze_name(name) in ELSEWHERE for name in names
    )


@lru_cache(maxsize=4096)
def is_telling(name: str) -> bool:
    """Tell whether an entry of this name may say something about a key."""
    is_list = is_container(name) or is_ip_list(name) or is_unrestricted_switch(name)
    return is_list or flag_of(name) is not None or squeeze_name(name) in _INNER


def _read_statements(
    builder: DeclarationBuilder, node: Node, found: StatementKinds, depth: int
) -> None:
    for entry in (one for one in node.items if not one.key.startswith(_FRAGMENT)):
        name = entry.key
        if is_denial(name) and is_container(name):
            builder.read_words(entry, as_denial=True)
            found.containers += 1
        elif is_container(name):
            if not _is_of_others(entry):
                _read_container(builder, entry, found)
        elif (
            is_unrestricted_switch(name)
            and entry.value is not None
            and is_true(entry.value) is not None
        ):
            found.lists += 1
            if is_true(entry.value):
                builder.set_unrestricted(entry)
        elif is_ip_list(name):
            _read_ip_list(builder, entry, found)
        elif (
            entry.value is not None
            and is_true(entry.value) is not None
            and (flag := flag_of(name)) is not None
        ):
            _read_flag(builder, entry, flag, found)
        elif depth < 2 and entry.entries and not entry.is_list and squeeze_name(name) in _INNER:
            _read_statements(builder, entry, found, depth + 1)


def _is_of_others(entry: Node) -> bool:
    """Tell whether rights are those of a cloud (`s3:GetObject`), or a schema lists what exists."""
    if not entry.is_list:
        return 'enum' in entry.entries or {'type', 'items'} <= entry.entries.keys()
    return any(_CLOUD_ACTION.fullmatch(item.value or '') for item in entry.items)


def _read_container(
    builder: DeclarationBuilder, entry: Node, found: StatementKinds, depth: int = 0
) -> None:
    """Read `permissions: [read]`, `permissions: read,trade`, `permissions: {withdraw: true}`."""
    if not entry.entries or entry.is_list:
        before = len(builder.unknown)
        builder.read_words(entry)
        if builder.permissions or len(builder.unknown) == before:
            found.containers += 1
        return
    for inner in entry.items:
        if inner.value is not None:
            _read_switch(builder, inner, found)
        elif is_ip_list(inner.key):
            _read_ip_list(builder, inner, found)
        elif inner.is_list and not is_denial(inner.key):
            builder.read_words(inner)
            found.containers += bool(builder.permissions)
        elif inner.entries and not is_denial(inner.key) and depth < _MAX_DEPTH:
            _read_container(builder, inner, found, depth + 1)


def _read_switch(builder: DeclarationBuilder, inner: Node, found: StatementKinds) -> None:
    """Read a value below the rights of a key: `withdraw: true`, `withdraw: rw`."""
    value = inner.value or ''
    is_on = is_true(value)
    if is_on is not None:
        flag = flag_of(inner.key)
        permissions = builder.find_permissions(inner.key) if flag is None else {flag[0]}
        if permissions:
            found.containers += 1
            builder.has_rights = True
            if is_on != bool(flag and flag[1]):
                builder.grant(permissions, inner.key, inner)
        elif is_ip_list(inner.key):
            _read_ip_list(builder, inner, found)
    elif (given := _EXTENT.get(squeeze_name(value))) and (
        permissions := builder.find_permissions(inner.key)
    ):
        found.containers += 1
        builder.grant(permissions if given == 'write' else {'read'}, inner.key, inner)
    elif is_ip_list(inner.key):
        _read_ip_list(builder, inner, found)


def _read_ip_list(builder: DeclarationBuilder, entry: Node, found: StatementKinds) -> None:
    """Read a setting named like an IP list."""
    if not is_text(entry):
        found.lists += builder.list_addresses(entry)
    elif builder.restriction == 'unknown':
        builder.restriction = 'placeholder'


def _settle_contradictions(builder: DeclarationBuilder, found: StatementKinds) -> None:
    """Settle what one statement grants and another denies.

    The key has the right, and must not have it.
    """
    if builder.is_read_only and builder.permissions - {'read'}:
        builder.is_read_only = False
        builder.denied |= builder.permissions - {'read'}
    builder.denied |= found.off & builder.permissions & {'withdraw'}


def _read_flag(
    builder: DeclarationBuilder, entry: Node, flag: tuple[Permission, bool], found: StatementKinds
) -> None:
    permission, is_turned = flag
    if permission == 'read' and is_true(entry.value or '') and 'only' in split_words(entry.key):
        builder.is_read_only = True
    found.flags.add(permission)
    builder.has_rights = True
    if bool(is_true(entry.value or '')) != is_turned:
        builder.grant({permission}, entry.key, entry)
    else:
        found.off.add(permission)
