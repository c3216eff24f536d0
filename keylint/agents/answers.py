"""Say to an agent in its own form that it may go on, or may not, and why in one sentence.

Silence means: go on, as far as keylint is concerned. Nothing is ever approved, so an agent asks
its user for a permission where it would have asked without the hook.

The quick way uses this: no regular expressions and no named tuples here.
"""

from __future__ import annotations

from keylint.agents.json_text import write_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keylint.agents.events import AgentEvent

# Agents take 2 for a refusal, with the reason on standard error; any other number but 0 is a
# failure of the hook that is shown and does not stop them, except for Copilot.
REFUSED, FAILED = 2, 1


class HookAnswer:
    """What a hook prints and how it ends."""

    __slots__ = ('code', 'errors', 'output')

    def __init__(self, output: str = '', errors: str = '', code: int = 0) -> None:
        self.output, self.errors, self.code = output, errors, code


def allow_event(event: AgentEvent) -> HookAnswer:
    """Let an agent go on."""
    if event.agent == 'cline':
        return HookAnswer('{"cancel": false}\n')
    is_asked = event.agent in ('cursor', 'gemini')
    return HookAnswer('{}\n' if is_asked else '')


def block_event(event: AgentEvent, why: str) -> HookAnswer:
    """Stop an agent, or tell it what has happened where the event comes too late to stop it."""
    if event.agent == 'windsurf':
        return HookAnswer('', f'{why}\n', REFUSED)
    if event.agent == 'cursor' and event.moment == 'after':
        # It reads context after a tool, and nothing at all after an edit of a file.
        return HookAnswer(f'{write_json({"additional_context": why})}\n', f'{why}\n')
    return HookAnswer(f'{write_json(_FORMS.get(event.agent, _form_claude)(event, why))}\n')


def fail_event(event: AgentEvent | None, why: str, is_closed: bool) -> HookAnswer:
    """Say that an event was not checked. `is_closed` stops the agent for it."""
    if is_closed:
        if event is None:
            return HookAnswer('', f'{why}\n', REFUSED)
        return block_event(event, why)
    # Copilot refuses a tool whose hook has failed.
    code = 0 if event is not None and event.agent == 'copilot' else FAILED
    return HookAnswer('', f'{why}\n', code)


def _form_claude(event: AgentEvent, why: str) -> dict[str, object]:
    """HookAnswer Claude Code, Codex, and those who follow them."""
    if event.moment == 'before':
        return {'hookSpecificOutput': _form_denial(why)}
    return {'decision': 'block', 'reason': why}


def _form_denial(why: str) -> dict[str, object]:
    return {
        'hookEventName': 'PreToolUse',
        'permissionDecision': 'deny',
        'permissionDecisionReason': why,
    }


def _form_vscode(event: AgentEvent, why: str) -> dict[str, object]:
    if event.moment == 'prompt':
        return {'continue': False, 'stopReason': why}
    return _form_claude(event, why)


def _form_copilot(event: AgentEvent, why: str) -> dict[str, object]:
    if event.moment == 'before':
        plain: dict[str, object] = {'permissionDecision': 'deny', 'permissionDecisionReason': why}
        return plain if event.is_camel else plain | {'hookSpecificOutput': _form_denial(why)}
    if event.moment == 'after':
        return {'modifiedResult': {'resultType': 'success', 'textResultForLlm': why}}
    return {'decision': 'block', 'reason': why}


def _form_cursor(event: AgentEvent, why: str) -> dict[str, object]:
    if event.moment == 'prompt':
        return {'continue': False, 'user_message': why}
    return {'permission': 'deny', 'user_message': why, 'agent_message': why}


def _form_gemini(_event: AgentEvent, why: str) -> dict[str, object]:
    return {'decision': 'deny', 'reason': why}


def _form_cline(_event: AgentEvent, why: str) -> dict[str, object]:
    return {'cancel': True, 'errorMessage': why}


_FORMS = {
    'vscode': _form_vscode,
    'copilot': _form_copilot,
    'cursor': _form_cursor,
    'gemini': _form_gemini,
    'vibe': _form_gemini,
    'cline': _form_cline,
}
