"""The rows of a key inventory: each is a key, however little is said of it."""

from __future__ import annotations

from collections.abc import Sequence

from keylint.core.model import KeyDeclaration
from keylint.declarations.config_entries import read_inventory_row
from keylint.declarations.inventory_schema import list_inventory_entries
from keylint.declarations.issuers import issuer_of
from keylint.readers.document import Document
from keylint.readers.tree import Node
from keylint.rules.rule_set import RuleSet


def add_inventory_rows(
    document: Document, found: Sequence[KeyDeclaration], is_named: bool, pack: RuleSet
) -> list[KeyDeclaration]:
    """Return what was found in an inventory, with the rows that say nothing of rights.

    `is_named` says that the configuration names the file. Without such rows a file of nothing but
    labels, such as `keylint init --keys` writes, would pass.
    """
    declared = list(found)
    for entry in list_inventory_entries(document, is_named):
        inside = [
            number
            for number, one in enumerate(declared)
            if entry.start <= one.start and one.end <= entry.end
        ]
        for number in inside:
            if declared[number].source == 'config':
                declared[number] = declared[number]._replace(source='inventory')
        if not inside:
            declared.append(_read_row(entry.get('exchange'), entry, pack))
    return sorted(declared, key=lambda one: (one.start, one.end))


def _read_row(name: Node | None, entry: Node, pack: RuleSet) -> KeyDeclaration:
    issuer = issuer_of(name.value, pack) if name is not None and name.value else None
    table = pack.rules[issuer].declarations if issuer else None
    return read_inventory_row(entry, issuer, table)
