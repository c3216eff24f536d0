"""Tell tables of keys with a column for each right from tables of what exchanges offer."""

from __future__ import annotations

from keylint.core.names import split_words, squeeze_name
from keylint.declarations.entry_facts import FACT_OF
from keylint.declarations.vocabulary import flag_of, is_ip_list, is_true
from keylint.readers.tree import Node

# Columns that only a table of keys has; a table of exchanges has a name and notes, too.
_KEY_COLUMNS = frozenset(
    name
    for name, fact in FACT_OF.items()
    if name not in ('name', 'title', 'note', 'remark', 'description', 'status', 'state')
)


def has_switch_columns(row: Node) -> bool:
    """Tell whether a row states rights by switches (`can_withdraw`, ticks), and is of a key.

    It has a column of addresses, and either these are no tick or another column names the key.
    """
    switches = [
        entry
        for entry in row.items
        if entry.value
        and is_true(entry.value) is not None
        and flag_of(entry.key) is not None
        and (not entry.value.isdigit() or len(split_words(entry.key)) > 1)
    ]
    lists = [entry for entry in row.items if is_ip_list(entry.key)]
    is_of_key = any(squeeze_name(entry.key) in _KEY_COLUMNS and entry.value for entry in row.items)
    return (
        len(switches) > 1
        and bool(lists)
        and (is_of_key or any(is_true(entry.value or '') is None for entry in lists))
    )
