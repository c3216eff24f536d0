"""The verdict of `keylint publish` as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from keylint._version import __version__
from keylint.core.report import Report
from keylint.publish.assess import ACTIONS, Leak
from keylint.publish.needles import LOOKED_AT
from keylint.publish.plan import PublishReport
from keylint.publish.verify import Leftover
from keylint.reporters.json_report import finding_object
from keylint.reporters.json_text import JsonObject, dump_json
from keylint.reporters.publish_wording import count_revocations


def write(answer: PublishReport, stream: TextIO, is_coloured: bool = False) -> None:
    """Write the answer as one JSON object; colours are ignored."""
    stream.write(dump_json(build_document(answer), indent=2) + '\n')


def build_document(answer: PublishReport) -> JsonObject:
    """Build the answer as plain data."""
    exposures = [item._asdict() for item in answer.exposures]
    return {
        'keylint': __version__,
        'verdict': answer.verdict,
        'repository': answer.name,
        'leaks': [_build_leak(leak) for leak in answer.leaks],
        'exposures': exposures,
        'accidents': exposures,  # the name before 0.1.0, for scripts that read it
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
            'to_revoke': count_revocations(answer),
            'keys_tried': 0,
        },
    }


def _build_leak(leak: Leak) -> JsonObject:
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


def write_verification(leftovers: Sequence[Leftover], report: Report, stream: TextIO) -> None:
    """Write what `--verify` found as one JSON object."""
    rows = {
        'clean': not leftovers and not report.failures,
        'looked_through': f'objects, files of git and the work tree, {LOOKED_AT}',
        'remains': [item._asdict() for item in leftovers],
        'failures': [failure._asdict() for failure in report.failures],
    }
    stream.write(dump_json(rows, indent=2) + '\n')
