"""Evidence that a mapping speaks of an exchange key, and not of a server, a market or a program."""

from __future__ import annotations

from keylint.core.names import find_role, split_words, squeeze_name
from keylint.core.terms import Environment, Permission
from keylint.declarations.builder import DeclarationBuilder
from keylint.declarations.entry_facts import FACT_OF
from keylint.declarations.vocabulary import is_true
from keylint.readers.tree import Node
from keylint.validators.randomness import is_random

# Tables of what an exchange's API can do, not of what a key may do.
_CAPABILITIES = frozenset('has features describe endpoints methods urls fees limits'.split())
# Names that only stand beside rights of symbols, markets and accounts: `permissions: [SPOT]` of a
# trading pair is no key's.
_MARKETS = frozenset(
    """
    symbol symbols baseasset quoteasset basecurrency quotecurrency base quote filters ordertypes
    makercommission takercommission balances precision ticksize lotsize contractsize price side
    quantity strike settle funds orderid fee fees makerfee takerfee tradingfees baseprice
    tradingfee uptime maintenancemode
    """.split()
)
# Names that stand beside the switches of a coin or a chain, when there is one for deposits too:
# whether withdrawals are open today.
_COINS = frozenset('currency coin asset chain network token ccy ticker'.split())
_DEPOSITS = frozenset(
    """
    deposit deposits candeposit depositenabled depositenable isdepositenabled depositstatus
    enabledeposit depositdisabled isdepositdisabled disabledeposit depositdisable
    depositsuspended depositallowed isdepositable depositopen depositsenabled
    """.split()
)
# Names beside which a switch for withdrawals is a venue's, when there is one for deposits too.
_VENUES = frozenset('lastupdated reason operational tradingenabled maintenance uptime'.split())
# Names that only stand beside the permissions of a program, a node, or a user: workflows, packages,
# browser extensions, apps, sessions.
_PROGRAMS = frozenset(
    """
    jobs runson steps scripts dependencies devdependencies publishconfig engines manifestversion
    hostpermissions contentscripts usespermission package expo fspermissions rpcendpoints
    agentid nodetype hardwarespecs roles isvalid responsetime
    """.split()
)
# Names beside the addresses of a firewall: of a rule in a security group (EC2's `IpPermissions`).
_FIREWALLS = frozenset('ipprotocol fromport toport cidrip cidripv6 ipranges prefixlistids'.split())
ELSEWHERE = _MARKETS | _PROGRAMS | _FIREWALLS
# Names of things that have IP lists of their own.
_SERVERS = frozenset(
    'server webhook webhooks http https rest web dashboard telegram listener proxy database '
    'redis ssh firewall nginx '
    'ui cors vpn rpc node grpc android ios oauth extension workflow'.split()
)
_STRONG = frozenset(('trade', 'margin', 'derivatives', 'transfer', 'withdraw'))
_TEST = frozenset('testnet sandbox demo paper uat'.split())


class StatementKinds:
    """Which kinds of statements a mapping makes."""

    def __init__(self) -> None:
        self.containers = 0
        self.flags: set[Permission] = set()
        self.off: set[Permission] = set()
        self.lists = 0

    @property
    def is_any(self) -> bool:
        """Whether there is any statement at all."""
        return bool(self.containers or self.flags or self.lists)


def is_about_something_else(node: Node, above: str, is_named: bool, facts: dict[str, Node]) -> bool:
    """Tell whether the names speak of an API, a market, a program or a server."""
    heading = squeeze_name(above)
    if heading in _PROGRAMS:
        return True
    if heading in _CAPABILITIES and not (is_named and facts.get('secret_ref')):
        return True
    names = {squeeze_name(key) for key in node.entries}
    return bool(
        names & ELSEWHERE
        or _SERVERS & set(split_words(above))
        or (names & (_COINS | _VENUES) and names & _DEPOSITS)
    )


def is_about_a_key(
    node: Node,
    builder: DeclarationBuilder,
    found: StatementKinds,
    issuer: str | None,
    is_close: bool,
    above: str,
) -> bool:
    """Tell whether there is evidence that the statements speak of an exchange key."""
    is_keyish = _is_keyish(node, above)
    if issuer is None:
        spoken = builder.permissions | found.flags
        return (
            bool(spoken & _STRONG)
            and is_keyish
            and (found.containers > 0 or len(found.flags) > 1 or found.lists > 0)
        )
    if found.containers:
        return bool(builder.permissions or builder.denied or builder.unknown or found.lists) and (
            is_keyish or is_close
        )
    if found.flags & {'withdraw', 'transfer', 'admin'} or len(found.flags) > 1:
        return is_close or is_keyish
    return found.lists > 0 and (is_keyish or (is_close and not found.flags))


def _is_keyish(node: Node, above: str) -> bool:
    if {
        'key',
        'keys',
        'credential',
        'credentials',
        'api',
        'apikey',
        'apikeys',
        'permission',
        'permissions',
    } & set(split_words(above)):
        return True
    for entry in node.items:
        role = find_role(entry.key)
        if (role and role[0] in ('api-key', 'secret', 'passphrase', 'private-key')) or squeeze_name(
            entry.key
        ) in ('secretref', 'exchange', 'keyid', 'key'):
            return True
    return False


def is_inline(node: Node) -> bool:
    """Tell whether a secret's value stands where a reference belongs."""
    for entry in node.items:
        role = find_role(entry.key)
        if (
            role
            and role[0] in ('secret', 'private-key', 'passphrase')
            and entry.value
            and squeeze_name(entry.key) not in FACT_OF
        ):
            value = entry.value.encode()
            if (
                len(value) >= 16
                and '$' not in entry.value
                and ':' not in entry.value
                and entry.value[0] != '/'
                and is_random(value)
            ):
                return True
    return False


def find_environment(node: Node, above: str) -> Environment:
    """Find the environment that a mapping states, or that its name does."""
    stated = node.find('environment') or node.find('env') or node.find('network')
    words = set(split_words(above)) | (
        set(split_words(stated.value)) if stated is not None and stated.value else set()
    )
    switch = node.find('testnet') or node.find('sandbox')
    if words & _TEST or (switch is not None and switch.value is not None and is_true(switch.value)):
        return 'testnet'
    return 'live' if words & {'live', 'prod', 'production', 'mainnet'} else 'unknown'
