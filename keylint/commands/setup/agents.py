"""Add the hook to the files of coding agents, and the skill that says how to use keylint.

Each agent loads such files from the repository; docs/agents.md names the page that says so. No
entry names its agent: some also read the files of others, and the event tells who calls.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from typing import Any

from keylint.commands.setup.edits import DOCS, EditRefusedError, Plan, append_block
from keylint.commands.setup.skill import SKILL
from keylint.core.records import NamedTuple

COMMAND = 'keylint agent-hook'
# A cloud agent loads the file as well, and refuses every tool whose hook cannot be started.
_BASH = f'command -v keylint >/dev/null 2>&1 || exit 0; {COMMAND}'
_POWERSHELL = f'if (Get-Command keylint -ErrorAction SilentlyContinue) {{ {COMMAND} }}'
_CLAUDE_SKILL = '.claude/skills/keylint/SKILL.md'
_SHARED_SKILL = '.agents/skills/keylint/SKILL.md'
_VIBE = f"""\
[[hooks]]
name = "keylint-before"
type = "pre_tool"
match = "*"
command = "{COMMAND}"

[[hooks]]
name = "keylint-after"
type = "post_tool"
match = "*"
command = "{COMMAND}"
"""


class AgentFile(NamedTuple):
    """The file of an agent, what shows that it is used here, and the entries by their events.

    `version` is what the file must begin with, None for none.
    """

    path: str
    signs: tuple[str, ...]
    entries: dict[str, dict[str, Any]]
    version: int | None = None


def _group(matcher: str = '') -> dict[str, Any]:
    """Make an entry in the form of Claude Code: hooks for tools that a pattern names."""
    hooks = {'hooks': [{'type': 'command', 'command': COMMAND}]}
    return {'matcher': matcher, **hooks} if matcher else hooks


_COPILOT = {'type': 'command', 'bash': _BASH, 'powershell': _POWERSHELL, 'timeoutSec': 30}
_PLAIN = {'command': COMMAND}
_SHOWN = {'command': COMMAND, 'show_output': True}
AGENT_FILES = {
    'claude': AgentFile(
        '.claude/settings.json',
        ('.claude', 'CLAUDE.md'),
        {
            'UserPromptSubmit': _group(),
            'PreToolUse': _group('Bash|Edit|MultiEdit|Write|NotebookEdit|Read|WebFetch|mcp__.*'),
            'PostToolUse': _group('Bash|WebFetch|mcp__.*'),
        },
    ),
    'codex': AgentFile(
        '.codex/hooks.json',
        ('.codex',),
        {'UserPromptSubmit': _group(), 'PreToolUse': _group('.*'), 'PostToolUse': _group('.*')},
    ),
    'copilot': AgentFile(
        '.github/hooks/keylint.json',
        ('.github/hooks', '.github/copilot', '.github/copilot-instructions.md'),
        {'userPromptSubmitted': _COPILOT, 'preToolUse': _COPILOT, 'postToolUse': _COPILOT},
        version=1,
    ),
    'cursor': AgentFile(
        '.cursor/hooks.json',
        ('.cursor', '.cursorrules'),
        {
            'beforeSubmitPrompt': _PLAIN,
            'beforeShellExecution': _PLAIN,
            'beforeMCPExecution': _PLAIN,
            'beforeReadFile': _PLAIN,
            'preToolUse': {'matcher': 'Write', **_PLAIN},
            'afterFileEdit': _PLAIN,
        },
        version=1,
    ),
    'gemini': AgentFile(
        '.gemini/settings.json',
        ('.gemini', 'GEMINI.md'),
        {
            'BeforeAgent': _group(),
            'BeforeTool': _group('write_file|replace|run_shell_command|read_file|web_fetch|mcp_.*'),
            'AfterTool': _group('run_shell_command|web_fetch|mcp_.*'),
        },
    ),
    'vibe': AgentFile('.vibe/hooks.toml', ('.vibe',), {}),
    'windsurf': AgentFile(
        '.windsurf/hooks.json',
        ('.windsurf', '.windsurfrules'),
        dict.fromkeys(
            """pre_user_prompt pre_write_code pre_run_command pre_mcp_tool_use
            pre_read_code""".split(),
            _SHOWN,
        ),
    ),
}


def find_agents(top: str) -> list[str]:
    """Name the agents that a folder has files of."""
    return [
        name
        for name, file in AGENT_FILES.items()
        if any(os.path.exists(os.path.join(top, sign)) for sign in file.signs)
    ]


def plan_agents(names: Iterable[str]) -> Iterator[Plan]:
    """Plan the files of agents: the hook in each, and the skill where they look for it."""
    wanted = list(dict.fromkeys(names))
    for name in wanted:
        yield AGENT_FILES[name].path, _plan_file(AGENT_FILES[name])
    if 'claude' in wanted:
        yield _CLAUDE_SKILL, _add_skill
    if [name for name in wanted if name != 'claude']:
        yield _SHARED_SKILL, _add_skill


def _plan_file(file: AgentFile) -> Any:  # noqa: ANN401 - an `Edit`
    return _add_to_toml if file.path.endswith('.toml') else lambda text: _add_to_json(file, text)


def _add_to_toml(text: str | None) -> tuple[str | None, str]:
    if text and COMMAND in text:
        return None, 'has the hook already'
    return append_block(text or '', _VIBE), 'the hook'


def _add_to_json(file: AgentFile, text: str | None) -> tuple[str | None, str]:
    """Add what is missing; the file keeps everything else, in its order."""
    try:
        data = json.loads(text) if text and text.strip() else {}
    except ValueError:
        raise EditRefusedError(f'is not plain JSON; add the hook by hand: {DOCS}/agents/') from None
    hooks = data.get('hooks', {}) if isinstance(data, dict) else None
    if not isinstance(hooks, dict):
        raise EditRefusedError(f'has no table of hooks; add the hook by hand: {DOCS}/agents/')
    if file.version is not None:
        data.setdefault('version', file.version)
    missing = [name for name in file.entries if not _has_hook(hooks.get(name))]
    for name in missing:
        rows = hooks.setdefault(name, [])
        if not isinstance(rows, list):
            raise EditRefusedError(f'{name} is not a list; add the hook by hand: {DOCS}/agents/')
        rows.append(file.entries[name])
    if not missing:
        return None, 'has the hook already'
    data['hooks'] = hooks
    after = json.dumps(data, indent=_find_indent(text or ''), ensure_ascii=False) + '\n'
    return after, f'the hook for {", ".join(missing)}'


def _has_hook(rows: object) -> bool:
    """Tell whether an entry of ours stands in the list of an event, however it was changed."""
    return COMMAND in json.dumps(rows)


def _find_indent(text: str) -> int | str:
    """Return how the first line within the file is indented."""
    for line in text.splitlines()[1:]:
        blank = line[: len(line) - len(line.lstrip())]
        if blank:
            return '\t' if blank.startswith('\t') else len(blank)
    return 2


def _add_skill(text: str | None) -> tuple[str | None, str]:
    if text is None:
        return SKILL, 'the skill: how an agent uses keylint'
    return None, 'is there already and is kept' if text != SKILL else 'is there already'
