"""The verdict of `keylint publish` on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from textwrap import wrap
from typing import TextIO

from keylint.core.report import Failure, Report
from keylint.publish.assess import STOPPING, Leak
from keylint.publish.exposures import STOP, Exposure
from keylint.publish.needles import LOOKED_AT
from keylint.publish.plan import PlanAction, PlanStep, PublishReport
from keylint.publish.verify import Leftover
from keylint.reporters.painter import Painter
from keylint.reporters.publish_wording import (
    HEADS,
    describe_amount,
    describe_counts,
    describe_lifetime,
    describe_place,
    describe_revocations,
    describe_verdict,
    end_of_life,
    group_by_kind,
    list_refs,
    position_in_span,
)
from keylint.reporters.text import sanitize_text, wrap_words

_SHADES = {
    'rotate-now': '1;31',
    'rotate': '1;33',
    'purge': '36',
    'accepted': '2',
    'harmless': '2',
    'publishable': '1;32',
    'not publishable': '1;31',
    'incomplete': '1;33',
}
_WIDTH_COLUMNS, _BAR_COLUMNS, _MAX_PATHS, _MAX_FAILURES = 100, 32, 4, 10
_LEFTOVERS = {
    'object': 'an object of the plan',
    'value': 'a value of the plan',
    'path': 'a path to drop',
}


def _draw_bar(leak: Leak, span: tuple[str, str]) -> str:
    """Draw the life of a leak within that of the repository; empty if no commit holds it."""
    life = leak.finding.life
    if life is None or life.first is None or not span[0]:
        return ''
    first, last = (
        int(position_in_span(moment, span) * (_BAR_COLUMNS - 1))
        for moment in (life.first.committed, end_of_life(leak, span))
    )
    inner = '●'
    if last > first:
        inner += '━' * (last - first - 1) + ('○' if leak.removed else '▶')
    return f'{span[0][:4]} {"·" * first}{inner}{"·" * (_BAR_COLUMNS - 1 - last)} {span[1][:4]}'


def write(answer: PublishReport, stream: TextIO, is_coloured: bool) -> None:
    """Write the verdict, the leaks by urgency, the accidents and the plan."""
    paint = Painter(is_coloured)
    verdict = paint(_SHADES[answer.verdict], describe_verdict(answer))
    stream.write(
        f'{verdict}  {sanitize_text(answer.name)}\n'
        f'{describe_revocations(answer)}\n{describe_counts(answer)}\n'
    )
    number = 0
    for action, group in groupby(answer.leaks, key=lambda leak: leak.verdict.action):
        stream.write(f'\n{paint(_SHADES[action], HEADS[action].upper())}\n')
        for leak in group:
            number += 1
            stream.write(_render_leak(number, leak, answer.span, paint))
    if answer.exposures:
        stream.write(f'\n{paint("1", "WOULD TRAVEL BY ACCIDENT")}\n')
        stream.writelines(_render_accidents(answer.exposures, paint))
    if answer.verdict != 'publishable':
        stream.write(f'\n{paint("1", "THE PLAN")}\n')
        for place, step in enumerate(answer.steps, 1):
            stream.writelines(_render_step(place, step, paint))
    stream.writelines(_render_failures(answer.report.failures, paint))
    stream.write(f'\n{describe_amount(answer.report)}\n')


def _render_failures(failures: Sequence[Failure], paint: Painter) -> list[str]:
    if not failures:
        return []
    mark = paint('31', 'not looked at')
    lines = ['\n']
    lines += [
        f'{mark} {sanitize_text(failure.path)}: {sanitize_text(failure.error)}\n'
        for failure in failures[:_MAX_FAILURES]
    ]
    if len(failures) > _MAX_FAILURES:
        lines.append(f'{mark} {len(failures) - _MAX_FAILURES} more; --format json lists all\n')
    return lines


def _render_leak(number: int, leak: Leak, span: tuple[str, str], paint: Painter) -> str:
    finding = leak.finding
    head = (
        f'{number:3}  {paint("1", sanitize_text(finding.title))}  '
        f'{finding.severity}  {paint("2", finding.rule)}\n'
    )
    if leak.verdict.action not in STOPPING:
        return head + _wrap_labelled(
            5, '', f'{describe_place(finding)}: {"; ".join(leak.verdict.reasons)}'
        )
    parts = ', '.join(f'{part.role.replace("-", " ")} {part.preview}' for part in finding.parts)
    bar = _draw_bar(leak, span)
    lines = [head, _wrap_labelled(5, 'where', f'{describe_place(finding)}  {parts}')]
    if bar:
        lines.append(f'     {"life":8}{bar}\n')
    lines.append(_wrap_labelled(5, '' if bar else 'life', describe_lifetime(leak)))
    if finding.life is not None:
        lines.append(_wrap_labelled(5, 'refs', list_refs(finding.life)))
    lines += [
        _wrap_labelled(5, 'because' if not place else '', reason)
        for place, reason in enumerate(leak.verdict.reasons)
    ]
    return ''.join(lines)


def _wrap_labelled(indent: int, label: str, text: str) -> str:
    head = ' ' * indent + f'{label:8}'
    return ''.join(wrap_words(sanitize_text(text), _WIDTH_COLUMNS, head, len(head)))


def _render_accidents(items: Sequence[Exposure], paint: Painter) -> list[str]:
    lines = []
    for level, kind, what, seat, paths in group_by_kind(items):
        mark = paint('1;31', 'stop') if level == STOP else paint('2', 'look')
        where = {'history': ' (in the history)', 'tracked': '', 'untracked': '', 'git': ''}[seat]
        shown = ', '.join(sanitize_text(path) for path in paths[:_MAX_PATHS])
        if len(paths) > _MAX_PATHS:
            shown += f' and {len(paths) - _MAX_PATHS} more'
        lines.append(
            f'{mark}  {paint("1", kind)}  {sanitize_text(what)}{where}\n'
            + _wrap_labelled(6, '', shown).replace(' ' * 14, ' ' * 6)
        )
    return lines


def _render_step(number: int, step: PlanStep, paint: Painter) -> list[str]:
    lines = [f'{number}. {paint("1", step.title)}\n']
    lines += [f'   {paint("2", line)}\n' for line in wrap(step.why, _WIDTH_COLUMNS - 3)]
    for action in step.actions:
        lines += _render_action(action, paint)
    return lines


def _render_action(action: PlanAction, paint: Painter) -> list[str]:
    link = f'  {paint("4", action.link)}' if action.link else ''
    lines = [f'   - {sanitize_text(action.what)}{link}\n']
    for place, detail in enumerate(action.details, 1):
        lines += wrap_words(sanitize_text(detail), _WIDTH_COLUMNS, f'     {place}. ', 8)
    lines += [
        f'       {paint("36", f"$ {sanitize_text(command)}")}\n' for command in action.commands
    ]
    return lines


def write_verification(leftovers: Sequence[Leftover], report: Report, stream: TextIO) -> None:
    """Write where something of the plan is left after the purge, or that nothing is."""
    for item in leftovers:
        what = _LEFTOVERS[item.kind]
        stream.write(
            f'still there  {sanitize_text(item.place)}: {what}; {sanitize_text(item.kept)}\n'
        )
    for failure in report.failures:
        stream.write(
            f'not looked at  {sanitize_text(failure.path)}: {sanitize_text(failure.error)}\n'
        )
    if leftovers:
        verdict = f'{len(leftovers)} left: not clean yet'
    elif report.failures:
        verdict = 'not known'
    else:
        verdict = (
            'nothing of the plan is left: looked through objects, files of git and the work tree, '
            f'{LOOKED_AT}'
        )
    stream.write(f'{verdict}  ({describe_amount(report)})\n')
