"""Add a workflow for GitHub Actions."""

from __future__ import annotations

import os

from keylint.commands.setup.edits import DOCS, EditRefusedError, Plan, read_text
from keylint.core.install import INSTALL, pin_requirement

WORKFLOW = '.github/workflows/keylint.yml'
# The commits behind v7.0.1, v7.0.0 and v4.36.2: a tag can be moved, a commit cannot.
GITHUB_JOB = f"""\
# {DOCS}/ci/
name: keylint
on: [push, pull_request]
permissions: {{}}
jobs:
  keylint:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      security-events: write  # alerts of code scanning; without it leave out the last step too
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1  # v7.0.1
        with:
          persist-credentials: false
      - uses: actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97  # v7.0.0
        with:
          python-version: '3.12'
      - run: {INSTALL}
      - run: keylint scan --output github:- --output sarif:keylint.sarif
      - uses: github/codeql-action/upload-sarif@8aad20d150bbac5944a9f9d289da16a4b0d87c1e  # v4.36.2
        if: ${{{{ !cancelled() && hashFiles('keylint.sarif') != '' }}}}
        with:
          sarif_file: keylint.sarif
          category: keylint
"""


def plan_workflow(top: str) -> Plan:
    """Plan the workflow; none where another one runs keylint already."""
    folder = os.path.join(top, os.path.dirname(WORKFLOW))
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    for name in names:
        if name.endswith(('.yml', '.yaml')) and _names_keylint(os.path.join(folder, name)):
            path = f'{os.path.dirname(WORKFLOW)}/{name}'
            return path, lambda text: (None, 'runs keylint already')
    return WORKFLOW, lambda text: (pin_requirement(GITHUB_JOB), 'a workflow')


def _names_keylint(path: str) -> bool:
    try:
        return 'keylint' in (read_text(path) or '')
    except EditRefusedError:
        return False
