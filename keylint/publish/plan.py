"""Say what to do before publishing, in which order: revoke, purge, verify, publish."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from copy import copy

from keylint.core.records import NamedTuple
from keylint.core.report import Report
from keylint.findings.copies import list_places
from keylint.findings.foreign_text import make_mask, redact_finding
from keylint.publish.assess import ACCEPTED, HARMLESS, ROTATING, STOPPING, Leak
from keylint.publish.exposures import STOP, Exposure
from keylint.rules.types import Rule

# Files of the written plan that its steps name.
SECRETS, SCRIPT = 'SECRET-replacements.txt', 'purge.sh'
_MAX_SHOWN_PLACES = 4
# Exposures that are no files to drop from the history.
_NOT_DROPPED = ('ci-secret', 'submodule', 'identity', 'ignored-but-tracked', 'value-in-name')
# Exposures that are texts to correct in place.
_SETTINGS = ('git-config', 'ci-secret', 'submodule', 'value-in-name')


class PlanAction(NamedTuple):
    """Say one thing to do: what, the page where it is done, its steps, and the commands."""

    what: str
    link: str = ''
    details: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


class PlanStep(NamedTuple):
    """Join the actions of one stage of the plan with the reason for its position."""

    title: str
    why: str
    actions: tuple[PlanAction, ...]


class PublishReport(NamedTuple):
    """Hold all that `keylint publish` reports.

    `span` is the time of the oldest and the newest commit (ISO 8601), empty without commits.
    """

    name: str
    leaks: tuple[Leak, ...]
    exposures: tuple[Exposure, ...]
    steps: tuple[PlanStep, ...]
    report: Report
    span: tuple[str, str]

    @property
    def verdict(self) -> str:
        """Return `publishable`, `not publishable` or `incomplete`."""
        if self.report.failures:
            return 'incomplete'
        return 'not publishable' if self.is_stopped else 'publishable'

    @property
    def is_stopped(self) -> bool:
        """Tell whether what could be read is enough to say no."""
        return self.has_work or any(leak.verdict.action == ACCEPTED for leak in self.leaks)

    @property
    def has_work(self) -> bool:
        """Tell whether anything must be done, beyond deciding about what somebody has accepted."""
        has_leaks = any(leak.verdict.action in STOPPING for leak in self.leaks)
        return has_leaks or any(item.level == STOP for item in self.exposures)


def redact_answer(answer: PublishReport) -> PublishReport:
    """Return the answer as it may be shown: no path, name or step of it holds a value."""
    mask = make_mask(leak.finding for leak in answer.leaks)
    report = copy(answer.report)
    report.failures = [
        failure._replace(path=mask(failure.path), error=mask(failure.error))
        for failure in report.failures
    ]
    return answer._replace(
        name=mask(answer.name),
        leaks=tuple(_redact_leak(leak, mask) for leak in answer.leaks),
        exposures=tuple(
            item._replace(path=mask(item.path), what=mask(item.what)) for item in answer.exposures
        ),
        steps=tuple(
            step._replace(actions=tuple(_redact_action(action, mask) for action in step.actions))
            for step in answer.steps
        ),
        report=report,
    )


def _redact_leak(leak: Leak, mask: Callable[[str], str]) -> Leak:
    reasons = tuple(map(mask, leak.verdict.reasons))
    return leak._replace(
        finding=redact_finding(leak.finding, mask), verdict=leak.verdict._replace(reasons=reasons)
    )


def _redact_action(action: PlanAction, mask: Callable[[str], str]) -> PlanAction:
    return action._replace(
        what=mask(action.what),
        details=tuple(map(mask, action.details)),
        commands=tuple(map(mask, action.commands)),
    )


class Target(NamedTuple):
    """Name the repository and the folder of its plan as the user does.

    `keeps_harmless`: what is harmless stays in the history. `is_written`: this run writes the plan,
    so no step asks for it.
    """

    folder: str
    plan: str
    keeps_harmless: bool = False
    is_written: bool = False


def is_purged(leak: Leak, keeps_harmless: bool) -> bool:
    """Tell whether the plan takes a leak out: what is harmless goes as well, unless it is kept."""
    action = leak.verdict.action
    return action in STOPPING or (action == HARMLESS and not keeps_harmless)


def make_plan(
    leaks: Sequence[Leak],
    exposures: Sequence[Exposure],
    pack_rules: Mapping[str, Rule],
    target: Target,
    missing: Sequence[PlanAction] = (),
) -> tuple[PlanStep, ...]:
    """Make the plan. Steps that are not needed are left out.

    `pack_rules` holds the rules by issuer, with the pages and steps of each. `missing` says how to
    get what could not be looked at: then that comes first, and asking again instead of publishing.
    """
    serious = [leak for leak in leaks if leak.verdict.action in STOPPING]
    purged = [leak for leak in leaks if is_purged(leak, target.keeps_harmless)]
    stops = [item for item in exposures if item.level == STOP]
    in_past = any(leak.finding.life is not None for leak in serious)
    in_past = in_past or any(is_dropped(item) for item in stops)
    found = []
    if missing:
        why = 'Files that were not scanned may contain anything: there is no answer until they are.'
        found.append(PlanStep('Get what is missing, and ask again', why, tuple(missing)))
    revocations = _plan_revocations(serious, pack_rules)
    if revocations:
        why = (
            'Do this first: deleting a key hides nothing, '
            'but a revoked key is worthless to whoever finds it.'
        )
        found.append(PlanStep('Revoke and replace', why, revocations))
    if serious or stops:
        why = 'keylint rewrites nothing: it writes the plan, and you run it in a new clone.'
        found.append(PlanStep('Purge', why, _plan_purge(purged, stops, target, in_past)))
    if in_past:
        found.append(_plan_verification(target))
    accepted = [leak for leak in leaks if leak.verdict.action == ACCEPTED]
    if accepted:
        found.append(_plan_decision(accepted))
    if not missing:
        found.append(_plan_publication(serious, in_past))
    return tuple(found)


def _plan_revocations(leaks: Sequence[Leak], rules: Mapping[str, Rule]) -> tuple[PlanAction, ...]:
    """Make an action for each issuer, in the issuer's own steps; those with keys on a remote first.

    Leaks are sorted by urgency already, and so are the issuers within the two groups.
    """
    groups: dict[str, list[Leak]] = {}
    for leak in leaks:
        if leak.verdict.action in ROTATING:
            groups.setdefault(leak.finding.issuer or leak.finding.rule, []).append(leak)
    urgent: list[PlanAction] = []
    other: list[PlanAction] = []
    for name, group in groups.items():
        action = _plan_revocation(group, rules.get(name))
        is_urgent = any(leak.verdict.action == 'rotate-now' for leak in group)
        (urgent if is_urgent else other).append(action)
    return (*urgent, *other)


def _plan_revocation(group: Sequence[Leak], rule: Rule | None) -> PlanAction:
    """Say how to revoke the keys of one issuer, and where they were found."""
    first = group[0].finding
    own = (rule.revoke if rule else ()) or first.do
    steps = rule.do if rule else ()
    renewal = tuple(
        step for step in steps if step.startswith(('Create', 'Move the new')) and step not in own
    )
    places = list(
        dict.fromkeys(
            f'{one.path}:{one.place.line}' for leak in group for one in list_places(leak.finding)
        )
    )
    more = ' …' if len(places) > _MAX_SHOWN_PLACES else ''
    where = f'found in {", ".join(places[:_MAX_SHOWN_PLACES])}{more}'
    what = f'{rule.name if rule else first.title}: {_count_credentials(group)}, {where}'
    manage = rule.manage if rule else None
    return PlanAction(what, manage or '', (*own, *renewal))


def _count_credentials(group: Sequence[Leak]) -> str:
    """Say how many there are and how many of them are urgent: `3 credentials, 1 of them now`."""
    now = sum(leak.verdict.action == 'rotate-now' for leak in group)
    count = f'{len(group)} credential{"s" * (len(group) != 1)}'
    if not now:
        return count
    return f'{count}, now' if now == len(group) else f'{count}, {now} of them now'


def _plan_purge(
    leaks: Sequence[Leak], stops: Sequence[Exposure], target: Target, in_past: bool
) -> tuple[PlanAction, ...]:
    """Say what to take out of files, settings and, if it is `in_past`, out of the history."""
    found = []
    places = [place for leak in leaks for place in (leak._replace(copies=()), *leak.copies)]
    files = sorted({leak.finding.path for leak in places if _is_in_checkout(leak)})
    if files:
        details = tuple(f'{path}: read it from the environment instead' for path in files)
        what = 'Take the values out of the files as they are now, and commit that'
        fix = f'keylint fix --dry-run {shlex.quote(target.folder)}'
        found.append(PlanAction(what, '', details, (fix,)))
    loose = sorted({item.path for item in stops if item.seat == 'untracked'})
    if loose:
        what = 'Ignore what must stay at home (gitignore.patch of the plan)'
        found.append(PlanAction(what, '', tuple(loose)))
    texts = dict.fromkeys(f'{item.path}: {item.what}' for item in stops if item.kind in _SETTINGS)
    if texts:
        found.append(
            PlanAction('Fix the settings and names; revoke the tokens in them', '', tuple(texts))
        )
    if in_past:
        found.append(_carry_out(target))
    return tuple(found)


def _carry_out(target: Target) -> PlanAction:
    """Say how to purge the history, and first how to write the plan if nothing writes it now."""
    script = f'sh {shlex.quote(os.path.join(target.plan, SCRIPT))}'
    if target.is_written:
        what = f'Read {SCRIPT} of this plan, and carry it out'
        return PlanAction(what, '', (), (script,))
    writing = f'keylint publish {shlex.quote(target.folder)} --plan {shlex.quote(target.plan)}'
    what = 'Write the plan outside the repository, read it, and carry it out'
    return PlanAction(what, '', (), (writing, script))


def _is_in_checkout(leak: Leak) -> bool:
    """Tell whether a tracked file holds the leak now, in the work tree or in HEAD."""
    if leak.seat.is_untracked:
        return False
    life = leak.finding.life
    return leak.seat.in_tree or (life is not None and life.in_head)


def is_dropped(item: Exposure) -> bool:
    """Tell whether an exposure is a file that the history should lose."""
    return item.seat in ('tracked', 'history') and item.kind not in _NOT_DROPPED


def _plan_verification(target: Target) -> PlanStep:
    clean = shlex.quote(f'{target.folder}-clean')
    commands = (
        f'keylint publish {clean} --verify --plan {shlex.quote(target.plan)}',
        f'keylint publish {clean}',
    )
    why = 'By object id and by value, in packs, reflogs, stashes, backups, index and work tree.'
    return PlanStep('Verify', why, (PlanAction('Look everywhere', '', (), commands),))


def _plan_decision(leaks: Sequence[Leak]) -> PlanStep:
    """Say what was accepted: everybody will read it, and nothing proves that it is harmless."""
    places = dict.fromkeys(
        f'{one.path}:{one.place.line}: {leak.finding.title}'
        for leak in leaks
        for one in list_places(leak.finding)
    )
    shown = list(places)[:_MAX_SHOWN_PLACES]
    if len(places) > len(shown):
        shown.append(f'and {len(places) - len(shown)} more')
    why = 'It is still there for everybody to read, and nothing proves that it is harmless.'
    what = 'Review what marks accept and the configuration hides; revoke what is real'
    return PlanStep('Decide about what was accepted', why, (PlanAction(what, '', tuple(shown)),))


def _plan_publication(leaks: Sequence[Leak], in_past: bool) -> PlanStep:
    found = []
    if any(leak.finding.life is not None and leak.finding.life.on_remote for leak in leaks):
        details = (
            'delete it there, or ask its support to remove cached views and pull requests',
            'everybody with a clone makes a new one',
        )
        found.append(PlanAction('The old remote still has the old history', '', details))
    why = 'Nothing else is in the way.'
    if in_past:
        why = (
            'To a new, empty remote: an old one keeps what was pushed, '
            'also in forks and pull requests.'
        )
        found.append(
            PlanAction(f'Delete {SECRETS} and the old clone, once the new one is published')
        )
    what = 'Keep it clean: switch on push protection, and the hooks of keylint'
    found.append(PlanAction(what, '', (), ('pre-commit install',)))
    return PlanStep('Publish', why, tuple(found))
