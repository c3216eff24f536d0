"""What is wrong with a key by what is said about it: one declaration in, verdicts out. Texts and severities stand in `rules/policies.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from keylint.core.model import LEVELS, KeyDeclaration
from keylint.core.names import words_of
from keylint.core.paths import is_test
from keylint.declarations.vocabulary import LEVEL_OF
from keylint.rules.rule_set import Pack
from keylint.validators.ip_addresses import kind_of

_WORTH_AN_IP = frozenset(('trade', 'margin', 'derivatives', 'transfer', 'withdraw', 'admin'))
_TRADING = frozenset(('read', 'trade', 'margin', 'derivatives'))
# What each purpose needs, by the words in it.
_NEEDS: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (
        frozenset(
            'tax taxes tracker portfolio tracking report reporting accounting audit data monitor monitoring dashboard readonly analytics'.split()
        ),
        frozenset(('read',)),
    ),
    (
        frozenset('arbitrage arb treasury rebalance rebalancing sweep cold'.split()),
        _TRADING | {'transfer', 'withdraw'},
    ),
    (
        frozenset(
            'bot trading trade grid dca market maker strategy signal copy scalping hedge hedging'.split()
        ),
        _TRADING,
    ),
)


class Verdict(NamedTuple):
    """A policy that a declaration breaks: the case that chooses the severity, what to say, and the topic that the finding points at."""

    rule: str
    case: str
    message: str
    topic: str


class View(NamedTuple):
    """What a policy looks at: a declaration, its path, the issuer's table, the thresholds, today as YYYY-MM-DD."""

    said: KeyDeclaration
    path: str
    table: dict[str, Any] | None
    limits: dict[str, int]
    today: str
    third_parties: dict[str, list[str]]

    @property
    def is_open(self) -> bool:
        """Whether the key works from anywhere."""
        return self.said.restriction == 'none' or any(
            kind_of(entry) in ('anyone', 'everywhere') for entry in self.said.addresses
        )

    def kinds(self) -> list[tuple[str, str]]:
        """Each entry of the IP list with its kind."""
        v4, v6 = self.limits['shortest-ipv4-prefix'], self.limits['shortest-ipv6-prefix']
        return [(entry, kind_of(entry, v4, v6)) for entry in self.said.addresses]

    def is_third_party(self, entry: str) -> bool:
        """Whether everybody who uses some service sends from this address."""
        return any(
            entry.removesuffix('/32') in addresses for addresses in self.third_parties.values()
        )


def verdicts(
    said: KeyDeclaration, path: str, pack: Pack, limits: dict[str, int], today: str
) -> list[Verdict]:
    """All policies that the declaration breaks by itself."""
    table = pack.declared.get(said.issuer) if said.issuer else None
    view = View(said, path, table, limits, today, pack.tables['policies']['third-party-addresses'])
    return [verdict for policy in POLICIES for verdict in policy(view)]


def _rights(view: View) -> Iterator[Verdict]:
    levels = view.said.levels or frozenset()
    where = ' and from any address' if view.is_open else ''
    for level, rule, verb in (
        ('withdraw', 'key-can-withdraw', 'withdraw'),
        ('transfer', 'key-can-transfer', 'transfer'),
        ('admin', 'key-can-administer', 'manage keys or sub-accounts'),
    ):
        if level in levels:
            heavy = ' '.join(view.said.warnings) if level == 'transfer' else ''
            words = [word for word in view.said.words if level in (_levels(word, view) or ())]
            by = f' ({", ".join(dict.fromkeys(words))})' if words else ''
            yield Verdict(
                rule,
                'heavy' if heavy else 'open' if view.is_open else 'else',
                f'It may {verb}{by}{where}.{" " + heavy if heavy else ""}',
                level,
            )


def _levels(word: str, view: View) -> set[str] | None:
    rows = view.table['permissions'] if view.table else []
    own = next((set(levels) for name, levels, label, _ in rows if word in (name, label)), None)
    return own or {LEVEL_OF[part] for part in words_of(word) if part in LEVEL_OF}


def _restriction(view: View) -> Iterator[Verdict]:
    levels = view.said.levels
    case = 'unknown' if levels is None else 'rights' if levels & _WORTH_AN_IP else 'else'
    if (view.table and (view.table['ip'] or {}).get('supported')) == 'no':
        return
    anyone = [entry for entry, kind in view.kinds() if kind == 'anyone']
    if view.said.restriction == 'none' or anyone:
        rights = (
            'may ' + _listed(levels)
            if levels
            else 'may do what is not said here'
            if levels is None
            else 'has no rights at all'
        )
        yield Verdict(
            'key-unrestricted-ip',
            case,
            f'It {rights}, and no address is required of whoever uses it.',
            'ip',
        )


def _listed(levels: frozenset[str]) -> str:
    return ', '.join(level for level in LEVELS if level in levels)


def _addresses(view: View) -> Iterator[Verdict]:
    takes_ranges = ((view.table['ip'] or {}).get('cidr') if view.table else None) != 'no'
    for entry, kind in view.kinds():
        if kind in ('everywhere', 'broad'):
            extent = (
                'covers every address there is'
                if kind == 'everywhere'
                else 'covers many machines that are not yours'
            )
            yield Verdict('key-ip-too-broad', kind, f'{entry} {extent}.', 'ip')
        elif kind == 'range' and not takes_ranges:
            yield Verdict(
                'key-ip-too-broad',
                'no-ranges',
                f'{entry} is a range, and {view.table["name"] if view.table else "the exchange"} takes single addresses only.',
                'ip',
            )
        elif kind in ('useless', 'host', 'invalid'):
            what = {
                'useless': 'is an address inside of a network',
                'host': 'is a host name',
                'invalid': 'is no address',
            }[kind]
            yield Verdict(
                'key-ip-useless', 'else', f'{entry} {what}: the exchange never sees it.', 'ip'
            )
        elif kind == 'documentation':
            yield Verdict(
                'key-ip-useless',
                'sample',
                f'{entry} is reserved for documentation: still to be filled in.',
                'ip',
            )
        elif view.is_third_party(entry):
            yield Verdict(
                'key-ip-not-yours',
                'else',
                f'{entry} sends for everybody who uses that service.',
                'ip',
            )
    limit = (view.table['ip'] or {}).get('limit') if view.table else None
    if limit and len(view.said.addresses) > limit:
        yield Verdict(
            'key-ip-too-many',
            'else',
            f'{len(view.said.addresses)} entries; {limit} is the most.',
            'ip',
        )


def _purpose(view: View) -> Iterator[Verdict]:
    words = set(words_of(view.said.purpose))
    needed = next((levels for names, levels in _NEEDS if words & names), None)
    beyond = (view.said.levels or frozenset()) - needed if needed is not None else frozenset()
    if beyond:
        yield Verdict(
            'key-exceeds-purpose',
            'withdraw' if beyond & {'withdraw', 'transfer', 'admin'} else 'else',
            f'For {view.said.purpose} it needs {_listed(needed or frozenset())}; it may also {_listed(beyond)}.',
            'purpose',
        )
    denied = (view.said.levels or frozenset()) & view.said.denied
    if denied:
        yield Verdict(
            'key-exceeds-purpose',
            'withdraw',
            f'It must not {_listed(denied)} by its own declaration, and may.',
            'purpose',
        )


def _hygiene(view: View) -> Iterator[Verdict]:
    said = view.said
    if said.source == 'inventory':
        if not said.label:
            yield Verdict(
                'key-no-label', 'else', 'Nothing tells this key from its siblings.', 'label'
            )
        if not (said.rotate_after or said.expires):
            yield Verdict(
                'key-no-rotation', 'else', 'Neither rotate_after nor expires is given.', 'created'
            )
        if len(said.used_by) > 1:
            yield Verdict('key-shared', 'else', f'Used by {", ".join(said.used_by)}.', 'used_by')
        if said.inline:
            yield Verdict(
                'key-secret-inline', 'else', 'A value stands where a reference belongs.', 'secret'
            )
    if said.two_factor is False:
        yield Verdict(
            'account-without-2fa', 'else', 'The account has no second factor.', 'two_factor'
        )
    if said.unknown and (said.source == 'inventory' or (said.source == 'config' and said.levels)):
        yield Verdict(
            'key-unknown-permission', 'else', f'Not known: {", ".join(said.unknown)}.', 'unknown'
        )


def _dates(view: View) -> Iterator[Verdict]:
    said = view.said
    if not (said.created or said.expires):
        return
    from keylint.core.dates import days_between, lifetime, read_date  # noqa: PLC0415 - only where a date was found

    created, expires = read_date(said.created), read_date(said.expires)
    allowed = lifetime(said.rotate_after) or view.limits['max-age-days']
    age = days_between(created, view.today) if created else None
    if age is not None and age > allowed:
        yield Verdict(
            'key-stale',
            'else',
            f'Created {age} days before {view.today}; the rotation policy allows {allowed}.',
            'created',
        )
    if expires and days_between(expires, view.today) > 0:
        yield Verdict('key-expired', 'else', f'Expired on {expires}.', 'expires')


def _wallets(view: View) -> Iterator[Verdict]:
    rows = view.table['permissions'] if view.table else []
    has_agents = any(
        {'agent', 'apiwallet', 'subkey', 'signer', 'authenticator'} & set(words_of(name))
        for name, _, _, _ in rows
    )
    is_master = any(
        {'master', 'main', 'owner', 'wallet'} & set(words_of(word)) for word in view.said.words
    )
    if has_agents and is_master and {'withdraw', 'admin'} & (view.said.levels or frozenset()):
        yield Verdict(
            'master-key-where-agent-would-do',
            'else',
            f'It is the {view.said.words[0]} key.',
            'withdraw',
        )


def _tests(view: View) -> Iterator[Verdict]:
    if (
        view.said.environment == 'live'
        and view.said.source in ('inventory', 'config')
        and is_test(view.path)
    ):
        yield Verdict(
            'mainnet-key-in-test', 'else', f'{view.path} is part of the tests.', 'environment'
        )


POLICIES: tuple[Callable[[View], Iterator[Verdict]], ...] = (
    _rights,
    _restriction,
    _addresses,
    _purpose,
    _hygiene,
    _dates,
    _wallets,
    _tests,
)
