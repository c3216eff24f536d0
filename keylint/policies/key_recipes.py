"""Recommend the smallest key for each exchange, as steps that its own page lets people follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from keylint.core.records import NamedTuple
from keylint.core.terms import PERMISSIONS, Permission
from keylint.policies.box_cover import Cover, cover_needs
from keylint.policies.call_uses import list_uses
from keylint.policies.key_needs import describe_doubts, describe_idle_calls, name_key, split_need
from keylint.policies.least_privilege import RequiredPermissions
from keylint.rules.box_types import KeyPage, KeyRights
from keylint.rules.declaration_types import DeclarationSpec
from keylint.rules.rule_set import RuleSet

# What nobody ticks by accident without regret.
_BEYOND_CODE: tuple[Permission, ...] = ('transfer', 'withdraw', 'admin')
_MAX_PLACES = 5


class KeyRecommendation(NamedTuple):
    """The smallest key for one exchange, in the words of its own page.

    The fields are those of the JSON report. `exchange` is empty where it is only known when the
    program runs. `rights` says how the exchange gives rights to keys, `steps` what to choose before
    boxes are ticked. `missing` are permissions of which nobody knows the box, `beyond` those that
    come along because the exchange has nothing smaller, `refused` the boxes that some call needs
    and that open far more. Where the need is not known, `doubts` lists what could not be read, and
    there is nothing to tick. `idle` are calls in tests and in functions that nothing calls.
    """

    exchange: str
    name: str
    levels: tuple[Permission, ...]
    is_exact: bool
    rights: KeyRights
    steps: tuple[str, ...]
    tick: tuple[str, ...]
    leave: tuple[str, ...]
    missing: tuple[Permission, ...]
    beyond: tuple[Permission, ...]
    refused: tuple[str, ...]
    doubts: tuple[str, ...]
    ip: str
    label: str
    rotate: str
    manage: str | None
    idle: tuple[tuple[str, str], ...] = ()

    @property
    def is_known(self) -> bool:
        """Tell whether the need is known well enough for a recipe."""
        return self.is_exact or bool(self.levels)


def recommend_keys(
    code: dict[str | None, RequiredPermissions], pack: RuleSet, project: str, days: int, today: str
) -> list[KeyRecommendation]:
    """Recommend the smallest key for every exchange that the code needs a key for.

    It lives so many days.
    """
    rotate = (date.fromisoformat(today) + timedelta(days=days)).isoformat()
    found = []
    for issuer, need in code.items():
        label = f'{project}-{issuer}' if issuer else project
        parts = split_need(need) if need.needs_key else []
        found += [recommend_key(one, pack, name_key(one, parts, label), rotate) for one in parts]
    return found


def recommend_key(
    need: RequiredPermissions, pack: RuleSet, label: str, rotate: str
) -> KeyRecommendation:
    """Recommend one exchange's key.

    Nothing is claimed of the page of an exchange that has no rule, or is only known when the
    program runs.
    """
    name = need.issuer or 'the exchange chosen at run time'
    rule = pack.rules.get(need.issuer or '')
    table = rule.declarations if rule else DeclarationSpec(name)
    levels = tuple(one for one in PERMISSIONS if one in need.permissions)
    page = table.page
    has_boxes = page.rights in ('boxes', 'approval') and (need.is_exact or bool(levels))
    uses = list_uses(need.used_calls)
    cover = cover_needs(page, levels, uses) if has_boxes else None
    tick = tuple(box.label for box in cover.boxes) if cover else ()
    return KeyRecommendation(
        exchange=need.issuer or '',
        name=table.name,
        levels=levels,
        is_exact=need.is_whole,
        rights=page.rights,
        steps=_list_steps(page, levels, label),
        tick=tick,
        leave=_list_dangers(table, levels, tick) if cover else (),
        missing=cover.missing if cover else (),
        beyond=_list_beyond(cover, levels) if cover else (),
        refused=tuple(box.label for box in cover.refused) if cover else (),
        doubts=() if need.is_exact else describe_doubts(need) or _list_doubts(need),
        idle=describe_idle_calls(need),
        ip=_describe_ip_list(table, levels),
        label=label,
        rotate=rotate,
        manage=rule.manage if rule else None,
    )


def _list_steps(page: KeyPage, levels: Sequence[Permission], label: str) -> tuple[str, ...]:
    """List what to choose before the boxes.

    A bot that only reads and trades belongs into a sub-account: nothing else can be lost there.
    """
    steps = [step.replace('{label}', label) for step in page.steps]
    if page.sub_accounts and not set(levels) & set(_BEYOND_CODE):
        more = ': its keys cannot withdraw' if page.sub_accounts == 'cannot-withdraw' else ''
        steps.insert(0, f"do so in a sub-account of the bot's own, if you may have one{more}")
    return tuple(steps)


def _list_dangers(
    table: DeclarationSpec, levels: Sequence[Permission], tick: Sequence[str]
) -> tuple[str, ...]:
    """List the boxes that move money or manage keys, and that nothing needs."""
    beyond = {one for one in _BEYOND_CODE if one not in levels}
    return tuple(
        box.label
        for box in table.page.offered
        if beyond & set(box.permissions) and box.label not in tick
    )


def _list_beyond(cover: Cover, levels: Sequence[Permission]) -> tuple[Permission, ...]:
    """List what moves money or manages keys, and comes along with what is needed."""
    granted = {one for box in cover.boxes for one in box.permissions}
    return tuple(one for one in _BEYOND_CODE if one in granted and one not in levels)


def _list_doubts(need: RequiredPermissions) -> tuple[str, ...]:
    """List the clients whose calls could not all be read, by their places."""
    places = [
        f'{client.library} client in {client.path}:{client.place.line}' for client in need.clients
    ]
    calls = [f'{call.call} in {call.path}:{call.place.line}' for call in need.calls[:1]]
    return tuple(dict.fromkeys(places or calls))[:_MAX_PLACES]


def _describe_ip_list(table: DeclarationSpec, levels: Sequence[Permission]) -> str:
    """Describe the setting for addresses, and for more than reading why it must be filled in."""
    ip = table.ip
    if ip.supported == 'no':
        return f'{table.name} has no IP list: keep the key on one machine'
    limit = f', at most {ip.limit} entries' if ip.limit else ''
    ranges = {'yes': ', ranges allowed', 'no': ', single addresses only'}.get(ip.cidr, '')
    setting = f'{ip.ui or "IP whitelist"}: the address of your bot{limit}{ranges}'
    facts = [ip.required_for if set(levels) & set(_BEYOND_CODE) else None]
    facts += [ip.unrestricted if set(levels) - {'read'} else None]
    told = ' '.join(fact for fact in facts if fact)
    return f'{setting}. {told}' if told else setting
