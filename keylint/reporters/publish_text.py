"""The verdict of `keylint publish` on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TextIO

from keylint.core.report import Failure, Report
from keylint.core.terms import KIND_WORDS
from keylint.publish.assess import STOPPING, Leak
from keylint.publish.exposures import STOP, Exposure
from keylint.publish.needles import LOOKED_AT
from keylint.publish.plan import PlanAction, PlanStep, PublishReport
from keylint.publish.verify import Leftover
from keylint.reporters.painter import SEVERITY_COLOURS, Painter
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
from keylint.reporters.terminal import count_columns, measure_terminal
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
_MIN_BAR_COLUMNS, _MAX_BAR_COLUMNS, _MAX_PATHS, _MAX_FAILURES, _MAX_LINES = 6, 32, 4, 10, 4
_MONTH_CHARS, _YEAR_CHARS = len('2026-01'), len('2026')
_LEFTOVERS = {
    'object': 'an object of the plan',
    'value': 'a value of the plan',
    'path': 'a path to drop',
}


def _draw_bar(leak: Leak, span: tuple[str, str], columns: int) -> str:
    """Draw the life of a leak within that of the repository; empty if no commit holds it.

    The ends are years, or months where the repository is younger than a year.
    """
    life = leak.finding.life
    if life is None or life.first is None or not span[0]:
        return ''
    is_young = span[0][:_YEAR_CHARS] == span[1][:_YEAR_CHARS]
    shown = _MONTH_CHARS if is_young else _YEAR_CHARS
    width = min(_MAX_BAR_COLUMNS, columns - 2 * shown - len('    '))
    if width < _MIN_BAR_COLUMNS:
        return ''
    first, last = (
        int(position_in_span(moment, span) * (width - 1))
        for moment in (life.first.committed, end_of_life(leak, span))
    )
    inner = '●'
    if last > first:
        inner += '━' * (last - first - 1) + ('○' if leak.removed else '▶')
    bar = f'{"·" * first}{inner}{"·" * (width - 1 - last)}'
    return f'{span[0][:shown]} {bar} {span[1][:shown]}  '


def write(answer: PublishReport, stream: TextIO, is_coloured: bool) -> None:
    """Write the verdict, the leaks by urgency, the exposures and the plan."""
    paint = Painter(is_coloured)
    columns = measure_terminal(stream).columns
    verdict = paint(_SHADES[answer.verdict], describe_verdict(answer))
    lines = [f'{verdict} (repository {sanitize_text(answer.name)})']
    for text in (describe_revocations(answer), describe_counts(answer)):
        lines += _wrap(text, columns)
    for action, group in groupby(answer.leaks, key=lambda leak: leak.verdict.action):
        lines += ['', paint(_SHADES[action], HEADS[action].upper())]
        lines += _render_leaks(list(group), answer.span, columns, paint)
    if answer.exposures:
        lines += ['', paint('1', 'WOULD BE PUBLISHED BY MISTAKE')]
        lines += _render_exposures(answer.exposures, columns, paint)
    if answer.verdict != 'publishable':
        lines += ['', paint('1', 'THE PLAN')]
        for place, step in enumerate(answer.steps, 1):
            lines += _render_step(place, step, columns, paint)
    lines += _render_failures(answer.report.failures, paint)
    lines += ['', *_wrap(describe_amount(answer.report), columns)]
    stream.writelines(f'{line}\n' for line in lines)


def _render_failures(failures: Sequence[Failure], paint: Painter) -> list[str]:
    if not failures:
        return []
    mark = paint('31', 'not scanned')
    lines = ['']
    lines += [
        f'{mark} {sanitize_text(failure.path)}: {sanitize_text(failure.error)}'
        for failure in failures[:_MAX_FAILURES]
    ]
    if len(failures) > _MAX_FAILURES:
        lines.append(f'{mark} {len(failures) - _MAX_FAILURES} more; --format json lists all')
    return lines


def _render_leaks(
    leaks: Sequence[Leak], span: tuple[str, str], columns: int, paint: Painter
) -> list[str]:
    """Render the leaks of one verdict; what is said of all of them is said once, in front."""
    common = [
        reason
        for reason in leaks[0].verdict.reasons
        if len(leaks) > 1 and all(reason in leak.verdict.reasons for leak in leaks)
    ]
    said = '; '.join(common)
    lines = _wrap(f'{said[:1].upper()}{said[1:]}.', columns) if common else []
    for leak in leaks:
        lines += _render_leak(leak, common, span, columns, paint)
    return lines


def _render_leak(
    leak: Leak, common: Sequence[str], span: tuple[str, str], columns: int, paint: Painter
) -> list[str]:
    """Render a leak: place and title, parts, life, reasons; in four lines where they fit.

    Where they do not, the bar gives way, and what is said is wrapped: no word is cut off.
    """
    finding = leak.finding
    where = sanitize_text(describe_place(finding))
    title = sanitize_text(finding.title)
    severity = paint(SEVERITY_COLOURS[finding.severity], finding.severity)
    about = f'{severity} {paint("1", title)} {paint("2", f"({finding.rule})")}'
    plain = f'{where} {finding.severity} {title} ({finding.rule})'
    lines = [f'{where} {about}'] if count_columns(plain) <= columns else [where, f'  {about}']
    reasons = '; '.join(reason for reason in leak.verdict.reasons if reason not in common)
    if leak.verdict.action not in STOPPING:
        return lines + _wrap(reasons, columns, 2)
    parts = ', '.join(f'{KIND_WORDS[part.role]} {part.preview}' for part in finding.parts)
    refs = f'in {list_refs(finding.life)}' if finding.life is not None else ''
    life = describe_lifetime(leak) if finding.life is not None else ''
    bar = _draw_bar(leak, span, columns - len(f'  {life}'))
    rest = '; '.join(text for text in (reasons, refs) if text)
    rows = _wrap_all((parts, bar + life, rest), columns)
    if len(lines) + len(rows) > _MAX_LINES:
        said = '; '.join(text for text in (life, rest) if text)
        rows = _wrap_all((parts, said), columns)
    return lines + rows


def _wrap_all(notes: Iterable[str], columns: int) -> list[str]:
    return [line for note in notes if note for line in _wrap(note, columns, 2)]


def _wrap(text: str, columns: int, indent: int = 0, further: int | None = None) -> list[str]:
    last = indent if further is None else further
    lines = wrap_words(sanitize_text(text), columns, ' ' * indent, last)
    return [line.rstrip('\n') for line in lines]


def _render_exposures(items: Sequence[Exposure], columns: int, paint: Painter) -> list[str]:
    lines = []
    for level, kind, what, seat, paths in group_by_kind(items):
        mark = paint('1;31', 'stop') if level == STOP else paint('2', 'look')
        where = {'history': ' (in the history)', 'tracked': '', 'untracked': '', 'git': ''}[seat]
        shown = ', '.join(paths[:_MAX_PATHS])
        if len(paths) > _MAX_PATHS:
            shown += f' and {len(paths) - _MAX_PATHS} more'
        head, *more = _wrap(f'{what}{where}', columns, len(f'stop  {kind}  '), 6)
        lines += [f'{mark}  {paint("1", kind)}  {head.lstrip()}', *more, *_wrap(shown, columns, 6)]
    return lines


def _render_step(number: int, step: PlanStep, columns: int, paint: Painter) -> list[str]:
    lines = [f'{number}. {paint("1", step.title)}']
    lines += [paint('2', line) for line in _wrap(step.why, columns, 3)]
    for action in step.actions:
        lines += _render_action(action, columns, paint)
    return lines


def _render_action(action: PlanAction, columns: int, paint: Painter) -> list[str]:
    head, *more = _wrap(f'- {action.what}', columns, 3, 5)
    lines = [head, *more]
    if action.link and count_columns(f'{lines[-1]}  {action.link}') <= columns:
        lines[-1] += f'  {paint("4", action.link)}'
    elif action.link:
        lines.append(f'     {paint("4", action.link)}')
    for place, detail in enumerate(action.details, 1):
        lines += _wrap(f'{place}. {detail}', columns, 5, 8)
    lines += [f'       {paint("36", f"$ {sanitize_text(command)}")}' for command in action.commands]
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
            f'not scanned  {sanitize_text(failure.path)}: {sanitize_text(failure.error)}\n'
        )
    if leftovers:
        verdict = f'{len(leftovers)} left: not clean yet'
    elif report.failures:
        verdict = 'unknown'
    else:
        verdict = (
            'nothing of the plan is left: looked through objects, files of git and the work tree, '
            f'{LOOKED_AT}'
        )
    stream.write(f'{verdict}  ({describe_amount(report)})\n')
