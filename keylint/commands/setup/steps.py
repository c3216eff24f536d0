"""List the steps of `keylint init`: the hook, a configuration, a job for CI, lines of `.gitignore`.

Each step sees what is there and gives the file's next text; one that is asked again finds nothing
to do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

from keylint.commands.setup.agents import AGENT_FILES, find_agents, plan_agents
from keylint.commands.setup.configuration import plan_configuration
from keylint.commands.setup.edits import DOCS, EditRefusedError, Plan, read_text
from keylint.commands.setup.github import plan_workflow
from keylint.commands.setup.gitignore import plan_patterns
from keylint.commands.setup.gitlab import GITLAB, plan_pipeline
from keylint.commands.setup.pre_commit import plan_hook
from keylint.core.records import NamedTuple
from keylint.sources import git


class SetupStep(NamedTuple):
    """A file that is set up, and what is to be said about it.

    `before` is its text now (None where there is none), `after` its next text (None where it
    stays).
    """

    path: str
    before: str | None
    after: str | None
    says: str
    is_problem: bool = False


def list_steps(folder: str, top: str | None) -> Iterator[SetupStep]:
    """List all steps for a folder; `top` is the work tree of the repository that holds it."""
    if top is None:
        yield _make_step(folder, plan_configuration(folder))
        return
    hosts = _find_hosts(top)
    jobs = [
        plan
        for host, plan in (('github', plan_workflow), ('gitlab', plan_pipeline))
        if host in hosts
    ]
    for plan in (plan_hook, plan_configuration, *jobs, plan_patterns):
        yield _make_step(top, plan(top))
    if not jobs:
        says = (
            'no GitHub or GitLab was recognised by folders or remotes; '
            f'{DOCS}/ci/ has jobs for others'
        )
        yield SetupStep('', None, None, says)


def list_agent_steps(folder: str, names: Sequence[str]) -> Iterator[SetupStep]:
    """List the steps for coding agents: those that are named, else those that are used here."""
    wanted = names or find_agents(folder)
    for plan in plan_agents(wanted):
        yield _make_step(folder, plan)
    if not wanted:
        says = f'no files of coding agents are here; name them: {", ".join(AGENT_FILES)}'
        yield SetupStep('', None, None, says, True)


def _make_step(folder: str, plan: Plan) -> SetupStep:
    """Apply a plan to its file. What cannot be read, or is a link, is left alone."""
    name, edit = plan
    path = os.path.join(folder, name)
    if _is_behind_link(folder, name):
        says = 'is a link, or is behind one, and is left alone'
        return SetupStep(path, None, None, says, True)
    try:
        before = read_text(path)
        after, says = edit(before)
    except EditRefusedError as refusal:
        return SetupStep(path, None, None, str(refusal), True)
    return SetupStep(path, before, after, says)


def _is_behind_link(folder: str, name: str) -> bool:
    path = os.path.join(folder, name)
    real = os.path.relpath(os.path.realpath(path), os.path.realpath(folder))
    return os.path.islink(path) or os.path.dirname(real) != os.path.dirname(name)


def _find_hosts(top: str) -> set[str]:
    """Tell who runs this repository's pipelines, by its files and by the hosts of its remotes.

    The addresses are not shown: they may hold tokens.
    """
    found = {
        host
        for host, name in (('github', '.github'), ('gitlab', GITLAB))
        if os.path.exists(os.path.join(top, name))
    }
    answer = git.try_git(top, 'config', '--get-regexp', r'^remote\..*\.url$')
    for url in answer.output.decode('utf-8', 'replace').splitlines():
        name = re.sub(r'^[a-z+]+://', '', url.partition(' ')[2]).rpartition('@')[2]
        found |= {host for host in ('github', 'gitlab') if re.match(rf'[^/:]*{host}', name)}
    return found
