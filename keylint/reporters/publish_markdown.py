"""The verdict of `keylint publish` as a checklist in Markdown."""

from __future__ import annotations

from typing import TextIO

from keylint.publish.plan import PublishReport
from keylint.reporters.markdown import escape_markdown
from keylint.reporters.publish_wording import (
    HEADS,
    describe_amount,
    describe_counts,
    describe_lifetime,
    describe_place,
    describe_verdict,
)
from keylint.reporters.text import sanitize_text


def write(answer: PublishReport, stream: TextIO, is_coloured: bool = False) -> None:
    """Write the verdict, the plan with boxes to tick, and tables; colours are ignored."""
    stream.write(
        f'# {describe_verdict(answer)}\n\n'
        f'{escape_markdown(answer.name)}: {escape_markdown(describe_counts(answer))}.\n'
    )
    for number, step in enumerate(answer.steps, 1):
        stream.write(f'\n## {number}. {step.title}\n\n{escape_markdown(step.why)}\n\n')
        for action in step.actions:
            link = f' <{action.link}>' if action.link.startswith('https://') else ''
            stream.write(f'- [ ] {escape_markdown(action.what)}{link}\n')
            stream.writelines(f'  - [ ] {escape_markdown(detail)}\n' for detail in action.details)
            stream.writelines(
                f'\n  ```sh\n  {sanitize_text(command)}\n  ```\n' for command in action.commands
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
        stream.write('| ' + ' | '.join(escape_markdown(cell) for cell in cells) + ' |\n')
    if answer.exposures:
        stream.write(
            '\n## Would travel by accident\n\n| kind | level | path | what | where |\n'
            '|---|---|---|---|---|\n'
        )
        stream.writelines(
            f'| {" | ".join(escape_markdown(cell) for cell in item)} |\n'
            for item in answer.exposures
        )
    if answer.report.failures:
        stream.write('\n## Not looked at\n\n')
        stream.writelines(
            f'- {escape_markdown(failure.path)}: {escape_markdown(failure.error)}\n'
            for failure in answer.report.failures
        )
    stream.write(f'\n{escape_markdown(describe_amount(answer.report))}\n')
