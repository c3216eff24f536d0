"""The words by which people, vendors' pages and SDKs speak of permissions and IP lists."""

from __future__ import annotations

from functools import lru_cache

from keylint.core.lazy_patterns import defer_regex
from keylint.core.names import split_words, squeeze_name
from keylint.core.terms import PERMISSIONS, Permission

# For each permission the words that speak of it.
_PERMISSION_WORDS: dict[Permission, str] = {
    'read': (
        'read reading readonly readable view viewing viewer info information query monitor '
        'monitoring market marketdata data '
        'history auditor report deposit balance balances account ro'
    ),
    'trade': (
        'trade trades trading trader spot order orders write readwrite rw execute '
        'execution convert earn staking buy sell'
    ),
    'margin': 'margin loan borrow lending credit leverage',
    'derivatives': (
        'future futures derivative derivatives contract contracts swap swaps perp perps '
        'perpetual option options position positions'
    ),
    'transfer': 'transfer transfers transferring transferable',
    'withdraw': (
        'withdraw withdraws withdrawal withdrawals withdrawing withdrawl send payout '
        'payouts cashout'
    ),
    'admin': (
        'admin administrate administration administrator manage management manager '
        'subaccount subaccounts subuser master'
    ),
}
PERMISSION_OF: dict[str, Permission] = {
    word: permission for permission, words in _PERMISSION_WORDS.items() for word in words.split()
}
# Words that may stand beside those without changing what is said.
_FILLERS = frozenset(
    """
    enable enabled enables enabling enableds allow allowed allows can may is has have permit
    permits permitted permission permissions perm perms right rights access api key keys only
    right grant granted activate activated active on funds fund crypto internal universal
    external to and or with for the your of sub asset assets coin coins wallet wallets usdt flag
    policy state supported
    """.split()
)
_NEGATIONS = frozenset(
    """
    no not never disable disabled disables disallow disallowed deny denied forbid forbidden
    without off block blocked non dont prevent
    """.split()
)
_TRUE = frozenset(
    'true yes on 1 enabled enable allowed allow active granted y t ✅ ✔ ✔️ ✓ ☑ ☑️'.split()
)
_FALSE = frozenset(
    'false no off 0 disabled disable denied deny none null inactive n f ❌ ✗ ✘ ✖ ✖️ ☐'.split()
) | {''}
# Words that make a table or a log of what they stand with: `withdraw_history` is no right to
# withdraw.
_RECORDS = frozenset(
    'history info information report data balance balances account market all'.split()
)
# Words without which some others are amounts: `leverage: 1` is one, `allow_leverage: 1` a switch.
_GRANTING = frozenset(
    """
    enable enabled enables enabling allow allowed allows can may permit permits permitted
    permission
    """.split()
)
# Names of what holds words of rights.
_CONTAINERS = frozenset(
    """
    permission permissions perm perms scope scopes right rights privilege privileges capability
    capabilities authority authorities access requiredpermissions grantedpermissions
    permissionset permtype permlist maxscope accessrights apipermissions keypermissions
    """.split()
)
_DENIED = frozenset('forbidden denied disallowed prohibited never excluded'.split())
_IP = frozenset('ip ips cidr cidrs'.split())
_KEY_WORDS = frozenset(('key', 'keys', 'apikey'))
_MAX_IP_WORDS = 5
_LIST_WORDS = frozenset(
    """
    whitelist whitelisted whitelists allowlist allowlisted allow allowed trusted restrict
    restricted restriction restrictions bind bound binding list lists access safelist filter
    limit lock locked address addresses adresses range ranges only permitted
    """.split()
)
_ADDRESS_WORDS = frozenset('address addresses'.split())
_WHOLE_IP = frozenset(
    """
    ip ips cidr cidrs ipaddress ipaddresses ipaddr ipaddrs iplist whitelistip whitelistips
    allowips trustedips trustedip bindip bindips bindedips ipwhitelist ipallowlist allowedips
    allowedip ipsallowed whitelistedips ipswhitelist boundips accessips
    """.split()
)
# Words that make an IP setting one of a server, a client or a log, not of a key.
_OTHER_IP = frozenset(
    'listen host server bind_address remote client local proxy port interface gateway dns public '
    'my external source request requests rate weight '
    'user last login'.split()
)
_SPLIT = defer_regex(r'[,;|\n]+')
# A word with the extent to which it is granted: `spot:rw`, `Spot (read only)`.
_EXTENT = defer_regex(
    r'(?i)(?P<word>[^:(=]*[^:(=\s])\s*[:(=]\s*'
    r'(?:(?P<read>r|ro|read|read[ _-]?only)|rw|w|write|read[ _-]?(?:and[ _-]?)?write)\s*\)?'
)


def is_true(value: str) -> bool | None:
    """Read a switch: True, False, or None for a value that is no switch."""
    text = value.strip().strip('"\'').lower()
    if text in _TRUE:
        return True
    return False if text in _FALSE else None


@lru_cache(maxsize=4096)
def flag_of(name: str) -> tuple[Permission, bool] | None:
    """Return the permission of a switch, and whether it is negated (`disable_withdrawals`).

    None for names of other settings.
    """
    words = [word for word in split_words(name) if not word.isdigit()]
    permissions = {
        PERMISSION_OF[word] for word in words if word in PERMISSION_OF and word not in _RECORDS
    }
    rest = [
        word
        for word in words
        if word not in PERMISSION_OF and word not in _FILLERS and word not in _NEGATIONS
    ]
    if not permissions or rest or len(words) > 6:
        return None
    if 'read' in permissions and 'only' in words:
        permissions = {'read'}
    is_record = permissions != {'read'} and bool(_RECORDS & set(words) - {'account', 'all'})
    is_amount = 'leverage' in words and not _GRANTING & set(words)
    if is_record or is_amount:
        return None
    return max(permissions, key=PERMISSIONS.index), bool(_NEGATIONS & set(words))


def is_filler(word: str) -> bool:
    """Tell whether a word says nothing by itself: the `Can` of `Can Read`."""
    return word.lower() in _FILLERS


@lru_cache(maxsize=4096)
def is_container(name: str) -> bool:
    """Tell whether a setting of this name holds words of rights."""
    words = set(split_words(name))
    return squeeze_name(name) in _CONTAINERS or (
        bool(words & {'permissions', 'permission', 'perms', 'scopes', 'privileges', 'rights'})
        and len(words) <= 4
    )


@lru_cache(maxsize=4096)
def is_denial(name: str) -> bool:
    """Tell whether a container of this name holds what a key must not have.

    `forbidden_permissions`.
    """
    return bool(_DENIED & set(split_words(name)))


@lru_cache(maxsize=4096)
def is_ip_list(name: str) -> bool:
    """Tell whether a setting holds the addresses from which a key may be used, or their switch."""
    words = split_words(name)
    if squeeze_name(name) in _WHOLE_IP:
        return True
    if not _IP & set(words) or _OTHER_IP & set(words) or len(words) > _MAX_IP_WORDS:
        return False
    is_of_key = words[-1] in _IP and bool(_KEY_WORDS & set(words))
    return is_of_key or bool(_LIST_WORDS & set(words))


@lru_cache(maxsize=4096)
def is_unrestricted_switch(name: str) -> bool:
    """Tell whether a switch opens the key: `unrestricted: true`, `no_ip_restriction: true`."""
    words = set(split_words(name))
    return 'unrestricted' in words or (
        {'ip'} <= words and bool(words & {'no', 'without', 'disable', 'disabled', 'any'})
    )


def permissions_of(word: str) -> set[Permission] | None:
    """Return the permissions that a right's word grants by itself.

    An empty set for a denial (`no withdrawals`), None for a word nobody knows.
    """
    words = [part for part in split_words(word) if not part.isdigit()]
    if word.strip() in ('*', 'all', 'ALL', 'full', 'FULL'):
        return set(PERMISSIONS)
    if squeeze_name(word) in ('fullaccess', 'allpermissions', 'everything'):
        return set(PERMISSIONS)
    if squeeze_name(word) in ('none', 'nothing', 'nil', 'nopermissions', 'norights'):
        return set()
    found = {PERMISSION_OF[part] for part in words if part in PERMISSION_OF}
    if not found:
        return None
    if _NEGATIONS & set(words) or word.strip()[:1] in ('!', '-'):
        return set()
    if 'only' in words and 'read' in found:
        return {'read'}
    if {'write', 'rw', 'readwrite'} & set(words):
        found.add('trade')
        found |= {'transfer'} if 'transfer' in found else set()
    if (
        len(found) > 1
        and 'read' in found
        and {'account', 'data', 'market', 'info', 'balance', 'history'} & set(words)
    ):
        found.discard('read')
    return found


@lru_cache(maxsize=4096)
def split_extent(word: str) -> tuple[str, bool]:
    """Split the extent of a right from its word, and tell whether it is reading alone.

    The word itself where none stands behind it.
    """
    extent = _EXTENT.fullmatch(word)
    return (extent['word'], extent['read'] is not None) if extent else (word, False)


def parts_of(text: str) -> list[str]:
    """Return the words of a text that lists rights.

    Separated by commas and the like, else by blanks.
    """
    parts = [part.strip().strip('"\'[](){}').strip() for part in _SPLIT.split(text)]
    return [part for part in parts if part]
