"""The words and numbers that all formats of `keylint publish` share. None carries a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from keylint.core.model import Finding, Lifetime
from keylint.core.report import Report
from keylint.publish.assess import ACTIONS, ROTATING, STOPPING, Leak
from keylint.publish.exposures import STOP, Exposure
from keylint.publish.plan import PublishReport
from keylint.reporters.text import format_copies, sanitize_text
from keylint.reporters.text_report import format_size

HEADS = {
    'rotate-now': 'rotate now',
    'rotate': 'rotate before publishing',
    'purge': 'purge',
    'accepted': 'accepted, but still there',
    'harmless': 'harmless',
}
_VERDICTS = {
    'publishable': 'Yes: nothing stands in the way of publishing',
    'not publishable': 'No: do not publish this yet',
    'incomplete': 'Unknown: something could not be scanned',
}
_TO_DO = frozenset(HEADS[action] for action in STOPPING)
_MAX_REFS, _MAX_ISSUERS = 6, 8
_OTHER = 'of unknown issuers'


def describe_verdict(answer: PublishReport) -> str:
    """State the verdict in words."""
    if answer.report.failures and answer.is_stopped:
        return 'No, and not everything could be scanned'
    if answer.is_stopped and not answer.has_work:
        return 'No, unless you stand by what was accepted: it is still there'
    return _VERDICTS[answer.verdict]


def describe_counts(answer: PublishReport) -> str:
    """Count leaks and exposures: `2 to rotate now, 1 to purge, 3 mistakes to fix`."""
    found = [
        (sum(leak.verdict.action == action for leak in answer.leaks), HEADS[action])
        for action in ACTIONS
    ]
    texts = [f'{count} {"to " if head in _TO_DO else ""}{head}' for count, head in found if count]
    stops = sum(item.level == STOP for item in answer.exposures)
    looks = len(answer.exposures) - stops
    if stops:
        texts.append(f'{stops} mistake{"s" * (stops != 1)} to fix')
    if looks:
        texts.append(f'{looks} thing{"s" * (looks != 1)} to look at')
    return ', '.join(texts) or 'no leaks, no mistakes'


def count_revocations(answer: PublishReport) -> dict[str, int]:
    """Count the credentials to revoke by their issuers, the most first, unknown ones last."""
    counts = Counter(
        leak.issuer or _OTHER for leak in answer.leaks if leak.verdict.action in ROTATING
    )
    return dict(sorted(counts.items(), key=lambda row: (row[0] == _OTHER, -row[1], row[0])))


def describe_revocations(answer: PublishReport) -> str:
    """Say how many credentials to revoke today, of which issuers, and that no key was tried."""
    counts = count_revocations(answer)
    if not counts:
        return 'Found nothing to revoke. No key was tried.'
    total = sum(counts.values())
    rows = [f'{count} {name}' for name, count in counts.items()]
    shown = rows[:_MAX_ISSUERS]
    if len(rows) > _MAX_ISSUERS:
        shown.append(f'{len(rows) - _MAX_ISSUERS} more issuers')
    live = sum(
        leak.finding.environment == 'live' and leak.finding.environment_claim.is_proven
        for leak in answer.leaks
        if leak.verdict.action in ROTATING
    )
    known = f'{live} proven live, ' if live else ''
    return (
        f'Revoke today: {total} credential{"s" * (total != 1)} ({", ".join(shown)}); '
        f'{known}none proven to be for tests only. No key was tried.'
    )


def describe_amount(report: Report) -> str:
    """State how much was looked at, how long it took and what was skipped."""
    skipped = ''.join(
        f'; skipped: {count} {sanitize_text(why)}' for why, count in sorted(report.skipped.items())
    )
    unchanged = f' ({report.unchanged:,} unchanged)' if report.unchanged else ''
    size = format_size(report.bytes)
    seconds = f'{report.seconds:.1f} s'
    return f'{report.files:,} objects and files{unchanged}, {size}, {seconds}{skipped}'


def describe_lifetime(leak: Leak) -> str:
    """Describe in one line how long a leak was there."""
    life = leak.finding.life
    if life is None:
        return 'not committed'
    if life.first is None or life.last is None:
        return 'never in a commit'
    commits = f'{life.commits} commit{"s" * (life.commits != 1)}'
    if life.in_head:
        end = 'still there'
    elif leak.removed:
        end = f'removed {leak.removed[:10]}' + (
            ', still in the work tree' if leak.seat.in_tree else ''
        )
    else:
        end = 'still there, though not in HEAD'
    return f'introduced {life.first.committed[:10]}, {end}, {commits}'


def end_of_life(leak: Leak, span: tuple[str, str]) -> str:
    """Return the time at which a leak was removed, else the end of the span."""
    return leak.removed or span[1]


def list_refs(life: Lifetime) -> str:
    """List the shortest names of the refs that hold a leak, six at most."""
    names = [name.removeprefix('refs/heads/').removeprefix('refs/') for name in life.refs]
    shown = names[:_MAX_REFS]
    if len(names) > _MAX_REFS:
        shown.append(f'and {len(names) - _MAX_REFS} more')
    return ', '.join([*shown, *life.others[:3]])


def position_in_span(moment: str, span: tuple[str, str]) -> float:
    """Return where a moment lies between the first and the last commit, from 0 to 1."""
    start, end, at = (datetime.fromisoformat(text).timestamp() for text in (*span, moment))
    return min(1.0, max(0.0, (at - start) / (end - start))) if end > start else 0.0


def describe_place(finding: Finding) -> str:
    """Name path and line, the commit if the file is gone from HEAD, and the first other places."""
    place = f'{finding.path}:{finding.place.line}'
    is_past = (
        finding.life is not None
        and not finding.life.in_head
        and finding.commit
        and not finding.path.startswith('commit ')
    )
    shown = f'{place} in {(finding.commit or "")[:10]}' if is_past else place
    return f'{shown}, also {format_copies(finding)}' if finding.copies else shown


def group_by_kind(items: Sequence[Exposure]) -> list[tuple[str, str, str, str, list[str]]]:
    """Group exposures that are alike: level, kind, what, seat, and their paths."""
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for item in items:
        groups.setdefault((item.level, item.kind, item.what, item.seat), []).append(item.path)
    return [(*key, paths) for key, paths in groups.items()]
