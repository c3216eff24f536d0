"""Take apart a setting that holds addresses: a text, a list, or a mapping with other things in it.

Only what stands for addresses is taken. A remark beside them, such as whose router they belong to,
is no entry of the list.
"""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex
from keylint.core.names import squeeze_name
from keylint.declarations.vocabulary import is_ip_list, is_true
from keylint.readers.tree import Node
from keylint.validators.ip_addresses import classify_entry, is_anyone

_ENTRIES = defer_regex(r'[,;|\n]+')
_SPAN = defer_regex(r'([0-9a-fA-F.:]{3,45})\s+[-\u2013]\s+([0-9a-fA-F.:]{3,45})')
_REMARK = defer_regex(r'([0-9a-fA-F][.:/0-9a-fA-F]{1,60})\s{0,20}\([^()]*\)')
# A comment behind an address: `52.54.32.109 # office`.
_COMMENT = defer_regex(r'(?:^|(?<=\s))(?:#|//|--)[^\n]*')
# Names under which a mapping holds its addresses, beside those that name an IP list themselves.
_LISTS = frozenset(
    """
    list lists addresses address values value entries items allowed trusted whitelist allowlist
    range ranges v4 v6 ipv4 ipv6 data hosts restricted restrict rules set bind
    """.split()
)
_SWITCHES = ('enabled', 'enable', 'active', 'enforced', 'restricted')
_MAX_TEXTS = 1000
_NO_ADDRESS = ('invalid', 'host', 'placeholder')


def list_address_texts(node: Node) -> list[str]:
    """List the texts that may hold addresses: of a value, a list, or the right names of a mapping.

    Under any other name only what is an address counts.
    """
    if node.value is not None:
        return [node.value]
    found: list[str] = []
    for item in node.items[:_MAX_TEXTS]:
        name = squeeze_name(item.key)
        texts = list_address_texts(item)
        if node.is_list or name in _LISTS or name in _SWITCHES or is_ip_list(item.key):
            found += texts
        else:
            found += [text for text in texts if classify_entry(text) not in _NO_ADDRESS and text]
    return found[:_MAX_TEXTS]


def split_addresses(text: str) -> list[str]:
    """Return the entries of a text.

    A span may have blanks around its dash, and a remark may stand in brackets or as plain words
    behind an address.
    """
    plain = _SPAN.sub(r'\1-\2', _COMMENT.sub('', text))
    plain = _REMARK.sub(r'\1 ', plain).strip('[](){} ')
    found: list[str] = []
    for part in _ENTRIES.split(plain):
        found += _drop_remarks([word.strip('"\'') for word in part.split()])
    return [entry for entry in found if entry and entry.lower() not in ('true', 'false')]


def _drop_remarks(words: list[str]) -> list[str]:
    """Drop plain words beside an address: `52.54.32.109 office router`."""
    if not any(classify_entry(word) not in (*_NO_ADDRESS, 'anyone') for word in words):
        return words
    return [word for word in words if not word.isalpha() or is_anyone(word)]


def is_switched_off(node: Node) -> bool:
    """Tell whether a list is not in force: `{enabled: false, ips: […]}`."""
    if node.is_list:
        return False
    switches = [node.find(name) for name in _SWITCHES]
    return any(
        switch is not None and switch.value and is_true(switch.value) is False
        for switch in switches
    )
