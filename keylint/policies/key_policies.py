"""Check one declaration by itself.

Texts and severities of the policies stand in `rules/policies.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from keylint.core.config import Config
from keylint.core.dates import days_between, parse_date, parse_rotation_days
from keylint.core.key_model import Violation
from keylint.core.model import KeyDeclaration
from keylint.core.names import split_words
from keylint.core.paths import is_test
from keylint.core.permission_words import describe_permissions, list_permissions
from keylint.core.terms import Permission
from keylint.declarations.vocabulary import PERMISSION_OF
from keylint.policies.key_boxes import (
    describe_excess,
    list_heaviest,
    list_separate,
    list_superfluous,
)
from keylint.policies.violations import declaration_identity, make_violation
from keylint.rules.declaration_types import DeclarationSpec, IpPolicy
from keylint.rules.rule_set import RuleSet
from keylint.validators.ip_addresses import classify_entry

_WORTH_AN_IP = frozenset(('trade', 'margin', 'derivatives', 'transfer', 'withdraw', 'admin'))
_TRADING: frozenset[Permission] = frozenset(('read', 'trade', 'margin', 'derivatives'))
_HEAVY: tuple[tuple[Permission, str, str], ...] = (
    ('withdraw', 'key-can-withdraw', 'withdraw'),
    ('transfer', 'key-can-transfer', 'transfer'),
    ('admin', 'key-can-administer', 'manage keys or sub-accounts'),
)
# What each purpose needs, by the words in it.
_NEEDS: tuple[tuple[frozenset[str], frozenset[Permission]], ...] = (
    (
        frozenset(
            """tax taxes tracker portfolio tracking report reporting accounting audit data monitor
            monitoring dashboard readonly analytics""".split()
        ),
        frozenset(('read',)),
    ),
    (
        frozenset('arbitrage arb treasury rebalance rebalancing sweep cold'.split()),
        _TRADING | {'transfer', 'withdraw'},
    ),
    (
        frozenset(
            """bot trading trade grid dca market maker strategy signal copy scalping hedge
            hedging""".split()
        ),
        _TRADING,
    ),
)
_BROAD = {
    'everywhere': 'covers every address there is.',
    'broad': 'covers many machines that are not yours.',
}
_USELESS = {
    'useless': 'is an address inside of a network',
    'host': 'is a host name',
    'invalid': 'is no address',
}
_AGENT_WORDS = {'agent', 'apiwallet', 'subkey', 'signer', 'authenticator'}
_MASTER_WORDS = {'master', 'main', 'owner', 'wallet'}


class View(NamedTuple):
    """What a policy looks at.

    A declaration, its path, the issuer's table, the thresholds, today (YYYY-MM-DD).
    """

    declaration: KeyDeclaration
    path: str
    table: DeclarationSpec | None
    limits: dict[str, int]
    today: str
    pack: RuleSet

    @property
    def permissions(self) -> frozenset[Permission]:
        """Return the permissions; none where nothing is said of them."""
        return self.declaration.permissions or frozenset()

    @property
    def ip_policy(self) -> IpPolicy:
        """Return what the issuer's IP lists can do; the defaults where that is not known."""
        return self.table.ip if self.table else IpPolicy()

    @property
    def is_open(self) -> bool:
        """Tell whether the key works from anywhere."""
        return self.declaration.restriction == 'none' or any(
            classify_entry(entry) in ('anyone', 'everywhere')
            for entry in self.declaration.addresses
        )

    def list_kinds(self) -> list[tuple[str, str]]:
        """List each entry of the IP list with its kind."""
        v4, v6 = self.limits['shortest-ipv4-prefix'], self.limits['shortest-ipv6-prefix']
        return [(entry, classify_entry(entry, v4, v6)) for entry in self.declaration.addresses]

    def is_third_party(self, entry: str) -> bool:
        """Tell whether everybody who uses some service sends from this address."""
        services = self.pack.third_party_addresses.values()
        return any(entry.removesuffix('/32') in addresses for addresses in services)

    def violate(self, rule: str, case: str, message: str, topic: str, claim: str = '') -> Violation:
        """Make the violation of a policy that points at what is said on a topic.

        It is named after its claim, by default the message: the wording may change, names stay.
        """
        start, end = self.declaration.span_of(topic)
        violation = make_violation(self.pack, rule, case, message, self.declaration)
        if claim:
            identity = declaration_identity(rule, self.declaration, claim)
            violation = violation._replace(identity=identity)
        return violation._replace(start=start, end=end)


def check_declaration(
    declaration: KeyDeclaration, path: str, pack: RuleSet, config: Config
) -> Iterator[Violation]:
    """Check a declaration by itself against all policies."""
    rule = pack.rules.get(declaration.issuer or '')
    table = rule.declarations if rule else None
    limits = config.limits(pack.thresholds)
    view = View(declaration, path, table, limits, config.day(), pack)
    for check in _POLICIES:
        yield from check(view)


def _check_heavy_permissions(view: View) -> Iterator[Violation]:
    """Name the permissions with which somebody empties or takes over an account."""
    declaration = view.declaration
    where = ' and from any address' if view.is_open else ''
    heaviest = list_heaviest(declaration, view.table)
    for permission, rule, verb in _HEAVY:
        if permission not in heaviest:
            continue
        warning = ' '.join(declaration.warnings) if permission == 'transfer' else ''
        words = [word for word in declaration.words if permission in _meaning_of(word, view)]
        by = f' ({", ".join(dict.fromkeys(words))})' if words else ''
        case = 'open' if view.is_open else 'else'
        message = f'It may {verb}{by}{where}.'
        if warning:
            case, message = 'heavy', f'{message} {warning}'
        yield view.violate(rule, case, message, permission)


def _meaning_of(word: str, view: View) -> set[Permission]:
    """Return what a word grants: by the vendor's table, else by the words in it."""
    rows = view.table.permissions if view.table else ()
    own: set[Permission] = next(
        (set(granted) for name, granted, label, _ in rows if word in (name, label)), set()
    )
    return own or {PERMISSION_OF[part] for part in split_words(word) if part in PERMISSION_OF}


def _check_restriction(view: View) -> Iterator[Violation]:
    """Name a key that works from anywhere, where its exchange could restrict it."""
    if view.ip_policy.supported == 'no':
        return
    if view.declaration.restriction != 'none' and 'anyone' not in dict(view.list_kinds()).values():
        return
    permissions = view.declaration.permissions
    if permissions is None:
        case, may = 'unknown', 'may do what is not said here'
    elif not permissions:
        case, may = 'else', 'has no rights at all'
    else:
        case = 'rights' if permissions & _WORTH_AN_IP else 'else'
        may = f'may {describe_permissions(permissions)}'
    told = 'and no address is required of whoever uses it.'
    claim = f'It may {list_permissions(permissions)}, {told}' if permissions else ''
    yield view.violate('key-unrestricted-ip', case, f'It {may}, {told}', 'ip', claim)


def _check_addresses(view: View) -> Iterator[Violation]:
    """Name entries of the IP list that let strangers in, or that the exchange never sees."""
    for entry, kind in view.list_kinds():
        problem = _problem_of(entry, kind, view)
        if problem is not None:
            rule, case, message = problem
            yield view.violate(rule, case, f'{entry} {message}', 'ip')
    count, limit = len(view.declaration.addresses), view.ip_policy.limit
    if limit and count > limit:
        yield view.violate(
            'key-ip-too-many', 'else', f'{count} entries; {limit} is the most.', 'ip'
        )


def _problem_of(entry: str, kind: str, view: View) -> tuple[str, str, str] | None:
    """Return rule, case and what is said of an entry of the IP list; None for a good one."""
    if kind in _BROAD:
        return 'key-ip-too-broad', kind, _BROAD[kind]
    if kind == 'range' and view.ip_policy.cidr == 'no':
        name = view.table.name if view.table else 'the exchange'
        return (
            'key-ip-too-broad',
            'no-ranges',
            f'is a range, and {name} takes single addresses only.',
        )
    if kind in _USELESS:
        return 'key-ip-useless', 'else', f'{_USELESS[kind]}: the exchange never sees it.'
    if kind == 'documentation':
        return ('key-ip-useless', 'sample', 'is reserved for documentation: still to be filled in.')
    if view.is_third_party(entry):
        return 'key-ip-not-yours', 'else', 'sends for everybody who uses that service.'
    return None


def _check_purpose(view: View) -> Iterator[Violation]:
    """Name permissions that the purpose does not need, or that the declaration itself forbids."""
    declaration = view.declaration
    words = set(split_words(declaration.purpose))
    needed = next((permissions for names, permissions in _NEEDS if words & names), None)
    boxes = [] if needed is None else list_superfluous(declaration, view.table, needed)
    beyond = {one for box in boxes for one in box.own} - (needed or set())
    if beyond and needed is not None:
        yield view.violate(
            'key-exceeds-purpose',
            'withdraw' if beyond & {'withdraw', 'transfer', 'admin'} else 'else',
            f'For {declaration.purpose} it needs to {describe_permissions(needed)}; '
            f'it may also {describe_excess(boxes, beyond)}.',
            'purpose',
            f'For {declaration.purpose} it needs {list_permissions(needed)}; '
            f'it may also {list_permissions(beyond)}.',
        )
    denied = list_separate(declaration, view.table) & declaration.denied
    if denied:
        yield view.violate(
            'key-exceeds-purpose',
            'withdraw',
            f'It must not {describe_permissions(denied)} by its own declaration, and may.',
            'purpose',
            f'It must not {list_permissions(denied)} by its own declaration, and may.',
        )


def _check_inventory_entry(view: View) -> Iterator[Violation]:
    """Name what an entry of an inventory does not say, and should."""
    declaration = view.declaration
    if declaration.source != 'inventory':
        return
    if not declaration.label:
        yield view.violate(
            'key-no-label', 'else', 'Nothing tells this key from its siblings.', 'label'
        )
    if not (declaration.rotate_after or declaration.expires):
        yield view.violate(
            'key-no-rotation', 'else', 'Neither rotate_after nor expires is given.', 'created'
        )
    if len(declaration.used_by) > 1:
        users = ', '.join(declaration.used_by)
        yield view.violate('key-shared', 'else', f'Used by {users}.', 'used_by')
    if declaration.inline:
        yield view.violate(
            'key-secret-inline', 'else', 'A value stands where a reference belongs.', 'secret'
        )


def _check_account(view: View) -> Iterator[Violation]:
    """Name an account without a second factor."""
    if view.declaration.two_factor is False:
        yield view.violate(
            'account-without-2fa', 'else', 'The account has no second factor.', 'two_factor'
        )


def _check_unknown_words(view: View) -> Iterator[Violation]:
    """Name words of permissions that nobody knows, where it is certain that they are some."""
    declaration = view.declaration
    is_certain = declaration.source == 'inventory' or (
        declaration.source == 'config' and declaration.permissions
    )
    if declaration.unknown and is_certain:
        message = f'Not known: {", ".join(declaration.unknown)}.'
        yield view.violate('key-unknown-permission', 'else', message, 'unknown')


def _check_dates(view: View) -> Iterator[Violation]:
    """Name a key that is older than it may be, or expired."""
    declaration = view.declaration
    if not (declaration.created or declaration.expires):
        return
    created, expires = parse_date(declaration.created), parse_date(declaration.expires)
    allowed = parse_rotation_days(declaration.rotate_after) or view.limits['max-age-days']
    age = days_between(created, view.today) if created else None
    if age is not None and age > allowed:
        yield view.violate(
            'key-stale',
            'else',
            f'Created {age} days before {view.today}; the rotation policy allows {allowed}.',
            'created',
        )
    if expires and days_between(expires, view.today) > 0:
        yield view.violate('key-expired', 'else', f'Expired on {expires}.', 'expires')


def _check_wallet(view: View) -> Iterator[Violation]:
    """Name a master key of an exchange that has keys for agents."""
    declaration = view.declaration
    rows = view.table.permissions if view.table else ()
    has_agents = any(_AGENT_WORDS & set(split_words(name)) for name, _, _, _ in rows)
    is_master = any(_MASTER_WORDS & set(split_words(word)) for word in declaration.words)
    if has_agents and is_master and {'withdraw', 'admin'} & view.permissions:
        message = f'It is the {declaration.words[0]} key.'
        yield view.violate('master-key-where-agent-would-do', 'else', message, 'withdraw')


def _check_test_folder(view: View) -> Iterator[Violation]:
    """Name a key for real money that belongs to the tests."""
    declaration = view.declaration
    if (
        declaration.environment == 'live'
        and declaration.source in ('inventory', 'config')
        and is_test(view.path)
    ):
        message = f'{view.path} is part of the tests.'
        yield view.violate('mainnet-key-in-test', 'else', message, 'environment')


_POLICIES: tuple[Callable[[View], Iterator[Violation]], ...] = (
    _check_heavy_permissions,
    _check_restriction,
    _check_addresses,
    _check_purpose,
    _check_inventory_entry,
    _check_account,
    _check_unknown_words,
    _check_dates,
    _check_wallet,
    _check_test_folder,
)
