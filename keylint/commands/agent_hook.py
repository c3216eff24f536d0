"""`keylint agent-hook`: judge the event that a coding agent hands to its hook, and answer it."""

from __future__ import annotations

import sys
from argparse import Namespace

from keylint.agents.answers import HookAnswer, allow_event, block_event, fail_event
from keylint.agents.event_bytes import read_event_bytes
from keylint.agents.events import UnknownEventError, read_event
from keylint.agents.judge import judge_texts
from keylint.agents.texts import list_texts
from keylint.core.errors import describe_crash


def run(arguments: Namespace) -> int:
    """HookAnswer in the agent's own form and return the exit code that the agent expects."""
    answer = answer_event(arguments.agent or '', arguments.fail_closed)
    sys.stdout.write(answer.output)
    sys.stderr.write(answer.errors)
    return answer.code


def answer_event(agent: str, is_closed: bool) -> HookAnswer:
    """Judge the event on standard input.

    What cannot be judged passes with one line that says so, unless `is_closed`.
    """
    event = None
    try:
        text = read_event_bytes().decode('utf-8', 'replace')
        event = read_event(text.removeprefix('\ufeff'), agent)
        judged = judge_texts(list_texts(event), event.cwd)
    except UnknownEventError as error:
        return fail_event(event, f'keylint: this event was not checked: {error}', is_closed)
    except Exception as error:  # noqa: BLE001 - its text may quote what the agent was given
        why = f'keylint: this event was not checked: {describe_crash(error)}'
        return fail_event(event, why, is_closed)
    if judged.objection:
        return block_event(event, judged.objection)
    if judged.unjudged:
        return fail_event(event, judged.unjudged, is_closed)
    return allow_event(event)
