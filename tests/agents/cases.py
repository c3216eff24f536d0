"""Events of coding agents in the form that their documentation shows, with a text in each.

`{text}` stands for the text that is judged; `§` in a case is the folder that the agent works in.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from keylint.rules.recipes import expand_recipes


class Case(NamedTuple):
    """An event, the agent that it is of, and the answer that stops it.

    `kind` says what the text is: a program for a file, or words around a value. `reason` is where
    the sentence stands in the answer, `stopped` what else the answer says, `code` the exit code.
    """

    name: str
    agent: str
    event: dict[str, Any]
    reason: tuple[str, ...]
    stopped: dict[str, Any]
    code: int = 0


_CLAUDE = {
    'session_id': 'abc123',
    'transcript_path': '/home/user/.claude/projects/bot/abc123.jsonl',
    'cwd': '§',
    'permission_mode': 'default',
}
_CODEX = {
    'session_id': '273ad859-3608-4799-9971-fa15ecb1a65c',
    'transcript_path': None,
    'cwd': '§',
    'turn_id': 'turn_123',
    'model': 'gpt-5.4',
    'permission_mode': 'default',
}
_CURSOR = {
    'conversation_id': '75fed8a8-2078-4e49-80d2-776b20d441c3',
    'generation_id': '1501ede6-b8ac-43f4-9943-0e218610c5c6',
    'model': 'default',
    'cursor_version': '2.5.25',
    'workspace_roots': ['§'],
    'user_email': 'user@example.com',
}
_COPILOT = {'sessionId': 's-1', 'timestamp': 1770000000000, 'cwd': '§'}
_COPILOT_SNAKE = {'session_id': 's-1', 'timestamp': '2026-02-26T11:28:53.112Z', 'cwd': '§'}
_VSCODE = _COPILOT_SNAKE | {
    'transcript_path': '/home/u/.config/Code/User/workspaceStorage/a/GitHub.copilot-chat/t/1.jsonl'
}
_GEMINI = {
    'session_id': 's-1',
    'transcript_path': '/home/u/.gemini/tmp/1.json',
    'cwd': '§',
    'timestamp': '2026-02-26T11:28:53.112Z',
}
_WINDSURF = {'trajectory_id': 't-1', 'execution_id': 'e-1', 'timestamp': '2026-02-26T11:28:53.112Z'}
_VIBE = {
    'session_id': 'session-123',
    'parent_session_id': None,
    'transcript_path': '/home/user/.vibe/logs/session-123.jsonl',
    'cwd': '§',
    'tool_call_id': 'call-123',
}
_CLINE = {
    'clineVersion': '3.36.0',
    'timestamp': '1770000000000',
    'taskId': '1',
    'workspaceRoots': ['§'],
    'userId': 'u',
}
_DENIAL = ('hookSpecificOutput', 'permissionDecisionReason')
_DENIED = {'hookSpecificOutput': {'hookEventName': 'PreToolUse', 'permissionDecision': 'deny'}}
_BLOCKED = {'decision': 'block'}
_PATCH = '*** Begin Patch\n*** Add File: new.py\n{patch}*** End Patch\n'


def _claude(name: str, more: dict[str, Any], base: dict[str, Any] = _CLAUDE) -> dict[str, Any]:
    return base | {'hook_event_name': name} | more


def _before(tool: str, arguments: Any, base: dict[str, Any] = _CLAUDE) -> dict[str, Any]:
    return _claude('PreToolUse', {'tool_name': tool, 'tool_input': arguments}, base)


def _after(tool: str, result: Any, base: dict[str, Any] = _CLAUDE) -> dict[str, Any]:
    more = {'tool_name': tool, 'tool_input': {'command': 'make'}, 'tool_response': result}
    return _claude('PostToolUse', more, base)


_WRITE = {'file_path': '§/new.py', 'content': '{text}'}
CASES = (
    Case(
        'claude prompt',
        'claude',
        _claude('UserPromptSubmit', {'prompt': '{text}'}),
        ('reason',),
        _BLOCKED,
    ),
    Case('claude write', 'claude', _before('Write', _WRITE), _DENIAL, _DENIED),
    Case(
        'claude edit',
        'claude',
        _before(
            'Edit',
            {
                'file_path': '§/bot.py',
                'old_string': 'PLACE',
                'new_string': '{text}',
                'replace_all': False,
            },
        ),
        _DENIAL,
        _DENIED,
    ),
    Case(
        'claude multi edit',
        'claude',
        _before(
            'MultiEdit',
            {
                'file_path': '§/bot.py',
                'edits': [
                    {'old_string': 'PLACE', 'new_string': 'OTHER'},
                    {'old_string': 'OTHER', 'new_string': '{text}'},
                ],
            },
        ),
        _DENIAL,
        _DENIED,
    ),
    Case(
        'claude notebook',
        'claude',
        _before(
            'NotebookEdit',
            {
                'notebook_path': '§/a.ipynb',
                'cell_id': 'c1',
                'new_source': '{text}',
                'edit_mode': 'replace',
            },
        ),
        _DENIAL,
        _DENIED,
    ),
    Case(
        'claude bash',
        'claude',
        _before('Bash', {'command': '{shell}', 'description': 'run'}),
        _DENIAL,
        _DENIED,
    ),
    Case(
        'claude mcp',
        'claude',
        _before('mcp__github__create_issue', {'title': 'a', 'body': '{text}'}),
        _DENIAL,
        _DENIED,
    ),
    Case(
        'claude unknown tool',
        'claude',
        _before('WebFetch', {'url': 'https://example.org', 'prompt': '{text}'}),
        _DENIAL,
        _DENIED,
    ),
    Case(
        'claude result',
        'claude',
        _after('Bash', {'stdout': '{text}', 'stderr': '', 'interrupted': False}),
        ('reason',),
        _BLOCKED,
    ),
    Case(
        'codex prompt',
        'codex',
        _claude('UserPromptSubmit', {'prompt': '{text}'}, _CODEX),
        ('reason',),
        _BLOCKED,
    ),
    Case('codex shell', 'codex', _before('Bash', {'command': '{shell}'}, _CODEX), _DENIAL, _DENIED),
    Case(
        'codex patch',
        'codex',
        _before('apply_patch', {'command': _PATCH}, _CODEX),
        _DENIAL,
        _DENIED,
    ),
    Case('codex result', 'codex', _after('Bash', '{text}', _CODEX), ('reason',), _BLOCKED),
    Case(
        'cursor prompt',
        'cursor',
        _CURSOR | {'hook_event_name': 'beforeSubmitPrompt', 'prompt': '{text}', 'attachments': []},
        ('user_message',),
        {'continue': False},
    ),
    Case(
        'cursor shell',
        'cursor',
        _CURSOR | {'hook_event_name': 'beforeShellExecution', 'command': '{shell}', 'cwd': '§'},
        ('agent_message',),
        {'permission': 'deny'},
    ),
    Case(
        'cursor mcp',
        'cursor',
        _CURSOR
        | {
            'hook_event_name': 'beforeMCPExecution',
            'tool_name': 'query',
            'tool_input': '{json}',
            'command': 'npx server',
        },
        ('user_message',),
        {'permission': 'deny'},
    ),
    Case(
        'cursor read',
        'cursor',
        _CURSOR
        | {
            'hook_event_name': 'beforeReadFile',
            'file_path': '§/kept.py',
            'content': '{text}',
            'attachments': [],
        },
        ('user_message',),
        {'permission': 'deny'},
    ),
    Case(
        'cursor write',
        'cursor',
        _CURSOR
        | {
            'hook_event_name': 'preToolUse',
            'tool_name': 'Write',
            'tool_input': _WRITE,
            'tool_use_id': 't',
        },
        ('user_message',),
        {'permission': 'deny'},
    ),
    Case(
        'cursor result',
        'cursor',
        _CURSOR
        | {
            'hook_event_name': 'postToolUse',
            'tool_name': 'Shell',
            'tool_input': {'command': 'make'},
            'tool_output': '{json}',
        },
        ('additional_context',),
        {},
    ),
    Case('copilot prompt', 'copilot', _COPILOT | {'prompt': '{text}'}, ('reason',), _BLOCKED),
    Case(
        'copilot create',
        'copilot',
        _COPILOT | {'toolName': 'create', 'toolArgs': {'path': '§/new.py', 'file_text': '{text}'}},
        ('permissionDecisionReason',),
        {'permissionDecision': 'deny'},
    ),
    Case(
        'copilot edit',
        'copilot',
        _COPILOT
        | {
            'toolName': 'edit',
            'toolArgs': {'path': '§/bot.py', 'old_str': 'PLACE', 'new_str': '{text}'},
        },
        ('permissionDecisionReason',),
        {'permissionDecision': 'deny'},
    ),
    Case(
        'copilot bash',
        'copilot',
        _COPILOT | {'toolName': 'bash', 'toolArgs': '{command}'},
        ('permissionDecisionReason',),
        {'permissionDecision': 'deny'},
    ),
    Case(
        'copilot mcp',
        'copilot',
        _COPILOT | {'toolName': 'github-create_issue', 'toolArgs': {'body': '{text}'}},
        ('permissionDecisionReason',),
        {'permissionDecision': 'deny'},
    ),
    Case(
        'copilot result',
        'copilot',
        _COPILOT
        | {
            'toolName': 'bash',
            'toolArgs': {'command': 'make'},
            'toolResult': {'resultType': 'success', 'textResultForLlm': '{text}'},
        },
        ('modifiedResult', 'textResultForLlm'),
        {'modifiedResult': {'resultType': 'success'}},
    ),
    Case(
        'copilot, the other form',
        'copilot',
        _before('Bash', {'command': '{shell}'}, _COPILOT_SNAKE),
        ('permissionDecisionReason',),
        {'permissionDecision': 'deny'} | _DENIED,
    ),
    Case(
        'vscode prompt',
        'vscode',
        _claude('UserPromptSubmit', {'prompt': '{text}'}, _VSCODE),
        ('stopReason',),
        {'continue': False},
    ),
    Case(
        'vscode create',
        'vscode',
        _before('create_file', {'filePath': '§/new.py', 'content': '{text}'}, _VSCODE),
        _DENIAL,
        _DENIED,
    ),
    Case(
        'vscode replace',
        'vscode',
        _before(
            'replace_string_in_file',
            {'filePath': '§/bot.py', 'oldString': 'PLACE', 'newString': '{text}'},
            _VSCODE,
        ),
        _DENIAL,
        _DENIED,
    ),
    Case(
        'vscode replace several',
        'vscode',
        _before(
            'multi_replace_string_in_file',
            {
                'replacements': [
                    {'filePath': '§/bot.py', 'oldString': 'PLACE', 'newString': '{text}'}
                ]
            },
            _VSCODE,
        ),
        _DENIAL,
        _DENIED,
    ),
    Case(
        'vscode terminal',
        'vscode',
        _before('run_in_terminal', {'command': '{shell}', 'goal': 'x'}, _VSCODE),
        _DENIAL,
        _DENIED,
    ),
    Case(
        'gemini prompt',
        'gemini',
        _GEMINI | {'hook_event_name': 'BeforeAgent', 'prompt': '{text}'},
        ('reason',),
        {'decision': 'deny'},
    ),
    Case(
        'gemini write',
        'gemini',
        _GEMINI
        | {'hook_event_name': 'BeforeTool', 'tool_name': 'write_file', 'tool_input': _WRITE},
        ('reason',),
        {'decision': 'deny'},
    ),
    Case(
        'gemini replace',
        'gemini',
        _GEMINI
        | {
            'hook_event_name': 'BeforeTool',
            'tool_name': 'replace',
            'tool_input': {'file_path': '§/bot.py', 'old_string': 'PLACE', 'new_string': '{text}'},
        },
        ('reason',),
        {'decision': 'deny'},
    ),
    Case(
        'gemini shell',
        'gemini',
        _GEMINI
        | {
            'hook_event_name': 'BeforeTool',
            'tool_name': 'run_shell_command',
            'tool_input': {'command': '{shell}'},
        },
        ('reason',),
        {'decision': 'deny'},
    ),
    Case(
        'gemini result',
        'gemini',
        _GEMINI
        | {
            'hook_event_name': 'AfterTool',
            'tool_name': 'run_shell_command',
            'tool_input': {'command': 'make'},
            'tool_response': {'llmContent': '{text}', 'returnDisplay': ''},
        },
        ('reason',),
        {'decision': 'deny'},
    ),
    Case(
        'windsurf prompt',
        'windsurf',
        _WINDSURF
        | {'agent_action_name': 'pre_user_prompt', 'tool_info': {'user_prompt': '{text}'}},
        (),
        {},
        2,
    ),
    Case(
        'windsurf write',
        'windsurf',
        _WINDSURF
        | {
            'agent_action_name': 'pre_write_code',
            'tool_info': {
                'file_path': '§/bot.py',
                'edits': [{'old_string': 'PLACE', 'new_string': '{text}'}],
            },
        },
        (),
        {},
        2,
    ),
    Case(
        'windsurf command',
        'windsurf',
        _WINDSURF
        | {
            'agent_action_name': 'pre_run_command',
            'tool_info': {'command_line': '{shell}', 'cwd': '§'},
        },
        (),
        {},
        2,
    ),
    Case(
        'windsurf mcp',
        'windsurf',
        _WINDSURF
        | {
            'agent_action_name': 'pre_mcp_tool_use',
            'tool_info': {
                'mcp_server_name': 'github',
                'mcp_tool_name': 'create_issue',
                'mcp_tool_arguments': {'body': '{text}'},
            },
        },
        (),
        {},
        2,
    ),
    Case(
        'vibe shell',
        'vibe',
        _VIBE
        | {
            'hook_event_name': 'pre_tool',
            'tool_name': 'bash',
            'tool_input': {'command': '{shell}'},
        },
        ('reason',),
        {'decision': 'deny'},
    ),
    Case(
        'vibe result',
        'vibe',
        _VIBE
        | {
            'hook_event_name': 'post_tool',
            'tool_name': 'bash',
            'tool_input': {'command': 'make'},
            'tool_status': 'failure',
            'tool_output': None,
            'tool_output_text': '{text}',
            'tool_error': 'failed',
        },
        ('reason',),
        {'decision': 'deny'},
    ),
    Case(
        'cline write',
        'cline',
        _CLINE
        | {
            'hookName': 'PreToolUse',
            'preToolUse': {
                'toolName': 'write_to_file',
                'parameters': {'path': 'new.py', 'content': '{text}'},
            },
        },
        ('errorMessage',),
        {'cancel': True},
    ),
    Case(
        'cline replace',
        'cline',
        _CLINE
        | {
            'hookName': 'PreToolUse',
            'preToolUse': {
                'toolName': 'replace_in_file',
                'parameters': {
                    'path': 'bot.py',
                    'diff': '------- SEARCH\nPLACE\n=======\n{text}\n+++++++ REPLACE\n',
                },
            },
        },
        ('errorMessage',),
        {'cancel': True},
    ),
    Case(
        'cline prompt',
        'cline',
        _CLINE
        | {
            'hookName': 'UserPromptSubmit',
            'userPromptSubmit': {'prompt': '{text}', 'attachments': []},
        },
        ('errorMessage',),
        {'cancel': True},
    ),
)


_LEAK = 'BINANCE_API_KEY = "{alnum:64}"\nBINANCE_API_SECRET = "{alnum:64}"\n'
_CLEAN = (
    'import os\n\nBINANCE_API_KEY = os.environ["BINANCE_API_KEY"]\n'
    'BINANCE_API_SECRET = os.environ["BINANCE_API_SECRET"]\n'
)
_SHELL = 'BINANCE_API_KEY={alnum:64} BINANCE_API_SECRET={alnum:64} python bot.py'
BOOK = {'cells': [{'id': 'c1', 'cell_type': 'code', 'metadata': {}, 'outputs': [], 'source': []}]}


def fill_event(case: Case, folder: Path, is_leak: bool) -> tuple[bytes, list[str]]:
    """Return the event with a leak in it, or without, and the values of the leak."""
    (folder / 'bot.py').write_text('import ccxt\n\nPLACE\n')
    (folder / 'a.ipynb').write_text(json.dumps(BOOK | {'nbformat': 4, 'nbformat_minor': 5}))
    text = expand_recipes(_LEAK, case.name) if is_leak else _CLEAN
    shell = expand_recipes(_SHELL, case.name) if is_leak else 'BINANCE_API_KEY=$KEY python bot.py'
    words = {
        '{text}': text,
        '{shell}': shell,
        '{json}': json.dumps({'body': text}),
        '{command}': json.dumps({'command': shell}),
        '{patch}': ''.join(f'+{line}\n' for line in text.splitlines()),
        '§': str(folder),
    }
    values = re.findall('[A-Za-z0-9]{64}', text + shell)
    return json.dumps(_fill(case.event, words)).encode(), values


def _fill(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _fill(inner, words) for name, inner in value.items()}
    if isinstance(value, list):
        return [_fill(inner, words) for inner in value]
    if isinstance(value, str):
        for word, text in words.items():
            value = value.replace(word, text)
    return value
