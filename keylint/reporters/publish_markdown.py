"""The verdict of `keylint publish` as a checklist in Markdown."""

from __future__ import annotations

from typing import TextIO

from keylint.publish.plan import PublishReport
from keylint.reporters.markdown import escaped
from keylint.reporters.publish_wording import (
    HEADS,
    describe_amount,
    describe_counts,
    describe_lifetime,
    describe_place,
    describe_revocations,
    describe_verdict,
)
from keylint.reporters.text import clean


def write(answer: PublishReport, stream: TextIO, is_coloured: bool = False) -> None:
    """Write the verdict, the plan with boxes to tick, and tables; colours are ignored."""
    stream.write(
        f'# {describe_verdict(answer)}\n\n'
        f'{escaped(answer.name)}: {escaped(describe_counts(answer))}.\n\n'
        f'{escaped(describe_revocations(answer))}\n'
    )
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
            '\n## Leaks\n\n| verdict | finding | severity | place | life | why |\n'
            '|---|---|---|---|---|---|\n'
        )
    for leak in answer.leaks:
        cells = (
            HEADS[leak.verdict.action],
            leak.finding.title,
            leak.finding.severity,
            describe_place(leak.finding),
            describe_lifetime(leak),
            '; '.join(leak.verdict.reasons),
        )
        stream.write('| ' + ' | '.join(escaped(cell) for cell in cells) + ' |\n')
    if answer.exposures:
        stream.write(
            '\n## Would travel by accident\n\n| kind | level | path | what | where |\n'
            '|---|---|---|---|---|\n'
        )
        stream.writelines(
            f'| {" | ".join(escaped(cell) for cell in item)} |\n' for item in answer.exposures
        )
    if answer.report.failures:
        stream.write('\n## Not looked at\n\n')
        stream.writelines(
            f'- {escaped(failure.path)}: {escaped(failure.error)}\n'
            for failure in answer.report.failures
        )
    stream.write(f'\n{escaped(describe_amount(answer.report))}\n')
