"""A hook of MkDocs.

The rules in the navigation, pages that nobody named there, and Markdown as hosting sites read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

RULES = 'rules/index.md'
WIDE = ('comparison.md',)  # pages whose tables need the room of the table of contents
_ROW = re.compile(r'\| \[[^]]+\]\((?P<file>[^)]+)\) \|.*\| (?P<title>[^|]+) \|')
_CELL = re.compile(r'<td.*?</td>', re.DOTALL)
_CODE = re.compile(r'<code>[^<]*</code>')


def on_config(config: Any) -> Any:
    """MkDocs calls it before it looks at the pages.

    Headings get the anchors that GitHub and GitLab give them.
    """
    config.nav = navigation(config.nav, Path(config.docs_dir))
    config.mdx_configs.setdefault('toc', {})['slugify'] = import_module('pymdownx.slugs').slugify(
        case='lower'
    )
    return config


def on_page_markdown(_markdown: str, page: Any, **_: Any) -> None:
    """MkDocs calls it with each page. The text itself stays as hosting sites show it."""
    if page.file.src_uri in WIDE:
        page.meta['hide'] = ['toc']


def on_page_content(html: str, **_: Any) -> str:
    """Take the backslash from before a pipe in the code of a table.

    Hosting sites show the pipe alone, Python's Markdown shows both.
    """
    return _CELL.sub(
        lambda cell: _CODE.sub(lambda code: code[0].replace('\\|', '|'), cell[0]), html
    )


def navigation(nav: list[Any], docs: Path) -> list[Any]:
    """Return the navigation of mkdocs.yml with a section of rules.

    Pages that are not there are left out; those that it does not name come at the end.

    Pages that are not there are left out; those that it does not name come at the end.
    """
    named = set(pages(nav))
    others = sorted(path.name for path in docs.glob('*.md') if path.name not in named)
    return [*_filled(nav, docs), {'More': others}] if others else _filled(nav, docs)


def _filled(entries: list[Any], docs: Path) -> list[Any]:
    """Entries as MkDocs knows them: pages, or a title with a page or with entries of its own."""
    filled: list[Any] = []
    for entry in entries:
        title, below = next(iter(entry.items())) if isinstance(entry, dict) else ('', entry)
        if isinstance(below, list):
            filled.append({title: _filled(below, docs)})
        elif below == RULES:
            filled.append(
                {title: [RULES, *rule_groups((docs / RULES).read_text(encoding='utf-8'))]}
            )
        elif (docs / below).is_file():
            filled.append(entry)
    return filled


def rule_groups(index: str) -> list[dict[str, Any]]:
    """Return the headings of the index of rules, each with its rules.

    Rules go by the names that people know them by.

    Rules go by the names that people know them by.
    """
    groups = []
    for section in re.split(r'(?m)^## ', index)[1:]:
        heading, _, rows = section.partition('\n')
        groups.append(
            {heading: [{row['title']: f'rules/{row["file"]}'} for row in _ROW.finditer(rows)]}
        )
    return groups


def pages(nav: Any) -> Iterator[str]:
    """Every page that a navigation names."""
    if isinstance(nav, str):
        yield nav
    else:
        for entry in nav.values() if isinstance(nav, dict) else nav:
            yield from pages(entry)
