"""What agents and assistants write: settings of tools, transcripts, session logs, prompts."""

from __future__ import annotations

import json

import pytest

from keylint.rules.recipes import expand_recipes
from tests.detect.layered import found

KEY, SECRET = (expand_recipes('{alnum:64}', f'agents/{part}') for part in ('key', 'secret'))
ANTHROPIC = expand_recipes('sk-ant-api03-{urlsafe:93}AA', 'agents')
TAVILY = expand_recipes('tvly-dev-{alnum:32}', 'agents')
GITHUB = expand_recipes('ghp_{alnum:36}', 'agents')
WALLET = expand_recipes('0x{hex:64}', 'agents/wallet')


def wrap(**server: object) -> str:
    return json.dumps({'mcpServers': {'trade': server}}, indent=2)


def log(*rows: object) -> str:
    return ''.join(json.dumps(row) + '\n' for row in rows)


PAIR_TEXT = f'BINANCE_API_KEY={KEY}\nBINANCE_API_SECRET={SECRET}\n'
CASES = {
    '.mcp.json: env': (
        '.mcp.json',
        wrap(command='npx', env={'BINANCE_API_KEY': KEY, 'BINANCE_API_SECRET': SECRET}),
        'binance',
    ),
    'claude_desktop_config.json: env': (
        'claude_desktop_config.json',
        wrap(command='uvx', args=['mcp-evm'], env={'WALLET_PRIVATE_KEY': WALLET}),
        'evm-private-key',
    ),
    'args: option and value': (
        '.cursor/mcp.json',
        wrap(command='uvx', args=['mcp-binance', '--api-key', KEY, '--api-secret', SECRET]),
        'binance',
    ),
    'args: option=value': (
        '.cursor/mcp.json',
        wrap(command='uvx', args=['mcp-binance', f'--api-key={KEY}', f'--api-secret={SECRET}']),
        'binance',
    ),
    'args: docker -e': (
        '.vscode/mcp.json',
        json.dumps(
            {
                'servers': {
                    'gh': {
                        'command': 'docker',
                        'args': ['run', '-e', f'GITHUB_PERSONAL_ACCESS_TOKEN={GITHUB}', 'image'],
                    }
                }
            }
        ),
        'github',
    ),
    'headers: bearer': (
        '.mcp.json',
        wrap(type='http', url='https://x.io', headers={'Authorization': f'Bearer {GITHUB}'}),
        'github',
    ),
    'url': ('.mcp.json', wrap(url=f'https://mcp.tavily.com/mcp/?tavilyApiKey={TAVILY}'), 'tavily'),
    'transcript: a tool writes .env': (
        'session.jsonl',
        log(
            {'type': 'user', 'message': {'role': 'user', 'content': 'set it up'}},
            {
                'type': 'assistant',
                'message': {
                    'content': [
                        {
                            'type': 'tool_use',
                            'name': 'Write',
                            'input': {'file_path': '.env', 'content': PAIR_TEXT},
                        }
                    ]
                },
            },
        ),
        'binance',
    ),
    'transcript: a user pastes': (
        'rollout-2026-11-02.jsonl',
        log({'role': 'user', 'content': f'my binance api key is {KEY} and the secret {SECRET}'}),
        'binance',
    ),
    'transcript: a call in bash': (
        'log.jsonl',
        log({'input': {'command': f'export ANTHROPIC_API_KEY={ANTHROPIC} && claude'}}),
        'anthropic',
    ),
    'aider history': (
        '.aider.chat.history.md',
        f'#### use these\n> BINANCE_API_KEY={KEY}\n> BINANCE_API_SECRET={SECRET}\n',
        'binance',
    ),
    'aider settings': ('.aider.conf.yml', f'anthropic-api-key: {ANTHROPIC}\n', 'anthropic'),
    'continue settings': (
        '.continue/config.yaml',
        f'models:\n  - provider: anthropic\n    apiKey: {ANTHROPIC}\n',
        'anthropic',
    ),
    'continue settings in JSON': (
        '.continue/config.json',
        json.dumps({'models': [{'provider': 'anthropic', 'apiKey': ANTHROPIC}]}),
        'anthropic',
    ),
    'cursor rules': (
        '.cursor/rules/deploy.mdc',
        f'---\nalwaysApply: true\n---\nDeploy with the wallet private key {WALLET}\n',
        'evm-private-key',
    ),
    'prompt': (
        'CLAUDE.md',
        f'# Trading\n\n- Binance API key: `{KEY}`\n- Binance secret: `{SECRET}`\n',
        'binance',
    ),
}
NAMES_ONLY = ('BINANCE_API_KEY', 'BINANCE_API_SECRET')
SILENT = {
    'look-ups': (
        '.mcp.json',
        wrap(command='npx', env={name: f'${{{name}}}' for name in NAMES_ONLY}),
    ),
    'inputs of the editor': (
        '.vscode/mcp.json',
        wrap(command='npx', env={'API_KEY': '${input:api-key}'}),
    ),
    'placeholders': (
        'claude_desktop_config.json',
        wrap(command='npx', env=dict.fromkeys(NAMES_ONLY, 'your-key-here')),
    ),
    'an option without its value': ('.mcp.json', wrap(args=['mcp-binance', '--api-key'])),
    'ids of a transcript': (
        'session.jsonl',
        log(
            {
                'type': 'assistant',
                'uuid': expand_recipes('{uuid}', 'agents/uuid'),
                'sessionId': expand_recipes('{uuid}', 'agents/session'),
                'requestId': expand_recipes('req_{alnum:24}', 'agents/request'),
                'message': {
                    'id': expand_recipes('msg_01{alnum:22}', 'agents/message'),
                    'content': [
                        {
                            'type': 'tool_use',
                            'id': expand_recipes('toolu_01{alnum:22}', 'agents/tool'),
                        }
                    ],
                },
            }
        ),
    ),
    'prompt': ('CLAUDE.md', 'Read BINANCE_API_KEY and BINANCE_API_SECRET from the environment.\n'),
}


@pytest.mark.parametrize('case', SILENT)
def test_what_holds_no_key_is_silent(case: str) -> None:
    assert found(*SILENT[case]) == []


@pytest.mark.parametrize('case', CASES)
def test_keys_are_found_and_named(case: str) -> None:
    name, text, issuer = CASES[case]
    assert f'{issuer}-credential' in {finding.rule for finding in found(name, text)}
