"""What a pipeline says of the change that it runs for: the commit or branch to compare with, by the variables of five services."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from keylint.core.errors import ConfigError

_ZEROS = re.compile(r'0{40}(?:0{24})?')
_NONE = (
    '--diff auto: no pipeline says what it runs for: known are GitHub, GitLab, Bitbucket, Azure and Jenkins; '
    'give the commit or branch itself, as in `--diff origin/main`'
)


def find_base(environment: Mapping[str, str]) -> str:
    """The revision to compare with; empty where everything is new. Raises ConfigError outside of a pipeline that tells."""
    for variable, asked in _SERVICES:
        if environment.get(variable):
            found = asked(environment)
            if found is not None:
                return found
            raise ConfigError(
                f'--diff auto: the pipeline ({variable}) does not say what to compare with; name it, as in `--diff origin/main`'
            )
    raise ConfigError(_NONE)


def _branch(name: str) -> str:
    """A branch of the remote: pipelines check out a commit and have no local branches."""
    return f'origin/{name.removeprefix("refs/heads/")}'


def _github(environment: Mapping[str, str]) -> str | None:
    event = _event(environment.get('GITHUB_EVENT_PATH', ''))
    request, group = event.get('pull_request'), event.get('merge_group')
    for found in (
        request.get('base') if isinstance(request, dict) else None,
        {'sha': group.get('base_sha')} if isinstance(group, dict) else None,
    ):
        if isinstance(found, dict) and isinstance(found.get('sha'), str):
            return str(found['sha'])
    if environment.get('GITHUB_BASE_REF'):
        return _branch(environment['GITHUB_BASE_REF'])
    before = event.get('before')
    if isinstance(before, str) and before:
        home = event.get('repository')
        default = home.get('default_branch') if isinstance(home, dict) else None
        return _pushed(
            before,
            environment.get('GITHUB_REF_NAME', ''),
            default if isinstance(default, str) else '',
        )
    return None


def _event(path: str) -> dict[str, Any]:
    """The event that started a workflow, as GitHub leaves it in a file."""
    import json  # noqa: PLC0415 - only on GitHub

    try:
        with open(path, 'rb') as file:
            event = json.load(file)
    except (OSError, ValueError):
        return {}
    return event if isinstance(event, dict) else {}


def _gitlab(environment: Mapping[str, str]) -> str | None:
    if environment.get('CI_MERGE_REQUEST_DIFF_BASE_SHA'):
        return environment['CI_MERGE_REQUEST_DIFF_BASE_SHA']
    if environment.get('CI_MERGE_REQUEST_TARGET_BRANCH_NAME'):
        return _branch(environment['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'])
    before = environment.get('CI_COMMIT_BEFORE_SHA', '')
    return (
        _pushed(
            before,
            environment.get('CI_COMMIT_BRANCH', ''),
            environment.get('CI_DEFAULT_BRANCH', ''),
        )
        if before
        else None
    )


def _pushed(before: str, branch: str, default: str) -> str | None:
    """What stood there before a push. A new branch (nothing but zeros) is compared with the default one; the first push of all is new."""
    if not _ZEROS.fullmatch(before):
        return before
    if not default:
        return None
    return '' if branch == default else _branch(default)


def _bitbucket(environment: Mapping[str, str]) -> str | None:
    if environment.get('BITBUCKET_PR_DESTINATION_COMMIT'):
        return environment['BITBUCKET_PR_DESTINATION_COMMIT']
    target = environment.get('BITBUCKET_PR_DESTINATION_BRANCH')
    return _branch(target) if target else None


def _azure(environment: Mapping[str, str]) -> str | None:
    target = environment.get('SYSTEM_PULLREQUEST_TARGETBRANCH')
    return _branch(target) if target else None


def _jenkins(environment: Mapping[str, str]) -> str | None:
    target = environment.get('CHANGE_TARGET')
    return (
        _branch(target)
        if target
        else environment.get('GIT_PREVIOUS_SUCCESSFUL_COMMIT')
        or environment.get('GIT_PREVIOUS_COMMIT')
        or None
    )


# The variable by which each service is known, and what it says.
_SERVICES = (
    ('GITHUB_ACTIONS', _github),
    ('GITLAB_CI', _gitlab),
    ('BITBUCKET_BUILD_NUMBER', _bitbucket),
    ('TF_BUILD', _azure),
    ('JENKINS_URL', _jenkins),
)


def find_current_base() -> str:
    """What the environment of this run says."""
    return find_base(os.environ)
