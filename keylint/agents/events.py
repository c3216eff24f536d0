"""Tell which agent an event comes from, and what it is about to do.

Each agent has a form of its own; docs/agents.md names the page that says so. Those who follow
Claude Code's form without a mark of their own are taken for it.

    Claude Code    https://code.claude.com/docs/en/hooks
    Codex          https://developers.openai.com/codex/hooks, codex-rs/hooks/src/schema.rs
    Copilot        https://docs.github.com/en/copilot/reference/hooks-reference
    VS Code        https://code.visualstudio.com/docs/agents/reference/hooks-reference
    Cursor         https://cursor.com/docs/hooks
    Gemini CLI     google-gemini/gemini-cli, docs/hooks/reference.md
    Windsurf       https://docs.windsurf.com/windsurf/cascade/hooks
    Mistral Vibe   pre_tool and post_tool of its hooks.toml
    Cline          https://docs.cline.bot/features/hooks/hook-reference

The quick way uses this: no regular expressions and no named tuples here.
"""

from __future__ import annotations

from keylint.agents.json_text import parse_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    Moment = Literal['prompt', 'before', 'after', 'quiet', 'unknown']

AGENTS = (
    *('claude', 'cline', 'codex', 'copilot', 'cursor', 'gemini', 'vibe', 'vscode', 'windsurf'),
)
# What else they are called.
_ALIASES = {
    'claude-code': 'claude',
    'codex-cli': 'codex',
    'copilot-cli': 'copilot',
    'github-copilot': 'copilot',
    'gemini-cli': 'gemini',
    'mistral-vibe': 'vibe',
    'vs-code': 'vscode',
}
# Names of events without `_` and capitals, by what they are about.
_MOMENTS = {
    'prompt': 'userpromptsubmit userpromptsubmitted beforesubmitprompt beforeagent preuserprompt',
    'before': 'pretooluse pretool beforetool beforeshellexecution beforemcpexecution '
    'beforereadfile beforetabfileread prewritecode prereadcode preruncommand premcptooluse',
    'after': 'posttooluse posttoolusefailure posttool aftertool aftershellexecution '
    'aftermcpexecution afterfileedit aftertabfileedit postwritecode postreadcode '
    'postruncommand postmcptooluse',
    # Nothing of the user's goes anywhere with these, or another event has told it before.
    'quiet': 'sessionstart sessionend setup stop stopfailure subagentstart subagentstop '
    'notification precompact postcompact precompress permissionrequest permissiondenied '
    'agentstop erroroccurred userprompttransformed afteragentresponse afteragentthought '
    'afteragent beforemodel aftermodel beforetoolselection postcascaderesponse postagent '
    'postsetupworktree worktreecreate worktreeremove taskstart taskresume taskcancel '
    'taskcomplete taskcompleted teammateidle configchange filechanged cwdchanged '
    'instructionsloaded elicitation elicitationresult',
}
_MOMENT_OF = {name: moment for moment, names in _MOMENTS.items() for name in names.split()}
_CURSOR_EVENTS = tuple(
    """beforeSubmitPrompt beforeShellExecution beforeMCPExecution beforeReadFile afterFileEdit
    beforeTabFileRead afterTabFileEdit afterShellExecution afterMCPExecution""".split()
)
_GEMINI_EVENTS = ('BeforeTool', 'AfterTool', 'BeforeAgent', 'AfterAgent', 'BeforeModel')
_VIBE_EVENTS = ('pre_tool', 'post_tool', 'post_agent')
_RESULTS = (
    *('tool_response', 'tool_output', 'tool_result', 'toolResult', 'result_json', 'mcp_result'),
    *('output', 'tool_output_text', 'result', 'error', 'tool_error'),
)
# What Windsurf calls the tool of an event, and Cursor the one of an event of its own.
_TOOLS = {
    'beforeshellexecution': 'bash',
    'aftershellexecution': 'bash',
    'beforemcpexecution': 'mcp',
    'aftermcpexecution': 'mcp',
    'beforereadfile': 'read',
    'beforetabfileread': 'read',
    'afterfileedit': 'edit',
    'aftertabfileedit': 'edit',
    'prewritecode': 'edit',
    'postwritecode': 'edit',
    'prereadcode': 'read',
    'postreadcode': 'read',
    'preruncommand': 'bash',
    'postruncommand': 'bash',
    'premcptooluse': 'mcp',
    'postmcptooluse': 'mcp',
}


class UnknownEventError(ValueError):
    """Raised for what is no event of an agent that is known; the message holds no foreign text."""


class AgentEvent:
    """What an agent is about to do, or has done.

    `tool` is the name of the tool in small letters, `arguments` what it is given, `result` what it
    gave, `prompt` what the user wrote. `is_camel` tells Copilot's own form from the other one that
    it speaks.
    """

    __slots__ = tuple('agent arguments cwd is_camel moment name prompt result tool'.split())

    def __init__(self, agent: str, name: str, data: dict[str, Any]) -> None:
        self.agent, self.name = agent, name
        squeezed = _squeeze(name)
        self.moment: str = _MOMENT_OF.get(squeezed, 'unknown')
        self.is_camel = 'sessionId' in data or 'toolName' in data
        body = _find_body(data, squeezed)
        roots = data.get('workspace_roots') or data.get('workspaceRoots')
        first = roots[0] if isinstance(roots, list) and roots else ''
        self.cwd = _read_text(body, 'cwd') or _read_text(data, 'cwd') or str(first)
        self.prompt = _read_text(body, 'prompt') or _read_text(body, 'user_prompt')
        self.tool = _TOOLS.get(squeezed) or _read_text(body, 'tool_name', 'toolName').lower()
        self.arguments: object = _read_arguments(body)
        self.result: object = next((body[name] for name in _RESULTS if body.get(name)), None)

    @property
    def is_mcp(self) -> bool:
        """True for a tool of another server: what it is given leaves this machine."""
        is_dashed = self.agent == 'copilot' and '-' in self.tool
        return self.tool.startswith('mcp') or is_dashed


def name_agent(text: str) -> str:
    """Return the name by which an agent is known here; an unknown one stays what it is."""
    return _ALIASES.get(text.lower(), text.lower())


def read_event(text: str, agent: str = '') -> AgentEvent:
    """Read the event that an agent wrote, `agent` where the user says which.

    Raises UnknownEventError.
    """
    try:
        data = parse_json(text)
    except ValueError:
        raise UnknownEventError('standard input is not JSON') from None
    if not isinstance(data, dict):
        raise UnknownEventError('standard input is JSON, but not an event of an agent')
    agent = agent or _tell_agent(data)
    event = AgentEvent(agent, _name_event(data), data)
    if event.moment == 'unknown':
        raise UnknownEventError('this kind of event is not known')
    return event


def _tell_agent(data: dict[str, Any]) -> str:
    """Tell an agent by the fields that only its events have."""
    name = data.get('hook_event_name')
    transcript = _read_text(data, 'transcript_path').lower()
    signs = (
        ('windsurf', 'agent_action_name' in data),
        ('cline', 'clineVersion' in data or 'hookName' in data),
        ('cursor', 'cursor_version' in data or name in _CURSOR_EVENTS),
        ('gemini', name in _GEMINI_EVENTS),
        ('vibe', name in _VIBE_EVENTS),
        ('vscode', 'github.copilot-chat' in transcript),
        ('codex', 'turn_id' in data or '.codex' in transcript),
        ('copilot', 'sessionId' in data or 'toolName' in data),
        ('copilot', 'timestamp' in data and 'transcript_path' not in data),
    )
    told = next((agent for agent, is_shown in signs if is_shown), '')
    if not told and not isinstance(name, str):
        raise UnknownEventError('standard input is JSON, but not an event of an agent')
    return told or 'claude'


def _name_event(data: dict[str, Any]) -> str:
    """Return the name of an event. Copilot's own form has none: its fields say it."""
    for key in ('hook_event_name', 'agent_action_name', 'hookName', 'hookEventName'):
        if name := _read_text(data, key):
            return name
    if 'toolResult' in data or 'error' in data:
        return 'postToolUse' if 'toolName' in data else 'errorOccurred'
    if 'toolName' in data:
        return 'preToolUse'
    if 'prompt' in data:
        return 'userPromptSubmitted'
    return 'sessionStart' if 'sessionId' in data else ''


def _find_body(data: dict[str, Any], squeezed: str) -> dict[str, Any]:
    """Return the part of an event that is about the tool: Windsurf and Cline have it inside."""
    inner = data.get('tool_info')
    if not isinstance(inner, dict):
        keys = {_squeeze(key): key for key in data}
        inner = data.get(keys.get(squeezed, ''))
    return inner if isinstance(inner, dict) else data


def _read_arguments(body: dict[str, Any]) -> object:
    """Return what a tool is given. Some write it as JSON in a text, some beside the event."""
    for key in ('tool_input', 'toolArgs', 'parameters', 'mcp_tool_arguments'):
        given = body.get(key)
        if isinstance(given, str):
            try:
                return parse_json(given)
            except ValueError:
                return given
        if given is not None:
            return given
    return body


def _read_text(data: dict[str, Any], *keys: str) -> str:
    found = (data.get(key) for key in keys)
    return next((text for text in found if isinstance(text, str) and text), '')


def _squeeze(name: str) -> str:
    return name.replace('_', '').replace('-', '').lower()
