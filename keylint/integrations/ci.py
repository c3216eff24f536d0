"""Find the revision to compare a change with, from the variables of five CI services."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping

from keylint.core.errors import ConfigError

_ZEROS = re.compile(r'0{40}(?:0{24})?')
_NO_PIPELINE = (
    '--diff auto: no CI pipeline names a base; keylint knows GitHub, GitLab, Bitbucket, Azure '
    'and Jenkins; name the commit or branch, as in `--diff origin/main`'
)


def find_base(environment: Mapping[str, str]) -> str:
    """Find the revision to compare with; empty where everything is new.

    Raises ConfigError outside of a pipeline, and in one that does not say what it runs for.
    """
    for variable, find_revision in _SERVICES:
        if environment.get(variable):
            found = find_revision(environment)
            if found is not None:
                return found
            raise ConfigError(
                f'--diff auto: the pipeline ({variable}) does not say what to compare with; '
                'name it, as in `--diff origin/main`'
            )
    raise ConfigError(_NO_PIPELINE)


def _name_branch(name: str) -> str:
    """Name a branch of the remote: pipelines check out a commit and have no local branches."""
    return f'origin/{name.removeprefix("refs/heads/")}'


def _read_github(environment: Mapping[str, str]) -> str | None:
    event = _load_event(environment.get('GITHUB_EVENT_PATH', ''))
    request, group = event.get('pull_request'), event.get('merge_group')
    for found in (
        request.get('base') if isinstance(request, dict) else None,
        {'sha': group.get('base_sha')} if isinstance(group, dict) else None,
    ):
        if isinstance(found, dict) and isinstance(found.get('sha'), str):
            return str(found['sha'])
    if environment.get('GITHUB_BASE_REF'):
        return _name_branch(environment['GITHUB_BASE_REF'])
    before = event.get('before')
    if isinstance(before, str) and before:
        home = event.get('repository')
        default = home.get('default_branch') if isinstance(home, dict) else None
        return _find_pushed_base(
            before,
            environment.get('GITHUB_REF_NAME', ''),
            default if isinstance(default, str) else '',
        )
    return None


def _load_event(path: str) -> dict[str, object]:
    """Load the event that started a workflow, which GitHub leaves in a file; empty without one."""
    try:
        with open(path, 'rb') as file:
            event = json.load(file)
    except (OSError, ValueError):
        return {}
    return event if isinstance(event, dict) else {}


def _read_gitlab(environment: Mapping[str, str]) -> str | None:
    if environment.get('CI_MERGE_REQUEST_DIFF_BASE_SHA'):
        return environment['CI_MERGE_REQUEST_DIFF_BASE_SHA']
    if environment.get('CI_MERGE_REQUEST_TARGET_BRANCH_NAME'):
        return _name_branch(environment['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'])
    before = environment.get('CI_COMMIT_BEFORE_SHA', '')
    if not before:
        return None
    return _find_pushed_base(
        before, environment.get('CI_COMMIT_BRANCH', ''), environment.get('CI_DEFAULT_BRANCH', '')
    )


def _find_pushed_base(before: str, branch: str, default: str) -> str | None:
    """Find what a branch held before a push.

    A new branch (nothing but zeros) is compared with the default one; the very first push has
    nothing to compare with: all of it is new.
    """
    if not _ZEROS.fullmatch(before):
        return before
    if not default:
        return None
    return '' if branch == default else _name_branch(default)


def _read_bitbucket(environment: Mapping[str, str]) -> str | None:
    if environment.get('BITBUCKET_PR_DESTINATION_COMMIT'):
        return environment['BITBUCKET_PR_DESTINATION_COMMIT']
    target = environment.get('BITBUCKET_PR_DESTINATION_BRANCH')
    return _name_branch(target) if target else None


def _read_azure(environment: Mapping[str, str]) -> str | None:
    target = environment.get('SYSTEM_PULLREQUEST_TARGETBRANCH')
    return _name_branch(target) if target else None


def _read_jenkins(environment: Mapping[str, str]) -> str | None:
    target = environment.get('CHANGE_TARGET')
    if target:
        return _name_branch(target)
    successful = environment.get('GIT_PREVIOUS_SUCCESSFUL_COMMIT')
    return successful or environment.get('GIT_PREVIOUS_COMMIT') or None


# The variable by which each service is known, and what reads its other variables.
_SERVICES = (
    ('GITHUB_ACTIONS', _read_github),
    ('GITLAB_CI', _read_gitlab),
    ('BITBUCKET_BUILD_NUMBER', _read_bitbucket),
    ('TF_BUILD', _read_azure),
    ('JENKINS_URL', _read_jenkins),
)


def find_current_base() -> str:
    """Find the revision to compare with, from the environment of this process."""
    return find_base(os.environ)
