"""Read the tables and samples of the pages."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / 'docs'


def read_page(name: str) -> str:
    return (DOCS / name).read_text(encoding='utf-8')


def read_rows(page: str, head: str) -> list[list[str]]:
    """Return the cells of the table whose first row begins with `head`."""
    lines = iter(read_page(page).splitlines())
    for line in lines:
        if line.startswith(f'| {head} |'):
            break
    next(lines)
    rows = []
    for line in lines:
        if not line.startswith('|'):
            break
        rows.append([cell.strip() for cell in re.split(r'(?<!\\)\|', line)[1:-1]])
    assert rows, f'{page} has no table {head}'
    return rows


def read_code(page: str, heading: str) -> str:
    """Return the first block of code below a heading; one at the top without any."""
    text = read_page(page)
    found = re.search(r'(?ms)^```\w+\n(.*?)^```', text[text.index(heading) :])
    assert found is not None
    return found[1]


def read_names(cell: str) -> list[str]:
    """Return what a cell has in code."""
    return re.findall(r'`([^`]+)`', cell)
