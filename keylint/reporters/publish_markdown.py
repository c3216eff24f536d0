"""The verdict of `keylint publish` as a checklist in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO

from keylint.publish.assess import Leak
from keylint.publish.plan import PlanAction, PublishReport
from keylint.reporters.markdown import escape_markdown
from keylint.reporters.publish_wording import (
    HEADS,
    describe_amount,
    describe_counts,
    describe_lifetime,
    describe_place,
    describe_revocations,
    describe_verdict,
)
from keylint.reporters.text import sanitize_text


def write(answer: PublishReport, stream: TextIO, is_coloured: bool = False) -> None:
    """Write the verdict, the plan with boxes to tick, and tables; colours are ignored."""
    stream.write(
        f'# {describe_verdict(answer)}\n\n'
        f'{escape_markdown(answer.name)}: {escape_markdown(describe_counts(answer))}.\n\n'
        f'{escape_markdown(describe_revocations(answer))}\n'
    )
    for number, step in enumerate(answer.steps, 1):
        stream.write(f'\n## {number}. {step.title}\n\n{escape_markdown(step.why)}\n\n')
        for action in step.actions:
            _write_action(action, stream)
    if answer.leaks:
        stream.write('\n## Leaks\n\n')
        columns = ('verdict', 'finding', 'severity', 'place', 'life', 'why')
        _write_table(columns, map(_list_cells, answer.leaks), stream)
    if answer.exposures:
        stream.write('\n## Would be published by mistake\n\n')
        _write_table(('kind', 'level', 'path', 'what', 'where'), answer.exposures, stream)
    if answer.report.failures:
        stream.write('\n## Not looked at\n\n')
        stream.writelines(
            f'- {escape_markdown(failure.path)}: {escape_markdown(failure.error)}\n'
            for failure in answer.report.failures
        )
    stream.write(f'\n{escape_markdown(describe_amount(answer.report))}\n')


def _write_action(action: PlanAction, stream: TextIO) -> None:
    link = f' <{action.link}>' if action.link.startswith('https://') else ''
    stream.write(f'- [ ] {escape_markdown(action.what)}{link}\n')
    stream.writelines(f'  - [ ] {escape_markdown(detail)}\n' for detail in action.details)
    stream.writelines(
        f'\n  ```sh\n  {sanitize_text(command)}\n  ```\n' for command in action.commands
    )


def _list_cells(leak: Leak) -> tuple[str, ...]:
    return (
        HEADS[leak.verdict.action],
        leak.finding.title,
        leak.finding.severity,
        describe_place(leak.finding),
        describe_lifetime(leak),
        '; '.join(leak.verdict.reasons),
    )


def _write_table(columns: Sequence[str], rows: Iterable[Sequence[str]], stream: TextIO) -> None:
    stream.write(f'| {" | ".join(columns)} |\n{"|---" * len(columns)}|\n')
    stream.writelines(f'| {" | ".join(escape_markdown(cell) for cell in row)} |\n' for row in rows)
