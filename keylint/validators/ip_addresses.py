"""What an entry of an IP list is worth: an address, a range, a word for anyone, or nothing that an exchange could use."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    Network = IPv4Network | IPv6Network

# Words and values by which vendors and users say that there is no restriction.
ANYONE = frozenset(
    """* any anyone anywhere all none null nil false off no disabled unrestricted unlimited everyone public world 0.0.0.0 ::
    norestriction norestrictions noiprestriction unrestrictedlesssecure -""".split()
) | {''}
# Words that say there is a restriction without telling which.
RESTRICTED = frozenset(
    'true on yes enabled restricted required trusted whitelisted allowlisted trustedipsonly restrictaccesstotrustedipsonly'.split()
)
_FILLED_LATER = re.compile(
    r'\$\{|\$\(|\{\{|<[^<>]+>|%\(|\byour|_IP\b|^\$|xxx|\bvar\.|\blocal\.|placeholder|(?<![a-z])change[-_ ]?(?:me|this|it)?(?![a-z])',
    re.IGNORECASE,
)
_HOST = re.compile(r'(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+\.?')
_SEPARATORS = re.compile(r'[-_()]')
_V4, _V6 = 32, 128


def is_anyone(entry: str) -> bool:
    """Whether the entry says `from anywhere` without being a range."""
    text = ''.join(entry.lower().split()).strip('"\'()')
    return text in ANYONE or (text[:1].isalpha() and _SEPARATORS.sub('', text) in ANYONE)


def is_filled_later(entry: str) -> bool:
    """Whether the entry is a look-up or a place to fill in."""
    return _FILLED_LATER.search(entry) is not None


def classify_entry(entry: str, shortest_v4: int = 24, shortest_v6: int = 48) -> str:
    """`anyone`, `everywhere` (a range of all addresses), `broad`, `range`, `address`, `useless` (no exchange ever sees it),
    `documentation` (RFC 5737, RFC 3849), `host`, `invalid` or `placeholder` (to be filled in).

    A range is broad when its prefix is shorter than `shortest_v4` or `shortest_v6` bits.
    """
    import ipaddress  # noqa: PLC0415 - only where an IP list was found

    text = entry.strip().strip('"\'')
    if is_anyone(text):
        return 'anyone'
    if is_filled_later(text):
        return 'placeholder'
    if '-' in text and '/' not in text:
        first, _, last = text.partition('-')
        return _span(first.strip(), last.strip(), shortest_v4, shortest_v6)
    try:
        network = ipaddress.ip_network(_stars(text), strict=False)
    except ValueError:
        return 'host' if _HOST.fullmatch(text) and not re.fullmatch(r'[\d.]+', text) else 'invalid'
    if network.prefixlen == 0:
        return 'everywhere'
    special = _special(network)
    if special is not None:
        return special
    if network.prefixlen < (shortest_v4 if network.version == 4 else shortest_v6):
        return 'broad'
    return 'address' if network.prefixlen == (_V4 if network.version == 4 else _V6) else 'range'


def _special(network: Network) -> str | None:
    """`documentation` or `useless` for a network of which no exchange sees anything."""
    import ipaddress  # noqa: PLC0415

    if any(
        network.version == other.version and network.subnet_of(other)  # type: ignore[arg-type]  # same version, checked before
        for other in map(ipaddress.ip_network, _DOCUMENTATION)
    ):
        return 'documentation'
    if (
        network.is_private
        or network.is_loopback
        or network.is_link_local
        or network.is_reserved
        or network.is_multicast
    ):
        return 'useless'
    if any(
        network.version == 4 and network.subnet_of(ipaddress.IPv4Network(other))
        for other in _SHARED
    ):
        return 'useless'
    return None


# RFC 5737 and RFC 3849.
_DOCUMENTATION = ('192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32')
# RFC 6598: addresses that a provider shares among its customers.
_SHARED = ('100.64.0.0/10',)


def _stars(text: str) -> str:
    """`52.54.*.*` as a range."""
    if '*' not in text:
        return text
    parts = text.split('.')
    kept = [part for part in parts if part != '*']
    return (
        '.'.join(kept + ['0'] * (4 - len(kept))) + f'/{8 * len(kept)}'
        if len(parts) == 4 and parts[: len(kept)] == kept
        else text
    )


def _span(first: str, last: str, shortest_v4: int, shortest_v6: int) -> str:
    """What `first-last` is worth: the same as a range of as many addresses."""
    import ipaddress  # noqa: PLC0415

    try:
        low, high = (
            ipaddress.ip_address(first),
            ipaddress.ip_address(
                last if '.' in last or ':' in last else f'{first.rpartition(".")[0]}.{last}'
            ),
        )
    except ValueError:
        return 'host' if _HOST.fullmatch(f'{first}-{last}') else 'invalid'
    count = int(high) - int(low) + 1
    if low.version != high.version or count <= 0:
        return 'invalid'
    bits, shortest = (_V4, shortest_v4) if low.version == 4 else (_V6, shortest_v6)
    if count == 1 << bits:
        return 'everywhere'
    inner = {_special(network) for network in ipaddress.summarize_address_range(low, high)}
    if None not in inner:
        return 'documentation' if inner == {'documentation'} else 'useless'
    return 'broad' if count > 1 << (bits - shortest) else 'range' if count > 1 else 'address'
