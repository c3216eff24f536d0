"""Let an event pass in which nothing is to be judged, and no more: the front of `agent-hook`.

As the front of the commit hook it may only say that nothing stands against the event, where the
ordinary way would say so too (`tests/agents/test_quick.py` runs both). Everything else, a setting
that adds rules, a name or a content that needs a closer look, is left to the ordinary way. So
there are no regular expressions, named tuples, argparse or YAML here or in what this imports.
"""

from __future__ import annotations

import os

from keylint.agents.answers import HookAnswer, allow_event
from keylint.agents.event_bytes import read_event_bytes
from keylint.agents.events import AGENTS, AgentEvent, read_event
from keylint.agents.texts import JudgedText, list_texts, read_text_file
from keylint.core.find_config import find_config

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Gate = Callable[[bytes], list[tuple[str, int]]]

# Settings by which more is found than by the rules that everybody has.
_ADDING = (b'rules', b'inventory', b'severity', b'confidence', b'pedantic')


def answer_quickly(
    arguments: list[str],
    load_gate: Callable[[], Gate | None],
    is_clean: Callable[[str, bytes, Gate], bool],
) -> HookAnswer | None:
    """Return the answer that lets the agent go on; None where that is not plain.

    `arguments` follow the name of the command; `is_clean` is given a name, a content and the gate.
    Raises whatever an event that is none makes it raise.
    """
    agent = _read_options(arguments)
    if agent is None:
        return None
    event = read_event(read_event_bytes().decode(), agent)
    texts = list_texts(event)
    if not texts:
        return allow_event(event)
    if not all(map(_has_usual_settings, {_find_folder(text, event) for text in texts})):
        return None
    gate = load_gate()
    if gate is None:
        return None
    for text in texts:
        content = text.text
        if text.kind == 'read' and not content:
            kept = read_text_file(text.path)
            if kept is None:
                return None
            content = kept
        if not is_clean(_name(text, content, event), content.encode(), gate):
            return None
    return allow_event(event)


def _read_options(arguments: list[str]) -> str | None:
    """Return the agent that the options name, empty for none; None for other options."""
    left = [argument for argument in arguments if argument != '--fail-closed']
    if not left:
        return ''
    is_usual = len(left) == 2 and left[0] == '--agent' and left[1] in AGENTS
    return left[1] if is_usual else None


def _find_folder(text: JudgedText, event: AgentEvent) -> str:
    return os.path.dirname(text.path) if text.path else event.cwd or '.'


def _has_usual_settings(folder: str) -> bool:
    """Check that no configuration adds to what is found; others leave out at most."""
    path = find_config(folder)
    if path is None:
        return True
    with open(path, 'rb') as file:
        data = file.read()
    return not any(word in data for word in _ADDING)


def _name(text: JudgedText, content: str, event: AgentEvent) -> str:
    """Return the name by which a text is read: of a file what lies below where the agent works."""
    if not text.path:
        return 'data.json' if content.startswith(('{', '[')) else 'data.txt'
    inside = os.path.relpath(text.path, event.cwd or '.')
    return text.path if inside.startswith('..') else inside
