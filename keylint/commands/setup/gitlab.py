"""Add a job to `.gitlab-ci.yml`.

The file is parsed before and after: an edit that would change anything else is not made.
"""

from __future__ import annotations

import yaml
from yaml import Node

from keylint.commands.setup.edits import DOCS, EditRefusedError, Plan, append_block
from keylint.core.install import INSTALL, pin_requirement
from keylint.core.safe_yaml import compose_document

GITLAB = '.gitlab-ci.yml'
GITLAB_JOB = f"""\
keylint:  # {DOCS}/ci/
  image: python:3.12
  script:
    - {INSTALL}
    - keylint scan --format text --output gitlab:gl-secret-detection-report.json \
--output codeclimate:gl-code-quality-report.json
  artifacts:
    when: always
    paths: [gl-secret-detection-report.json, gl-code-quality-report.json]
    reports:
      secret_detection: gl-secret-detection-report.json
      codequality: gl-code-quality-report.json
"""


def plan_pipeline(_top: str) -> Plan:
    """Plan the job of GitLab's pipeline."""
    return GITLAB, add_job


def add_job(text: str | None) -> tuple[str | None, str]:
    """Add our job behind all others to the text of `.gitlab-ci.yml`. Raises EditRefusedError."""
    if not text:
        return pin_requirement(GITLAB_JOB), 'a job'
    if 'keylint' in text:
        return None, 'names keylint already'
    try:
        before = compose_document(text)
        after = append_block(text, _job_for(_list_stages(before)))
        if _list_entries(compose_document(after))[:-1] == _list_entries(before):
            return after, 'a job'
    except (yaml.YAMLError, AttributeError, TypeError, RecursionError):
        pass
    raise EditRefusedError(f'has a form that cannot be edited safely; {DOCS}/ci/ has the job')


def _list_stages(document: Node | None) -> list[str]:
    """List the stages of a pipeline, `test` where it names none."""
    if document is not None:
        for key, value in document.value:
            if key.value == 'stages':
                return [stage.value for stage in value.value]
    return ['test']


def _job_for(stages: list[str]) -> str:
    """Return the job in the first stage of a pipeline that has no stage `test`."""
    job = pin_requirement(GITLAB_JOB)
    if 'test' in stages or not stages:
        return job
    return job.replace('\n', f'\n  stage: {stages[0]}\n', 1)


def _list_entries(document: Node | None) -> list[object]:
    """List the entries of a pipeline by tags and values, without their places.

    Tags that only GitLab knows are kept.
    """
    return [_strip_places(entry) for entry in document.value] if document is not None else []


def _strip_places(node: Node | tuple[Node, ...]) -> object:
    if isinstance(node, tuple):
        return tuple(_strip_places(one) for one in node)
    if isinstance(node.value, list):
        return node.tag, [_strip_places(one) for one in node.value]
    return node.tag, node.value
