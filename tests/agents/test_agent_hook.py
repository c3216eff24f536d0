"""The hook of coding agents: real events in, an answer in the agent's own form out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from keylint.agents import event_bytes
from keylint.agents.answers import HookAnswer
from keylint.agents.events import AGENTS, AgentEvent, UnknownEventError, read_event
from keylint.commands.agent_hook import answer_event
from keylint.rules.recipes import expand_recipes
from tests.agents.cases import CASES, Case, fill_event
from tests.conftest import Repository, Run
from tests.test_laws import SOCKETS_FORBIDDEN

_PIECE = 8
# Some go through a process from nothing; the others are forked.
_FIRST = {agent: next(case for case in CASES if case.agent == agent) for agent in AGENTS}
_PAIR = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'


def assert_no_piece(values: list[str], shown: str) -> None:
    """Check that no eight characters of a value are printed."""
    assert values
    for value in values:
        pieces = {value[at : at + _PIECE] for at in range(len(value) - _PIECE + 1)}
        assert not [piece for piece in pieces if piece in shown]


def find_reason(answer: Any, path: tuple[str, ...]) -> str:
    for name in path:
        answer = answer[name]
    assert isinstance(answer, str)
    return answer


def assert_within(expected: Any, answer: Any) -> None:
    """Check that an answer says at least what is expected."""
    if isinstance(expected, dict):
        for name, inner in expected.items():
            assert_within(inner, answer[name])
    else:
        assert answer == expected


def assert_stopped(case: Case, code: int, out: str, err: str) -> None:
    assert code == case.code
    if not case.reason:
        assert out == ''
        sentence = err.strip()
    else:
        answer = json.loads(out)
        assert_within(case.stopped, answer)
        sentence = find_reason(answer, case.reason)
    assert sentence.startswith('keylint: ')
    assert sentence.endswith('.')
    assert '\n' not in sentence
    assert 'binance-credential' in sentence


@pytest.mark.parametrize('case', CASES, ids=lambda case: case.name)
def test_a_leak_is_stopped_and_its_mirror_passes(case: Case, keylint: Run, tmp_path: Path) -> None:
    event, values = fill_event(case, tmp_path, is_leak=True)
    assert read_event(event.decode()).agent == case.agent
    if case is _FIRST[case.agent] or 'write' in case.name:
        done = keylint('agent-hook', stdin=event)
        code, out, err = done.returncode, done.stdout, done.stderr
    else:
        told = answer(event)
        code, out, err = told.code, told.output, told.errors
    assert_stopped(case, code, out, err)
    assert_no_piece(values, out + err)

    event, _ = fill_event(case, tmp_path, is_leak=False)
    passed = answer(event)
    assert (passed.code, passed.errors) == (0, '')
    assert passed.output in ('', '{}\n', '{"cancel": false}\n')


def test_an_agent_is_answered_by_a_process_from_nothing(process: Run, tmp_path: Path) -> None:
    case = _FIRST['windsurf']
    event, values = fill_event(case, tmp_path, is_leak=True)
    done = process('agent-hook', '--agent', 'windsurf', stdin=event)
    assert_stopped(case, done.returncode, done.stdout, done.stderr)
    assert_no_piece(values, done.stdout + done.stderr)
    event, _ = fill_event(case, tmp_path, is_leak=False)
    assert process('agent-hook', '--agent', 'windsurf', stdin=event).returncode == 0


def make_write(path: Path, text: str, tool: str = 'Write', **arguments: Any) -> bytes:
    event = {
        'session_id': 'abc123',
        'transcript_path': '/home/user/.claude/projects/bot/abc123.jsonl',
        'cwd': str(path.parent),
        'hook_event_name': 'PreToolUse',
        'tool_name': tool,
        'tool_input': {'file_path': str(path), **(arguments or {'content': text})},
    }
    return json.dumps(event).encode()


def answer(event: bytes, is_closed: bool = False) -> HookAnswer:
    """Answer an event in this process."""
    event_bytes._READ[:] = [event]
    try:
        return answer_event('', is_closed)
    finally:
        event_bytes._READ.clear()


def is_stopped(event: bytes) -> bool:
    done = answer(event)
    assert (done.code, done.errors) == (0, '')
    return 'deny' in done.output


def test_the_path_and_its_settings_count(keylint: Run, repository: Repository) -> None:
    leak = expand_recipes(_PAIR, 'settings')
    folder = repository.folder
    assert is_stopped(make_write(folder / 'bot.env', leak))
    repository.write(
        'keylint.toml', 'exclude = ["fixtures/"]\n[per-path-ignores]\n"docs/" = ["b"]\n'
    )
    assert not is_stopped(make_write(folder / 'fixtures' / 'bot.env', leak))
    assert not is_stopped(make_write(folder / 'docs' / 'bot.env', leak))
    assert is_stopped(make_write(folder / 'bot.env', leak))
    repository.write('keylint.toml', 'ignore = ["binance"]\n')
    assert not is_stopped(make_write(folder / 'bot.env', leak))


def test_values_may_go_where_git_ignores_them_but_not_be_read_there(repository: Repository) -> None:
    leak = expand_recipes(_PAIR, 'ignored')
    path = repository.write('.env', leak)
    assert is_stopped(make_write(path, leak + expand_recipes(_PAIR, 'more')))
    repository.write('.gitignore', '.env\n')
    assert not is_stopped(make_write(path, leak))
    assert not is_stopped(make_write(repository.folder / 'new' / '.env', leak))
    assert is_stopped(make_write(path, '', 'Read', limit=10))


def test_a_known_finding_passes(keylint: Run, repository: Repository) -> None:
    leak = expand_recipes(_PAIR, 'baseline')
    path = repository.write('bot.env', leak)
    assert is_stopped(make_write(path, '', 'Read', limit=10))
    assert keylint('baseline', 'create', cwd=repository.folder).returncode == 0
    assert not is_stopped(make_write(path, '', 'Read', limit=10))
    other = expand_recipes(_PAIR, 'another')
    assert is_stopped(make_write(path, other))


def test_a_mark_with_a_reason_is_respected(keylint: Run, tmp_path: Path) -> None:
    key, secret = expand_recipes(_PAIR, 'marked').splitlines()
    mark = '# keylint: ignore[binance-credential] a key of the fake exchange of the tests'
    assert not is_stopped(make_write(tmp_path / 'bot.env', f'{mark}\n{key}\n{secret}\n'))


EDITS = (
    ('a line elsewhere, in a file that leaks already', 'x = 1', 'x = 2', False),
    ('the leak itself is taken out', 'KEY\nSECRET', 'import os', False),
    ('another key', 'x = 1', 'KRAKEN_API_SECRET={base64:64}', True),
    ('only the value, for a name that stands there', 'GAP', '{base64:64}', True),
    ('a text that is not there', 'NOWHERE', 'KRAKEN_API_SECRET={base64:64}', True),
)


@pytest.mark.parametrize(
    ('old', 'new', 'is_bad'), [row[1:] for row in EDITS], ids=[row[0] for row in EDITS]
)
def test_an_edit_is_judged_by_what_it_adds(
    old: str, new: str, is_bad: bool, tmp_path: Path
) -> None:
    key, secret = expand_recipes(_PAIR, 'edits').splitlines()
    path = tmp_path / 'bot.env'
    path.write_text(f'{key}\n{secret}\nx = 1\nKRAKEN_API_SECRET=GAP\n')
    old = old.replace('KEY', key).replace('SECRET', secret) if 'KEY\n' in old else old
    event = make_write(path, '', 'Edit', old_string=old, new_string=expand_recipes(new, 'new'))
    assert is_stopped(event) == is_bad


def test_a_patch_of_a_file_is_applied(tmp_path: Path) -> None:
    path = tmp_path / 'bot.env'
    path.write_text('x = 1\nKRAKEN_API_SECRET=GAP\n')
    patch = (
        '*** Begin Patch\n*** Update File: bot.env\n@@\n x = 1\n-KRAKEN_API_SECRET=GAP\n'
        '+KRAKEN_API_SECRET={value}\n*** End Patch\n'
    )
    for value, is_bad in ((expand_recipes('{base64:64}', 'patch'), True), ('${SECRET}', False)):
        event = json.loads(make_write(path, '', 'apply_patch', x=1))
        event['tool_input'] = {'command': patch.replace('{value}', value)}
        assert is_stopped(json.dumps(event).encode()) == is_bad


def test_a_file_that_a_prompt_names_is_judged(keylint: Run, repository: Repository) -> None:
    repository.write('.env', expand_recipes(_PAIR, 'mention'))
    event = {
        'session_id': 'a',
        'transcript_path': '/h/.claude/a',
        'cwd': str(repository.folder),
        'hook_event_name': 'UserPromptSubmit',
        'prompt': 'look at @.env, please',
    }
    done = keylint('agent-hook', stdin=json.dumps(event).encode())
    assert json.loads(done.stdout)['decision'] == 'block'
    event['prompt'] = 'look at @.envrc, please, and mail me@example.org'
    assert keylint('agent-hook', stdin=json.dumps(event).encode()).stdout == ''


BROKEN = (
    ('no JSON', b'BINANCE'),
    ('nothing', b''),
    ('a list', b'[1, 2]'),
    ('no event', b'{"a": 1}'),
    ('an unknown event', b'{"hook_event_name": "Teleport", "session_id": "a"}'),
    ('more than one', b'{} {}'),
    ('half of one', b'{"hook_event_name": "PreToolUse", "tool_in'),
    ('no text', b'\xff\xfe\x00'),
    ('deep', b'{"hook_event_name": "PreToolUse", "a": ' + b'[' * 100_000),
)


@pytest.mark.parametrize('data', [row[1] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_what_is_no_event_passes_with_a_message_unless_it_must_not(data: bytes) -> None:
    done = answer(data)
    assert (done.code, done.output) == (1, '')
    assert done.errors.startswith('keylint: this event was not checked: ')
    assert done.errors.count('\n') == 1
    assert answer(data, is_closed=True).code == 2


def test_a_message_about_no_event_goes_to_standard_error(keylint: Run) -> None:
    done = keylint('agent-hook', stdin=b'hunter2')
    assert (done.returncode, done.stdout) == (1, '')
    assert done.stderr == 'keylint: this event was not checked: standard input is not JSON\n'
    assert keylint('agent-hook', '--fail-closed', stdin=b'hunter2').returncode == 2


def test_a_broken_configuration_is_told_in_the_agents_form(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keylint.toml').write_text('selct = 3\n')
    event = make_write(tmp_path / 'bot.py', 'api_key = read()\n')
    done = keylint('agent-hook', stdin=event)
    assert (done.returncode, done.stdout) == (1, '')
    assert 'was not checked' in done.stderr
    closed = keylint('agent-hook', '--fail-closed', stdin=event)
    assert closed.returncode == 0
    assert json.loads(closed.stdout)['hookSpecificOutput']['permissionDecision'] == 'deny'
    # Copilot refuses every tool whose hook fails: what is open must not.
    event = json.dumps(
        {
            'sessionId': 'a',
            'timestamp': 1,
            'cwd': str(tmp_path),
            'toolName': 'create',
            'toolArgs': {'path': str(tmp_path / 'a.py'), 'file_text': 'x = 1\n'},
        }
    ).encode()
    assert keylint('agent-hook', stdin=event).returncode == 0


@pytest.mark.parametrize(
    'name', ['SessionStart', 'Stop', 'Notification', 'SubagentStop', 'PreCompact']
)
def test_events_that_carry_nothing_pass(name: str, keylint: Run) -> None:
    event = json.dumps(
        {'hook_event_name': name, 'session_id': 'a', 'transcript_path': '/x'}
    ).encode()
    done = keylint('agent-hook', stdin=event)
    assert (done.returncode, done.stdout, done.stderr) == (0, '', '')


def test_an_unknown_event_says_nothing_of_itself() -> None:
    with pytest.raises(UnknownEventError, match='this kind of event is not known'):
        read_event('{"hook_event_name": "Teleport"}')
    assert AgentEvent('claude', 'Teleport', {}).moment == 'unknown'


def test_a_finding_is_told_without_a_socket(tmp_path: Path) -> None:
    event, values = fill_event(_FIRST['copilot'], tmp_path, is_leak=True)
    command = [sys.executable, '-c', SOCKETS_FORBIDDEN, 'agent-hook']
    done = subprocess.run(command, input=event, capture_output=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b'')
    assert json.loads(done.stdout)['decision'] == 'block'
    assert_no_piece(values, done.stdout.decode())


def make_after_edit(path: Path, old: str, new: str) -> bytes:
    event = {
        'conversation_id': 'c',
        'generation_id': 'g',
        'hook_event_name': 'afterFileEdit',
        'workspace_roots': [str(path.parent)],
        'file_path': str(path),
        'edits': [{'old_string': old, 'new_string': new}],
    }
    return json.dumps(event).encode()


def test_an_edit_that_was_made_already_is_told(keylint: Run, tmp_path: Path) -> None:
    key, secret = expand_recipes(_PAIR, 'made').splitlines()
    path = tmp_path / 'bot.env'
    path.write_text(f'{key}\n{secret}\nx = 2\n')
    done = keylint('agent-hook', stdin=make_after_edit(path, 'KEY\nSECRET\n', f'{key}\n{secret}\n'))
    assert done.returncode == 0
    assert 'binance-credential' in json.loads(done.stdout)['additional_context']
    assert done.stderr.startswith('keylint: bot.env would contain a secret (')
    elsewhere = keylint('agent-hook', stdin=make_after_edit(path, 'x = 1', 'x = 2'))
    assert (elsewhere.returncode, elsewhere.stdout, elsewhere.stderr) == (0, '{}\n', '')


def test_a_key_that_may_do_too_much_is_no_secret(keylint: Run, tmp_path: Path) -> None:
    text = 'keys:\n  - exchange: binance\n    permissions: [read, withdraw]\n    ip_allowlist: []\n'
    done = keylint('agent-hook', stdin=make_write(tmp_path / 'keys.yaml', text))
    reason = json.loads(done.stdout)['hookSpecificOutput']['permissionDecisionReason']
    assert 'secret' not in reason
    assert '`keylint explain key-' in reason


def test_a_file_that_is_not_there_may_be_read(tmp_path: Path) -> None:
    assert not is_stopped(make_write(tmp_path / 'gone.env', '', 'Read', limit=1))
    assert not is_stopped(make_write(tmp_path, '', 'Read', limit=1))


def test_a_tool_of_another_server_writes_nothing_here(repository: Repository) -> None:
    """A path in the arguments of an MCP tool is one of its own, whatever git ignores here."""
    repository.write('.gitignore', '.env\n')
    leak = expand_recipes(_PAIR, 'remote')
    path = repository.folder / '.env'
    assert not is_stopped(make_write(path, leak))
    assert is_stopped(make_write(path, leak, 'mcp__github__create_or_update_file'))
    assert is_stopped(make_write(path, leak, 'SomethingNew'))


def test_an_agent_has_its_usual_names(keylint: Run, tmp_path: Path) -> None:
    event = make_write(tmp_path / 'a.py', 'x = 1\n')
    for name in ('claude', 'Claude-Code', 'claude-code'):
        assert keylint('agent-hook', '--agent', name, stdin=event).returncode == 0
    wrong = keylint('agent-hook', '--agent', 'cloud', stdin=event)
    assert wrong.returncode == 2
    assert wrong.stderr.count('\n') == 1
