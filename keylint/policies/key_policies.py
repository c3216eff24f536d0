"""Check one declaration by itself.

Texts and severities of the policies stand in `rules/policies.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from keylint.core.config import Config
from keylint.core.key_model import Violation
from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import KeyDeclaration
from keylint.core.names import split_words
from keylint.core.paths import is_test, is_test_or_documentation, is_test_or_example
from keylint.core.permission_words import describe_permissions, list_permissions
from keylint.core.terms import SEVERITIES, Permission
from keylint.declarations.vocabulary import PERMISSION_OF
from keylint.policies.address_policies import check_addresses, check_restriction
from keylint.policies.inventory_policies import (
    check_account,
    check_dates,
    check_inventory_entry,
    check_secret,
    is_revoked,
)
from keylint.policies.key_boxes import (
    TickedBox,
    describe_excess,
    list_heaviest,
    list_separate,
    list_superfluous,
)
from keylint.policies.view import View
from keylint.rules.rule_set import RuleSet

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
# The tests of a library hold the vendor's sample of an answer.
_TEST_FILE = defer_regex(
    r'(?i)_test\.(?:go|py|rs|rb|exs?)$|\.(?:test|spec)\.[cm]?[jt]sx?$'
    r'|(?-i:Tests?\.(?:php|java|kt|cs)$)'
)
# Requests as a vendor hands them out, and the description of an API.
_COLLECTION = defer_regex(
    r'(?i)(?:^|[/._-])(?:collection|openapi|swagger)(?:[_.-][\w.-]*)?\.(?:json|ya?ml)$'
)
_AGENT_WORDS = {'agent', 'apiwallet', 'subkey', 'signer', 'authenticator'}
_MASTER_WORDS = {'master', 'main', 'owner', 'wallet'}


def check_declaration(
    declaration: KeyDeclaration,
    path: str,
    pack: RuleSet,
    config: Config,
    is_in_manual: bool = False,
) -> Iterator[Violation]:
    """Check a declaration by itself against all policies.

    What a manual of an exchange shows is nobody's key: low at most.
    """
    rule = pack.rules.get(declaration.issuer or '')
    table = rule.declarations if rule else None
    limits = config.limits(pack.thresholds)
    view = View(declaration, path, table, limits, config.day(), pack)
    if is_revoked(declaration):
        yield from check_secret(view)
        return
    steps = len(SEVERITIES) if is_in_manual else _count_sample_steps(declaration, path)
    for check in _POLICIES:
        for violation in check(view):
            yield _lower_severity(violation, steps)


def _count_sample_steps(declaration: KeyDeclaration, path: str) -> int:
    """Count the steps by which a saved answer of an exchange counts less: it shows how one looks.

    Among tests, examples and documentation it is the vendor's, whose key nobody here may change,
    and so is a request there that makes one: low at most.
    """
    is_of_tests = is_test(path) or _TEST_FILE.search(path) is not None
    is_handed_out = _COLLECTION.search(path) is not None
    is_of_vendor = declaration.source in ('document', 'call')
    has_reference = bool(declaration.secret_ref)
    if (is_of_vendor and is_of_tests) or (
        not has_reference
        and (
            is_handed_out
            or _TEST_FILE.search(path) is not None
            or (is_of_vendor and is_test_or_example(path))
        )
    ):
        return len(SEVERITIES)
    is_sample = declaration.is_sample and (
        is_test_or_documentation(path) or is_test_or_example(path)
    )
    return 1 if is_sample else 0


def _lower_severity(violation: Violation, steps: int) -> Violation:
    step = SEVERITIES.index(violation.severity)
    lowest = min(step, SEVERITIES.index('low') if steps > 1 else 0)
    return violation._replace(severity=SEVERITIES[max(step - steps, lowest)])


def _check_heavy_permissions(view: View) -> Iterator[Violation]:
    """Name the permissions with which somebody empties or takes over an account."""
    declaration = view.declaration
    where = ' and from any address' if view.is_open else ''
    heaviest = list_heaviest(declaration, view.table)
    surplus = _list_surplus(_list_surplus_boxes(view), view)
    for permission, rule, verb in _HEAVY:
        if permission not in heaviest:
            continue
        words = [word for word in declaration.words if permission in _meaning_of(word, view)]
        warning = _list_warnings(words, view)
        case = 'open' if view.is_open else 'else'
        more = ''
        if permission in surplus:
            more = f' For {declaration.purpose} it does not need that.'
        if warning:
            case = 'heavy' if permission == 'transfer' else case
            more = f'{more} {warning}'
        own = [word for word in words if word.lower() not in (permission, verb)]
        claim = f'It may {verb}{_list_in_brackets(words)}{where}.{more}'
        message = f'It may {verb}{_list_in_brackets(own)}{where}.{more}'
        yield view.violate(rule, case, message, permission, claim)


def _list_in_brackets(words: list[str]) -> str:
    return f' ({", ".join(dict.fromkeys(words))})' if words else ''


def _list_warnings(words: list[str], view: View) -> str:
    """Join what the vendor's words do beyond their names."""
    rows = view.table.permissions if view.table else ()
    return ' '.join(row.warning for row in rows if row.warning and row.word in words)


def _meaning_of(word: str, view: View) -> set[Permission]:
    """Return what a word grants: by the vendor's table, else by the words in it."""
    rows = view.table.permissions if view.table else ()
    own: set[Permission] = next(
        (set(granted) for name, granted, label, _ in rows if word in (name, label)), set()
    )
    return own or {PERMISSION_OF[part] for part in split_words(word) if part in PERMISSION_OF}


def _find_needed(view: View) -> frozenset[Permission] | None:
    """Find what the stated purpose of a key needs; None for a purpose that nobody knows."""
    words = set(split_words(view.declaration.purpose))
    return next((permissions for names, permissions in _NEEDS if words & names), None)


def _list_surplus_boxes(view: View) -> list[TickedBox]:
    """List the boxes that the stated purpose does not need."""
    needed = _find_needed(view)
    return [] if needed is None else list_superfluous(view.declaration, view.table, needed)


def _list_surplus(boxes: list[TickedBox], view: View) -> set[Permission]:
    return {one for box in boxes for one in box.own} - (_find_needed(view) or set())


def _check_purpose(view: View) -> Iterator[Violation]:
    """Name permissions that the purpose does not need, or that the declaration itself forbids.

    Those that have a finding of their own are named there.
    """
    declaration = view.declaration
    needed = _find_needed(view)
    told = list_heaviest(declaration, view.table)
    boxes = [box for box in _list_surplus_boxes(view) if not box.own & told]
    beyond = _list_surplus(boxes, view)
    if beyond and needed is not None:
        yield view.violate(
            'key-exceeds-purpose',
            'else',
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


def _check_unknown_words(view: View) -> Iterator[Violation]:
    """Name words of permissions that nobody knows, where it is certain that they are some."""
    declaration = view.declaration
    is_certain = declaration.source != 'config' or declaration.permissions
    if declaration.unknown and is_certain:
        shown = ', '.join(dict.fromkeys(declaration.unknown))
        message = f'Not known: {shown}.'
        yield view.violate('key-unknown-permission', 'else', message, 'unknown')


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
    check_restriction,
    check_addresses,
    _check_purpose,
    check_inventory_entry,
    check_secret,
    check_account,
    _check_unknown_words,
    check_dates,
    _check_wallet,
    _check_test_folder,
)
