"""Classify an entry of an IP list: an address, a range, a word for anyone, or unusable."""

from __future__ import annotations

import ipaddress
import re

from keylint.core.lazy_patterns import defer_regex

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Words and values with which vendors and users say that there is no restriction.
ANYONE = frozenset(
    """* any anyone anywhere all none null nil false off no disabled unrestricted unlimited
    everyone public world 0.0.0.0 :: norestriction norestrictions noiprestriction
    unrestrictedlesssecure -""".split()
) | {''}
# Words that say there is a restriction without naming the addresses.
RESTRICTED = frozenset(
    """true on yes enabled restricted required trusted whitelisted allowlisted trustedipsonly
    restrictaccesstotrustedipsonly""".split()
)
_FILLED_LATER = defer_regex(
    r'\$\{|\$\(|\{\{|<[^<>]+>|%\(|\byour|_IP\b|^\$|xxx|\bvar\.|\blocal\.|placeholder'
    r'|(?<![a-z])change[-_ ]?(?:me|this|it)?(?![a-z])',
    re.IGNORECASE,
)
# Type names of fields as TypeScript, Python, Go, Rust, Java, Kotlin and schemas write them.
_TYPE_NAME = defer_regex(
    r'(?:(?:list|array|vec|set|optional|option|sequence|readonly|\[\]|\?|&|\*)[\[<( ]*)*'
    r'(?:string|str|text|char|varchar|bool|boolean|number|integer|int|object|bytes)'
    r'(?:[\])>?]|\[\]|\s*\|\s*(?:none|null|undefined|string(?:\[\])?))*;?',
    re.IGNORECASE,
)
# Not `52.54.*.*`, which is a range: here masked parts precede shown ones, or have several signs.
_MASKED = defer_regex(
    r'(?=.*\d)(?=.*(?:\*{2}|[xX]{1,3}\.|\*\.\d))[\dxX*]{1,4}(?:\.[\dxX*]{1,4}){1,3}(?:/\d+)?'
)
_OF_PROGRAM = defer_regex(
    r'(?:[a-z_]\w*\.)*[A-Za-z]+(?:Error|Exception|Denied|Exceeded|Suspended|Required)'
    r'|[1-9]\d{0,4}|\d{1,4}\.\d{1,4}'
)
_HOST = defer_regex(
    r'(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+\.?'
)
_SEPARATORS = defer_regex(r'[-_()]')
_V4_BITS, _V6_BITS = 32, 128
# RFC 5737 and RFC 3849.
_DOCUMENTATION = tuple(
    ipaddress.ip_network(network)
    for network in ('192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32')
)
# Addresses that a provider shares among its customers: RFC 6598.
_SHARED = (ipaddress.ip_network('100.64.0.0/10'),)


def is_anyone(entry: str) -> bool:
    """Check whether the entry means `from anywhere` without being a range."""
    text = ''.join(entry.lower().split()).strip('"\'()')
    return text in ANYONE or (text[:1].isalpha() and _SEPARATORS.sub('', text) in ANYONE)


def is_type_name(entry: str) -> bool:
    """Check whether the entry is a field's type: `ip: string;`, `ip_list: list[str]`."""
    return _TYPE_NAME.fullmatch(entry.strip()) is not None


def is_of_program(entry: str) -> bool:
    """Check whether the entry is a type, a class of errors, or the cost of a call.

    `'IP not in whitelist': PermissionDenied`, `'ip_restriction': {'cost': 0.1}`.
    """
    return is_type_name(entry) or _OF_PROGRAM.fullmatch(entry.strip()) is not None


def is_filled_later(entry: str) -> bool:
    """Check whether the entry is a look-up or a template to fill in."""
    return _FILLED_LATER.search(entry) is not None


def is_masked(entry: str) -> bool:
    """Check whether parts of an address are hidden: `203.**.154`, `52.xx.xx.109`."""
    return _MASKED.fullmatch(entry.strip()) is not None


def classify_entry(entry: str, shortest_v4: int = 24, shortest_v6: int = 48) -> str:
    """Classify an entry of an IP list.

    The classes: `anyone`, `everywhere` (a range of all addresses), `broad`, `range`, `address`,
    `useless` (no exchange ever sees it), `documentation` (RFC 5737, RFC 3849), `host`,
    `invalid` or `placeholder` (to be filled in). A range is broad when its prefix is shorter than
    `shortest_v4` or `shortest_v6` bits.
    """
    text = entry.strip().strip('"\'')
    if is_anyone(text):
        return 'anyone'
    if is_filled_later(text):
        return 'placeholder'
    if '-' in text and '/' not in text:
        first, _, last = text.partition('-')
        return _classify_span(first.strip(), last.strip(), shortest_v4, shortest_v6)
    try:
        network = ipaddress.ip_network(_expand_stars(text), strict=False)
    except ValueError:
        return 'host' if _HOST.fullmatch(text) and not re.fullmatch(r'[\d.]+', text) else 'invalid'
    if network.prefixlen == 0:
        return 'everywhere'
    special = _classify_special(network)
    if special is not None:
        return special
    if network.prefixlen < (shortest_v4 if network.version == 4 else shortest_v6):
        return 'broad'
    return 'address' if network.prefixlen == network.max_prefixlen else 'range'


def _classify_special(network: Network) -> str | None:
    """Return `documentation` or `useless` for a network that never reaches an exchange."""
    if any(_is_inside(network, other) for other in _DOCUMENTATION):
        return 'documentation'
    is_special = (
        network.is_private
        or network.is_loopback
        or network.is_link_local
        or network.is_reserved
        or network.is_multicast
        or any(_is_inside(network, other) for other in _SHARED)
    )
    return 'useless' if is_special else None


def _is_inside(network: Network, other: Network) -> bool:
    """Check whether a network is part of another of the same version."""
    if isinstance(network, ipaddress.IPv4Network):
        return isinstance(other, ipaddress.IPv4Network) and network.subnet_of(other)
    return isinstance(other, ipaddress.IPv6Network) and network.subnet_of(other)


def _expand_stars(text: str) -> str:
    """Write `52.54.*.*` as a range; leave everything else as it is."""
    parts = text.split('.')
    if '*' not in text or len(parts) != 4:
        return text
    kept = [part for part in parts if part != '*']
    if parts[: len(kept)] != kept:
        return text
    return '.'.join(kept + ['0'] * (4 - len(kept))) + f'/{8 * len(kept)}'


def _classify_span(first: str, last: str, shortest_v4: int, shortest_v6: int) -> str:
    """Classify `first-last` as a range with the same number of addresses.

    `last` may be just the last number of an address.
    """
    if '.' not in last and ':' not in last:
        last_address = f'{first.rpartition(".")[0]}.{last}'
    else:
        last_address = last
    try:
        low, high = ipaddress.ip_address(first), ipaddress.ip_address(last_address)
    except ValueError:
        return 'host' if _HOST.fullmatch(f'{first}-{last}') else 'invalid'
    count = int(high) - int(low) + 1
    if low.version != high.version or count <= 0:
        return 'invalid'
    bits, shortest = (_V4_BITS, shortest_v4) if low.version == 4 else (_V6_BITS, shortest_v6)
    if count == 1 << bits:
        return 'everywhere'
    inner = {_classify_special(network) for network in ipaddress.summarize_address_range(low, high)}
    if None not in inner:
        return 'documentation' if inner == {'documentation'} else 'useless'
    if count > 1 << (bits - shortest):
        return 'broad'
    return 'range' if count > 1 else 'address'
