"""Write the page of languages and libraries from the rules."""

from __future__ import annotations

from keylint.rules.file_types import LibrariesFile, LibraryTable

_NAMES = {
    'python': 'Python',
    'javascript': 'JavaScript, TypeScript',
    'go': 'Go',
    'rust': 'Rust',
    'java': 'Java, Kotlin',
    'csharp': 'C#',
    'php': 'PHP',
    'ruby': 'Ruby',
    'swift': 'Swift',
    'cpp': 'C and C++',
}
_HEAD = """# Languages and libraries

`keylint keys`, `keylint keys --recipe` and [key-exceeds-code](rules/key-exceeds-code.md) read
which methods of exchange clients code calls, in Python, JavaScript, TypeScript, Go, Rust, Java,
Kotlin and C#. [Keys](keys.md#least-privilege-from-the-code) says how. Files of other languages,
and files that use a package of the last table, are counted and named, so that their needs are
never counted as none. For raw HTTP requests keylint reads the hosts and paths in the code, in all
of these languages.

This page is generated from `rules/libraries.yaml`.
"""


def languages(libraries: LibrariesFile) -> dict[str, str]:
    """Return the page: what is read, by language, then what is only named."""
    every = [one for one in libraries['libraries'] if one['modules']]
    parts = [_HEAD]
    for language, name in _NAMES.items():
        rows = [one for one in every if _is_read(one) and _language_of(one) == language]
        if rows:
            parts.append(f'\n## {name}\n\n| package | exchange | by |\n|---|---|---|\n')
            parts += [_row(one) for one in rows]
    named = [one for one in every if not _is_read(one)]
    parts.append('\n## Named, not read\n\n| language | exchange | packages |\n|---|---|---|\n')
    parts += [
        f'| {_NAMES.get(_language_of(one), "Python")} | {_exchange_of(one)} '
        f'| {_packages_of(one)} |\n'
        for one in named
    ]
    return {'languages.md': ''.join(parts)}


def _language_of(library: LibraryTable) -> str:
    return library.get('language', 'python')


def _is_read(library: LibraryTable) -> bool:
    is_own = _language_of(library) == 'python'
    return is_own or bool(library.get('methods') or library.get('like'))


def _exchange_of(library: LibraryTable) -> str:
    return library.get('exchange') or 'any'


def _packages_of(library: LibraryTable) -> str:
    names = [one for one in library['modules'] if not one.endswith(('.default', '::'))]
    return ', '.join(f'`{name}`' for name in names)


def _row(library: LibraryTable) -> str:
    source = library['source'].replace('|', '\\|')
    return f'| {_packages_of(library)} | {_exchange_of(library)} | {source} |\n'
