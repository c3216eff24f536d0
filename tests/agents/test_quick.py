"""The quick way of the agents' hook: what it lets pass, the ordinary way lets pass."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from keylint import front
from keylint.agents import event_bytes, quick
from keylint.commands.agent_hook import answer_event
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes
from tests.agents.cases import CASES, Case, fill_event
from tests.agents.test_agent_hook import make_write
from tests.test_front import _FORBIDDEN, make_content

_OWN = {
    f'agents.{name}' if name else 'agents'
    for name in ('', 'answers', 'edits', 'event_bytes', 'events', 'json_text', 'quick', 'texts')
}


def answer_quickly(data: bytes, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the answer of the quick way; None where it leaves the event to the ordinary way."""
    monkeypatch.setattr(event_bytes, '_READ', [data])
    try:
        return quick.answer_quickly([], front._load_gate, front._is_usual_and_clean)
    except Exception:  # noqa: BLE001 - `entry` goes the ordinary way
        return None


def compare(data: bytes, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Hold the quick way against the ordinary one; tell whether it answered."""
    answer = answer_quickly(data, monkeypatch)
    if answer is None:
        return False
    ordinary = answer_event('', False)
    said = ordinary.output, ordinary.errors, ordinary.code
    assert said == (answer.output, answer.errors, answer.code)
    return True


@pytest.mark.parametrize('case', CASES, ids=lambda case: case.name)
def test_no_leak_passes_the_quick_way(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_rules()
    event, _ = fill_event(case, tmp_path, is_leak=True)
    assert answer_quickly(event, monkeypatch) is None


def test_both_ways_say_the_same_of_drawn_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_rules()
    draw = random.Random(7)  # noqa: S311 - the same in every run
    names = 'bot.py src/deep/client.py .env notes.md table.csv book.ipynb keys.yaml a.html'.split()
    answered = 0
    for _ in range(40):
        text = make_content(draw).decode('utf-8', 'replace')
        event = make_write(tmp_path / draw.choice(names), text)
        answered += compare(event, monkeypatch)
    assert 5 < answered < 40


def test_a_name_in_the_file_and_a_value_in_the_edit_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_rules()
    path = tmp_path / 'bot.env'
    path.write_text('KRAKEN_API_SECRET=GAP\n')
    value = expand_recipes('{base64:64}', 'meet')
    event = make_write(path, '', 'Edit', old_string='GAP', new_string=value)
    assert answer_quickly(event, monkeypatch) is None


@pytest.mark.parametrize(
    ('settings', 'is_quick'),
    [
        ('ignore = ["generic"]\n', True),
        ('rules = ["own"]\n', False),
        ('severity = "info"\n', False),
    ],
)
def test_settings_that_add_to_what_is_found_are_left_to_the_ordinary_way(
    settings: str, is_quick: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_rules()
    (tmp_path / 'keylint.toml').write_text(settings)
    event = make_write(tmp_path / 'a.py', 'x = 1\n')
    assert (answer_quickly(event, monkeypatch) is not None) == is_quick


def test_a_clean_event_imports_nothing_heavy(tmp_path: Path) -> None:
    load_rules()
    event = make_write(tmp_path / 'a.py', 'def add(first, second):\n    return first + second\n')
    code = (
        'import os, sys; sys.argv = ["keylint", "agent-hook"]; end = os._exit\n'
        'def stop(code):\n    os.write(2, " ".join(sys.modules).encode()); end(code)\n'
        'os._exit = stop\nfrom keylint.front import entry; entry()'
    )
    done = subprocess.run(
        [sys.executable, '-S', '-c', f'import sys; sys.path = {sys.path!r}\n{code}'],
        input=event,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, b''), done.stderr
    loaded = set(done.stderr.decode().split())
    assert not loaded & _FORBIDDEN
    own = {name.removeprefix('keylint.') for name in loaded if name.startswith('keylint.agents')}
    assert own == _OWN


def test_a_clean_event_is_answered_in_the_agents_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_rules()
    for case in CASES[::3]:
        event, _ = fill_event(case, tmp_path, is_leak=False)
        compare(event, monkeypatch)
    assert json.loads(
        answer_quickly(b'{"clineVersion": "3", "hookName": "TaskStart"}', monkeypatch).output
    ) == {'cancel': False}
