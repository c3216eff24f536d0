"""`keylint init --agents`: entries in the files of coding agents, and the skill."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from keylint.agents.events import AGENTS, read_event
from keylint.commands.setup.agents import AGENT_FILES
from keylint.commands.setup.skill import SKILL
from tests.agents.cases import CASES, fill_event
from tests.conftest import Run

ROOT = Path(__file__).parent.parent.parent
_OWN = {'type': 'command', 'command': 'echo mine'}


def read(path: Path) -> Any:
    text = path.read_text()
    return tomllib.loads(text) if path.suffix == '.toml' else json.loads(text)


def test_each_file_is_written_shown_and_not_written_again(keylint: Run, tmp_path: Path) -> None:
    names = list(AGENT_FILES)
    shown = keylint('init', '--agents', *names, '--dry-run')
    assert (shown.returncode, list(tmp_path.iterdir())) == (0, [])
    done = keylint('init', '--agents', *names)
    assert (done.returncode, done.stderr) == (0, '')
    for name, file in AGENT_FILES.items():
        path = tmp_path / file.path
        assert f'+++ {file.path}' in shown.stdout
        hooks = read(path)['hooks']
        if name == 'vibe':
            assert [row['type'] for row in hooks] == ['pre_tool', 'post_tool']
        else:
            assert set(hooks) == set(file.entries)
            assert all('keylint agent-hook' in json.dumps(rows) for rows in hooks.values())
    before = {path: path.read_bytes() for path in tmp_path.rglob('*') if path.is_file()}
    again = keylint('init', '--agents', *names)
    assert again.returncode == 0
    assert 'written' not in again.stdout
    assert {path: path.read_bytes() for path in tmp_path.rglob('*') if path.is_file()} == before


def test_what_is_there_stays(keylint: Run, tmp_path: Path) -> None:
    kept = {
        'permissions': {'allow': ['Bash(make:*)'], 'deny': ['Ünï']},
        'hooks': {
            'PreToolUse': [{'matcher': 'Bash', 'hooks': [_OWN]}],
            'Stop': [{'hooks': [_OWN]}],
        },
        'env': {'A': '1'},
    }
    path = tmp_path / '.claude' / 'settings.json'
    path.parent.mkdir()
    path.write_text(json.dumps(kept, indent=4, ensure_ascii=False))
    done = keylint('init', '--agents')
    assert done.returncode == 0
    assert '.claude/settings.json: added: the hook for' in done.stdout
    text = path.read_text()
    assert '\n    "permissions"' in text
    assert 'Ünï' in text
    after = json.loads(text)
    for event in ('UserPromptSubmit', 'PreToolUse', 'PostToolUse'):
        added = after['hooks'][event].pop()
        assert 'keylint agent-hook' in json.dumps(added)
        if not after['hooks'][event]:
            del after['hooks'][event]
    assert after == kept
    assert list(after) == list(kept)
    # An entry that somebody changed is one of ours still.
    path.write_text(text.replace('keylint agent-hook', '/opt/keylint agent-hook --fail-closed'))
    assert 'has the hook already' in keylint('init', '--agents', 'claude').stdout


@pytest.mark.parametrize(
    'text', ['{ // mine\n}', '[]', '{"hooks": []}', '{"hooks": {"PreToolUse": {}}}', '{']
)
def test_a_file_of_another_form_is_left_alone(text: str, keylint: Run, tmp_path: Path) -> None:
    path = tmp_path / '.claude' / 'settings.json'
    path.parent.mkdir()
    path.write_text(text)
    done = keylint('init', '--agents', 'claude')
    assert done.returncode == 2
    assert 'add the hook by hand' in done.stderr
    assert path.read_text() == text


def test_nothing_is_written_through_a_link_and_a_skill_is_kept(
    keylint: Run, tmp_path: Path
) -> None:
    outside = tmp_path / 'outside.json'
    outside.write_text('{}')
    inside = tmp_path / 'tree'
    (inside / '.cursor').mkdir(parents=True)
    (inside / '.cursor' / 'hooks.json').symlink_to(outside)
    skill = inside / '.agents' / 'skills' / 'keylint' / 'SKILL.md'
    skill.parent.mkdir(parents=True)
    skill.write_text('mine')
    done = keylint('init', '--agents', cwd=inside)
    assert done.returncode == 2
    assert 'is a link' in done.stderr
    assert (outside.read_text(), skill.read_text()) == ('{}', 'mine')


def test_the_entries_are_those_of_the_top_and_only_of_what_is_used(
    keylint: Run, tmp_path: Path
) -> None:
    subprocess.run(['git', 'init', '-q', str(tmp_path)], check=True)
    (tmp_path / 'sub').mkdir()
    nothing = keylint('init', '--agents', cwd=tmp_path / 'sub')
    assert nothing.returncode == 2
    assert 'no files of coding agents are here' in nothing.stderr
    (tmp_path / 'GEMINI.md').write_text('# Bot\n')
    assert keylint('init', '--agents', cwd=tmp_path / 'sub').returncode == 0
    made = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob('*.*') if path.is_file()}
    made = {name for name in made if not name.startswith('.git/')}
    assert made == {'GEMINI.md', '.gemini/settings.json', '.agents/skills/keylint/SKILL.md'}
    assert keylint('init', '--agents', '--keys').returncode == 2


def test_the_hook_of_copilot_lets_pass_where_keylint_is_missing(
    keylint: Run, tmp_path: Path
) -> None:
    keylint('init', '--agents', 'copilot')
    (entry,) = read(tmp_path / '.github/hooks/keylint.json')['hooks']['preToolUse']
    done = subprocess.run(
        ['/bin/sh', '-c', entry['bash']],
        env={'PATH': '/nowhere'},
        input=b'{}',
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b'', b'')


def test_a_registered_command_stops_a_leak(keylint: Run, tmp_path: Path) -> None:
    """Every agent that is set up is also understood."""
    for name in AGENT_FILES:
        case = next(case for case in CASES if case.agent == name)
        event, _ = fill_event(case, tmp_path, is_leak=True)
        assert read_event(event.decode()).agent == name
    assert set(AGENT_FILES) <= set(AGENTS)


def test_the_documentation_shows_the_skill_and_every_agent() -> None:
    page = (ROOT / 'docs' / 'agents.md').read_text()
    assert f'````markdown\n{SKILL}````\n' in page
    assert (ROOT / 'examples' / 'agents' / 'SKILL.md').read_text() == SKILL
    for file in AGENT_FILES.values():
        assert f'`{file.path}`' in page
