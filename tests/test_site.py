"""The documentation as a whole.

Its navigation, its links, the pages of the rules, the comparison with peers.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from keylint.commands.setup.github import GITHUB_JOB

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / 'docs'
# What people read on a hosting site; the pages below docs/ are the site too.
PAGES = sorted(
    [
        *DOCS.rglob('*.md'),
        *(ROOT / name for name in ('README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md')),
    ]
)
_CODE = re.compile(r'(?ms)^```.*?^```[^\n]*$|`[^`\n]*`')
_LINK = re.compile(r'\]\((?P<target>[^()\s]+)\)|\]\[(?P<name>[^]\[]+)\]')
_REFERENCE = re.compile(r'(?m)^\[(?P<name>[^]]+)\]: (?P<target>\S+)$')
_HEADING = re.compile(r'(?m)^#{1,6} (?P<text>.+)$')
_ACTION = re.compile(r'uses: (?P<action>[\w./-]+)@(?P<revision>\S+)(?P<comment>.*)')


def hook() -> Any:
    """docs/navigation.py as MkDocs loads it."""
    spec = importlib.util.spec_from_file_location('navigation', DOCS / 'navigation.py')
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def configuration() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / 'mkdocs.yml').read_text(encoding='utf-8'))
    return read


def prose(page: Path) -> str:
    """Return a page without its code, in which brackets are no links and `#` no heading."""
    return _CODE.sub('`code`', page.read_text(encoding='utf-8'))


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings as hosting sites make them.

    Small letters, hyphens for spaces, no other signs.
    """
    found: set[str] = set()
    for heading in _HEADING.finditer(re.sub(r'(?ms)^```.*?^```[^\n]*$', '', text)):
        name = re.sub(r'\[([^]]*)\]\([^)]*\)', r'\1', heading['text'])
        anchor = re.sub(r'[^\w\- ]', '', name.lower()).strip().replace(' ', '-')
        found.add(anchor if anchor not in found else f'{anchor}-1')
    return found


def targets(page: Path) -> list[str]:
    """Return what a page links to; a name of a reference that is nowhere defined stays a name."""
    text = prose(page)
    references = {reference['name']: reference['target'] for reference in _REFERENCE.finditer(text)}
    return [
        link['target'] or references.get(link['name'], f'undefined reference {link["name"]}')
        for link in _LINK.finditer(text)
    ]


def broken(page: Path, target: str) -> str | None:
    """Return what is wrong with a link, if anything."""
    if target.startswith(('https://', 'http://')):
        return None
    path, _, anchor = target.partition('#')
    file = (page.parent / path).resolve() if path else page
    if not file.is_file():
        return f'{page.relative_to(ROOT)}: {target}: no such file'
    if DOCS in page.parents and DOCS not in file.parents:
        return f'{page.relative_to(ROOT)}: {target}: outside of docs/, where the site has no page'
    if anchor and anchor not in anchors(file.read_text(encoding='utf-8')):
        return f'{page.relative_to(ROOT)}: {target}: no such heading'
    return None


@pytest.mark.parametrize(
    ('target', 'complaint'),
    [
        pytest.param('configuration.md', None, id='a page'),
        pytest.param('configuration.md#the-cache', None, id='a heading of a page'),
        pytest.param('#the-flow-and-the-rooms', None, id='a heading of the same page'),
        pytest.param('https://example.org/', None, id='elsewhere'),
        pytest.param('missing.md', 'no such file', id='no page'),
        pytest.param('configuration.md#missing', 'no such heading', id='no heading'),
        pytest.param('../README.md', 'outside of docs/', id='not part of the site'),
    ],
)
def test_the_check_of_links_checks(target: str, complaint: str | None) -> None:
    found = broken(DOCS / 'design.md', target)
    assert found is None if complaint is None else complaint in (found or '')


def test_every_link_leads_somewhere() -> None:
    links = [(page, target) for page in PAGES for target in targets(page)]
    assert len(links) > 300
    assert [complaint for page, target in links if (complaint := broken(page, target))] == []


def test_the_navigation_holds_every_page_once() -> None:
    module, nav = hook(), configuration()['nav']
    pages = list(module.pages(module.navigation(nav, DOCS)))
    assert sorted(pages) == sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob('*.md'))


def test_rules_are_grouped_by_kind_under_the_names_of_their_issuers() -> None:
    groups = {
        name: rules
        for group in hook().rule_groups((DOCS / 'rules' / 'index.md').read_text(encoding='utf-8'))
        for name, rules in group.items()
    }
    assert list(groups) == [
        'Policies on keys',
        'Exchanges',
        'Brokers and bot platforms',
        'Wallets',
        'Private keys',
        'Services',
        'Without an issuer',
    ]
    assert {'Kraken': 'rules/kraken-credential.md'} in groups['Exchanges']
    assert {'Key may withdraw': 'rules/key-can-withdraw.md'} in groups['Policies on keys']


def test_a_page_that_nobody_named_is_not_lost_and_one_that_is_not_there_is_left_out(
    tmp_path: Path,
) -> None:
    (tmp_path / 'rules').mkdir()
    for name in ('index.md', 'new.md', 'old.md', 'rules/index.md'):
        (tmp_path / name).write_text('# A\n')
    nav = [
        {'Home': 'index.md'},
        {'Guide': ['old.md', 'gone.md', {'Gone': 'gone.md'}]},
        {'Rules': 'rules/index.md'},
    ]
    want = [
        {'Home': 'index.md'},
        {'Guide': ['old.md']},
        {'Rules': ['rules/index.md']},
        {'More': ['new.md']},
    ]
    assert hook().navigation(nav, tmp_path) == want


def test_a_pipe_in_the_code_of_a_table_is_shown_alone() -> None:
    page = hook().on_page_content('<td>a <code>x \\| y</code></td><p><code>x \\| y</code></p>')
    assert page == '<td>a <code>x | y</code></td><p><code>x \\| y</code></p>'


def test_every_cell_of_the_comparison_is_a_command_or_a_link() -> None:
    tables = re.findall(
        r'(?:^\|.*\n)+', (DOCS / 'comparison.md').read_text(encoding='utf-8'), re.MULTILINE
    )
    rows = [
        [cell.strip() for cell in re.split(r'(?<!\\)\|', line)[2:-1]]
        for table in tables[1:]
        if not table.startswith('| tool |')  # sizes: the script that measures stands above
        for line in table.splitlines()[2:]
    ]
    assert len(rows) > 20
    assert [cell for row in rows for cell in row if not re.search(r'`[^`]+`|\]\(|\]\[', cell)] == []


def test_links_of_the_comparison_to_files_of_peers_name_a_revision() -> None:
    files = [
        target
        for target in targets(DOCS / 'comparison.md')
        if re.search(r'github\.com/(?!keylint/)[^/]+/[^/]+/(?:blob|tree)/', target)
    ]
    assert len(files) > 40
    assert [
        target
        for target in files
        if not re.search(r'/(?:blob|tree)/(?:[0-9a-f]{40}|\d+\.\d+\.\d+)(?:/|$)', target)
    ] == []


def test_every_action_is_pinned_to_one_commit_everywhere() -> None:
    """What `keylint init` writes, the pages and the composite action name the same commits.

    They name the version that each belongs to.
    """
    texts = [
        GITHUB_JOB,
        (ROOT / 'action.yml').read_text(encoding='utf-8'),
        *(page.read_text(encoding='utf-8') for page in PAGES),
    ]
    uses = {
        (use['action'], use['revision'], use['comment'].strip())
        for text in texts
        for use in _ACTION.finditer(text)
    }
    others = [use for use in uses if use[0] != 'keylint/keylint']
    assert others
    assert len({action for action, _, _ in others}) == len(others), 'one action, two commits'
    assert [
        use
        for use in others
        if not re.fullmatch(r'[0-9a-f]{40}', use[1])
        or not re.fullmatch(r'# v\d+\.\d+\.\d+', use[2])
    ] == []
