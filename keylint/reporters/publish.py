"""The verdict of `keylint publish`: text, Markdown, JSON; HTML is next door. No format carries a value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import TextIOWrapper
from itertools import groupby
from textwrap import wrap
from typing import Any, TextIO

from keylint._version import __version__
from keylint.core.model import Finding, Life, Report
from keylint.publish.assess import ACTIONS, HARMLESS, Leak
from keylint.publish.exposures import STOP, Accident
from keylint.publish.plan import Action, Answer, Step
from keylint.publish.verify import Remain
from keylint.reporters.json_report import finding_object
from keylint.reporters.json_text import dumps
from keylint.reporters.markdown import escaped
from keylint.reporters.text import clean

FORMATS = ('text', 'markdown', 'json', 'html')
HEADS = {
    'rotate-now': 'rotate now',
    'rotate': 'rotate before publishing',
    'purge': 'purge',
    'harmless': 'harmless',
}
_SAID = {
    'publishable': 'Yes: nothing stands in the way of publishing',
    'not publishable': 'No: do not publish this yet',
    'incomplete': 'Not known: something could not be looked at',
}
_SHADES = {
    'rotate-now': '1;31',
    'rotate': '1;33',
    'purge': '36',
    'harmless': '2',
    'publishable': '1;32',
    'not publishable': '1;31',
    'incomplete': '1;33',
}
_WIDTH, _CELLS, _SHOWN, _FAILURES = 100, 32, 4, 10


def write(answer: Answer, format_name: str, stream: TextIO, is_coloured: bool) -> None:
    """The answer in a format of FORMATS."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors='replace')
    if format_name == 'html':
        from keylint.reporters.publish_html import html  # noqa: PLC0415 - only for this format

        html(answer, stream)
    elif format_name == 'json':
        stream.write(dumps(document(answer), indent=2) + '\n')
    elif format_name == 'markdown':
        markdown(answer, stream)
    else:
        _text(answer, stream, is_coloured)


def said(answer: Answer) -> str:
    """The verdict in words."""
    return (
        'No, and not everything could be looked at'
        if answer.report.failures and answer.is_stopped
        else _SAID[answer.verdict]
    )


def counted(answer: Answer) -> str:
    """`2 to rotate now, 1 to purge, 3 accidents to stop`."""
    found = [
        (sum(leak.verdict.action == action for leak in answer.leaks), HEADS[action])
        for action in ACTIONS
    ]
    texts = [
        f'{count} {"to " if head != "harmless" else ""}{head}' for count, head in found if count
    ]
    stops = sum(item.level == STOP for item in answer.accidents)
    looks = len(answer.accidents) - stops
    texts += [f'{stops} accident{"s" * (stops != 1)} to stop'] if stops else []
    texts += [f'{looks} thing{"s" * (looks != 1)} to look at'] if looks else []
    return ', '.join(texts) or 'no leaks, no accidents'


def amount(report: Report) -> str:
    """What was looked at."""
    skipped = ''.join(
        f'; skipped: {count} {clean(why)}' for why, count in sorted(report.skipped.items())
    )
    unchanged = f' ({report.unchanged:,} unchanged)' if report.unchanged else ''
    return f'{report.files:,} objects and files{unchanged}, {report.bytes / 1e6:,.1f} MB, {report.seconds:.1f} s{skipped}'


def lifetime(leak: Leak) -> str:
    """One line on how long it was there."""
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


def ending(leak: Leak, span: tuple[str, str]) -> str:
    """Until when it was there: now for what was never taken out."""
    return leak.removed or span[1]


def refs_of(life: Life) -> str:
    """The shortest names that hold it."""
    names = [name.removeprefix('refs/heads/').removeprefix('refs/') for name in life.refs]
    rest = [f'and {len(names) - 6} more'] if len(names) > 6 else []
    return ', '.join([*names[:6], *rest, *life.others[:3]])


def share(moment: str, span: tuple[str, str]) -> float:
    """Where a moment lies between the first and the last commit, from 0 to 1."""
    start, end, at = (datetime.fromisoformat(text).timestamp() for text in (*span, moment))
    return min(1.0, max(0.0, (at - start) / (end - start))) if end > start else 0.0


def _bar(leak: Leak, span: tuple[str, str]) -> str:
    """The life of a leak in that of the repository; nothing for what no commit holds."""
    life = leak.finding.life
    if life is None or life.first is None or not span[0]:
        return ''
    first, last = (
        int(share(moment, span) * (_CELLS - 1))
        for moment in (life.first.committed, ending(leak, span))
    )
    inner = '●' + '━' * (last - first - 1) + ('○' if leak.removed else '▶') if last > first else '●'
    return f'{span[0][:4]} {"·" * first}{inner}{"·" * (_CELLS - 1 - last)} {span[1][:4]}'


class _Paint:
    def __init__(self, is_on: bool) -> None:
        self._is_on = is_on

    def __call__(self, style: str, text: str) -> str:
        return f'\x1b[{style}m{text}\x1b[0m' if self._is_on else text


def _text(answer: Answer, stream: TextIO, is_coloured: bool) -> None:
    paint = _Paint(is_coloured)
    stream.write(
        f'{paint(_SHADES[answer.verdict], said(answer))}  {clean(answer.name)}\n{counted(answer)}\n'
    )
    number = 0
    for action, group in groupby(answer.leaks, key=lambda leak: leak.verdict.action):
        stream.write(f'\n{paint(_SHADES[action], HEADS[action].upper())}\n')
        for leak in group:
            number += 1
            stream.write(_leak(number, leak, answer.span, paint))
    if answer.accidents:
        stream.write(f'\n{paint("1", "WOULD TRAVEL BY ACCIDENT")}\n')
        stream.writelines(_accidents(answer.accidents, paint))
    if answer.verdict != 'publishable':
        stream.write(f'\n{paint("1", "THE PLAN")}\n')
        for place, step in enumerate(answer.steps, 1):
            stream.writelines(_step(place, step, paint))
    failures = answer.report.failures
    stream.write('\n' if failures else '')
    for failure in failures[:_FAILURES]:
        stream.write(
            f'{paint("31", "not looked at")} {clean(failure.path)}: {clean(failure.error)}\n'
        )
    if len(failures) > _FAILURES:
        stream.write(
            f'{paint("31", "not looked at")} {len(failures) - _FAILURES} more; --format json lists all\n'
        )
    stream.write(f'\n{amount(answer.report)}\n')


def _leak(number: int, leak: Leak, span: tuple[str, str], paint: _Paint) -> str:
    finding = leak.finding
    head = f'{number:3}  {paint("1", clean(finding.title))}  {finding.severity}  {paint("2", finding.rule)}\n'
    if leak.verdict.action == HARMLESS:
        return head + _wrapped(5, '', f'{place_of(finding)}: {"; ".join(leak.verdict.reasons)}')
    parts = ', '.join(f'{part.role.replace("-", " ")} {part.preview}' for part in finding.parts)
    bar = _bar(leak, span)
    lines = [head, _wrapped(5, 'where', f'{place_of(finding)}  {parts}')]
    if bar:
        lines.append(f'     {"life":8}{bar}\n')
    lines.append(_wrapped(5, '' if bar else 'life', lifetime(leak)))
    if finding.life is not None:
        lines.append(_wrapped(5, 'refs', refs_of(finding.life)))
    lines += [
        _wrapped(5, 'because' if not place else '', reason)
        for place, reason in enumerate(leak.verdict.reasons)
    ]
    return ''.join(lines)


def place_of(finding: Finding) -> str:
    """Path and line; the commit where the text is a commit's own or the file is gone."""
    place = f'{finding.path}:{finding.place.line}'
    is_past = (
        finding.life is not None
        and not finding.life.in_head
        and finding.commit
        and not finding.path.startswith('commit ')
    )
    return f'{place} in {(finding.commit or "")[:10]}' if is_past else place


def _wrapped(indent: int, label: str, text: str) -> str:
    left = ' ' * indent + f'{label:8}'
    lines = wrap(
        clean(text),
        _WIDTH,
        initial_indent=left,
        subsequent_indent=' ' * len(left),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return '\n'.join(lines) + '\n' if lines else ''


def by_kind(items: Sequence[Accident]) -> list[tuple[str, str, str, str, list[str]]]:
    """Level, kind, what, seat and the paths of those that are alike."""
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for item in items:
        groups.setdefault((item.level, item.kind, item.what, item.seat), []).append(item.path)
    return [(*key, paths) for key, paths in groups.items()]


def _accidents(items: Sequence[Accident], paint: _Paint) -> list[str]:
    lines = []
    for level, kind, what, seat, paths in by_kind(items):
        mark = paint('1;31', 'stop') if level == STOP else paint('2', 'look')
        where = {'history': ' (in the history)', 'tracked': '', 'untracked': '', 'git': ''}[seat]
        shown = ', '.join(clean(path) for path in paths[:_SHOWN]) + (
            f' and {len(paths) - _SHOWN} more' if len(paths) > _SHOWN else ''
        )
        lines.append(
            f'{mark}  {paint("1", kind)}  {clean(what)}{where}\n'
            + _wrapped(6, '', shown).replace(' ' * 14, ' ' * 6)
        )
    return lines


def _step(number: int, step: Step, paint: _Paint) -> list[str]:
    lines = [f'{number}. {paint("1", step.title)}\n']
    lines += [f'   {paint("2", line)}\n' for line in wrap(step.why, _WIDTH - 3)]
    for action in step.actions:
        lines += _action(action, paint)
    return lines


def _action(action: Action, paint: _Paint) -> list[str]:
    lines = [
        f'   - {clean(action.what)}'
        + (f'  {paint("4", action.link)}' if action.link else '')
        + '\n'
    ]
    for place, detail in enumerate(action.details, 1):
        lines += [
            f'{line}\n'
            for line in wrap(
                clean(detail),
                _WIDTH,
                initial_indent=f'     {place}. ',
                subsequent_indent=' ' * 8,
                break_long_words=False,
                break_on_hyphens=False,
            )
        ]
    lines += [f'       {paint("36", f"$ {clean(command)}")}\n' for command in action.commands]
    return lines


def markdown(answer: Answer, stream: TextIO) -> None:
    """A checklist: verdict, plan with boxes to tick, tables."""
    stream.write(f'# {said(answer)}\n\n{escaped(answer.name)}: {escaped(counted(answer))}.\n')
    for number, step in enumerate(answer.steps, 1):
        stream.write(f'\n## {number}. {step.title}\n\n{escaped(step.why)}\n\n')
        for action in step.actions:
            link = f' <{action.link}>' if action.link.startswith('https://') else ''
            stream.write(f'- [ ] {escaped(action.what)}{link}\n')
            stream.writelines(f'  - [ ] {escaped(detail)}\n' for detail in action.details)
            stream.writelines(
                f'\n  ```sh\n  {clean(command)}\n  ```\n' for command in action.commands
            )
    if answer.leaks:
        stream.write(
            '\n## Leaks\n\n| verdict | finding | severity | place | life | why |\n|---|---|---|---|---|---|\n'
        )
    for leak in answer.leaks:
        cells = (
            HEADS[leak.verdict.action],
            leak.finding.title,
            leak.finding.severity,
            place_of(leak.finding),
            lifetime(leak),
            '; '.join(leak.verdict.reasons),
        )
        stream.write('| ' + ' | '.join(escaped(cell) for cell in cells) + ' |\n')
    if answer.accidents:
        stream.write(
            '\n## Would travel by accident\n\n| kind | level | path | what | where |\n|---|---|---|---|---|\n'
        )
        stream.writelines(
            f'| {" | ".join(escaped(cell) for cell in item)} |\n' for item in answer.accidents
        )
    if answer.report.failures:
        stream.write('\n## Not looked at\n\n')
        stream.writelines(
            f'- {escaped(failure.path)}: {escaped(failure.error)}\n'
            for failure in answer.report.failures
        )
    stream.write(f'\n{escaped(amount(answer.report))}\n')


def document(answer: Answer) -> dict[str, Any]:
    """The answer as plain data."""
    return {
        'keylint': __version__,
        'verdict': answer.verdict,
        'repository': answer.name,
        'leaks': [_leak_object(leak) for leak in answer.leaks],
        'accidents': [item._asdict() for item in answer.accidents],
        'plan': [
            {'title': s.title, 'why': s.why, 'actions': [action._asdict() for action in s.actions]}
            for s in answer.steps
        ],
        'failures': [failure._asdict() for failure in answer.report.failures],
        'summary': {
            'files': answer.report.files,
            'unchanged': answer.report.unchanged,
            'bytes': answer.report.bytes,
            'seconds': round(answer.report.seconds, 3),
            'skipped': dict(sorted(answer.report.skipped.items())),
            'verdicts': {
                action: sum(leak.verdict.action == action for leak in answer.leaks)
                for action in ACTIONS
            },
        },
    }


def _leak_object(leak: Leak) -> dict[str, Any]:
    life = leak.finding.life
    shown = (
        None
        if life is None
        else {
            'first': life.first._asdict() if life.first else None,
            'last': life.last._asdict() if life.last else None,
            'commits': life.commits,
            'paths': list(life.paths),
            'refs': list(life.refs),
            'others': list(life.others),
            'in_head': life.in_head,
            'is_reachable': life.is_reachable,
            'on_remote': life.on_remote,
            'objects': list(life.objects),
        }
    )
    found = {key: value for key, value in finding_object(leak.finding).items() if key != 'parts'}
    parts = [
        {'role': part.role, 'line': part.place.line, 'preview': part.preview}
        for part in leak.finding.parts
    ]
    seat = {'in_work_tree': leak.seat.in_tree, 'is_untracked': leak.seat.is_untracked}
    verdict = {'action': leak.verdict.action, 'reasons': list(leak.verdict.reasons)}
    return {
        **found,
        'parts': parts,
        'verdict': verdict,
        'life': shown,
        'removed': leak.removed or None,
        **seat,
    }


def verified(found: Sequence[Remain], report: Report, format_name: str, stream: TextIO) -> None:
    """What `--verify` says: nothing is left, or where."""
    if format_name == 'json':
        rows = {
            'clean': not found and not report.failures,
            'remains': [item._asdict() for item in found],
            'failures': [failure._asdict() for failure in report.failures],
        }
        stream.write(dumps(rows, indent=2) + '\n')
        return
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors='replace')
    for item in found:
        what = {
            'object': 'an object of the plan',
            'value': 'a value of the plan',
            'path': 'a path to drop',
        }[item.kind]
        stream.write(f'still there  {clean(item.place)}: {what}; {clean(item.kept)}\n')
    for failure in report.failures:
        stream.write(f'not looked at  {clean(failure.path)}: {clean(failure.error)}\n')
    verdict = (
        f'{len(found)} left: not clean yet'
        if found
        else 'nothing of the plan is left'
        if not report.failures
        else 'not known'
    )
    stream.write(f'{verdict}  ({amount(report)})\n')
