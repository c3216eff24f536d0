"""Rights in a vendor's document that its dossier does not have: the vendor may add one tomorrow."""

from __future__ import annotations

from keylint.core.names import split_words, squeeze_name
from keylint.declarations.builder import DeclarationBuilder
from keylint.declarations.vocabulary import is_ip_list, is_true
from keylint.readers.tree import Node
from keylint.rules.declaration_types import DocumentShape
from keylint.validators.ip_addresses import is_filled_later

# Beginnings by which switches of rights are told from other switches of an answer.
_LEADS = frozenset('enable enabled permits permit can allow allowed is has'.split())
# Switches of an answer that grant nothing.
_OTHER_SWITCHES = frozenset(
    'ip ips restrict restricted whitelist frozen locked active expired readonly unified uta vip'
    ' master affiliate demo testnet'.split()
)
_MIN_SWITCHES = 2


def find_unknown_rights(builder: DeclarationBuilder, node: Node, document: DocumentShape) -> None:
    """Add what looks like a right of the document and is not in its dossier."""
    for parent, known in _list_siblings(document).items():
        if parent:
            _read_below(builder, node.get(parent), known)
    _read_switches(builder, node, document)


def _list_siblings(document: DocumentShape) -> dict[str, set[str]]:
    """List the names of rights below each parent: `permissions.Wallet` gives `wallet` there."""
    found: dict[str, set[str]] = {}
    for key in document.rights:
        parent, _, name = key.removesuffix('[]').rpartition('.')
        found.setdefault(parent, set()).add(squeeze_name(name))
    return found


def _read_below(builder: DeclarationBuilder, parent: Node | None, known: set[str]) -> None:
    if parent is None or parent.is_list:
        return
    for item in parent.items:
        if squeeze_name(item.key) in known or is_ip_list(item.key):
            continue
        texts = [inner.value for inner in item.items if inner.value] if item.is_list else []
        is_granted = bool(texts) or (item.value is not None and is_true(item.value) is True)
        if is_granted and not any(map(is_filled_later, texts)):
            builder.add_unknown(item.key, item)


def _read_switches(builder: DeclarationBuilder, node: Node, document: DocumentShape) -> None:
    """Read switches beside those of known rights that are named as these are, and on."""
    switches = {
        squeeze_name(key): split_words(key)[:1]
        for key, meaning in document.rights.items()
        if isinstance(meaning, str | list) and '.' not in key
    }
    leads = {words[0] for words in switches.values() if words and words[0] in _LEADS}
    if len(switches) < _MIN_SWITCHES or not leads:
        return
    addresses = document.ip
    others = {*addresses.keys, *addresses.restricted, *addresses.anyone} if addresses else set()
    known = switches.keys() | {squeeze_name(name) for name in others}
    for item in node.items:
        words = split_words(item.key)
        if (
            words[:1]
            and words[0] in leads
            and squeeze_name(item.key) not in known
            and not _OTHER_SWITCHES & set(words)
            and (item.value or '').strip().lower() == 'true'
        ):
            builder.add_unknown(item.key, item)
