"""The one table of formats: how a file is read, by the ending of its path.

A new format is one row here, one reader module, and its test.
"""

from __future__ import annotations

from keylint.core.copies import split_copied_name
from keylint.core.lazy_typing import Literal
from keylint.core.records import NamedTuple

SettingsReader = Literal['json', 'yaml', 'properties', 'sections', 'table', 'login']
TreeReader = Literal['braces', 'hcl', 'yaml', 'sections']
Language = Literal['python', 'notebook', 'other']
Comments = Literal['all', 'marked']


class Format(NamedTuple):
    """How files with an ending are read.

    `settings` reads keys and values, `tree` reads documents for declarations; None leaves the file
    to the literals in it. `language` is that of a program. `comments` says where sentences are
    read: in all lines (prose) or after comment signs. `has_blocks` means prose with fenced blocks,
    `joins_literals` that adjacent string literals are one, `is_release_data` that declarations
    count inside archives too, `is_inventory` that a key inventory may be written in it.
    """

    ending: str
    settings: SettingsReader | None = None
    tree: TreeReader | None = None
    language: Language | None = None
    comments: Comments | None = None
    has_blocks: bool = False
    joins_literals: bool = False
    is_release_data: bool = False
    is_inventory: bool = False


# Endings, and the format of their files.
_ROWS: tuple[tuple[str, Format], ...] = (
    ('json jsonc json5',
        Format('', 'json', 'braces', None, 'marked', is_release_data=True, is_inventory=True)),
    ('hjson webmanifest postman_collection har', Format('', 'json', 'braces')),
    ('key key_sample', Format('', 'json')),
    ('yaml yml',
        Format('', 'yaml', 'yaml', None, 'marked', is_release_data=True, is_inventory=True)),
    ('toml',
        Format('', 'sections', 'sections', None, 'marked',
            is_release_data=True, is_inventory=True)),
    ('ini cfg conf env', Format('', 'sections', 'sections', None, 'marked', is_release_data=True)),
    ('properties', Format('', 'properties', 'sections', None, 'marked', is_release_data=True)),
    ('config cnf', Format('', 'sections', 'sections')),
    ('service', Format('', 'sections')),
    ('csv tsv', Format('', 'table', is_release_data=True)),
    ('netrc _netrc authinfo xml', Format('', 'login')),
    ('tf tfvars hcl', Format('', None, 'hcl')),
    ('md markdown rst txt adoc mdx', Format('', comments='all', has_blocks=True)),
    ('log', Format('', has_blocks=True)),
    ('html', Format('', comments='all')),
    ('sh', Format('', comments='marked')),
    ('py', Format('', language='python', comments='marked', joins_literals=True)),
    ('pyi', Format('', language='python', joins_literals=True)),
    ('pyw', Format('', language='python')),
    ('ipynb', Format('', 'json', language='notebook', joins_literals=True)),
    ('js ts', Format('', language='other', comments='marked')),
    ('jsx mjs cjs tsx go rs java kt rb php swift scala dart ex exs', Format('', language='other')),
    ('c cc cpp h cs', Format('', language='other', joins_literals=True)),
    ('hpp d', Format('', joins_literals=True)),
)  # fmt: skip
FORMATS: dict[str, Format] = {
    ending: row._replace(ending=ending) for endings, row in _ROWS for ending in endings.split()
}
# Files called `env.py` and the like do not contain lines of an environment.
_NOT_ENV = frozenset(
    """json jsonc json5 hjson webmanifest postman_collection tfvars.json key key_sample har yaml yml
    py pyi pyw ipynb js mjs cjs jsx ts tsx go rb php rs java kt cs c h cpp lua pl r ps1 bat
    html md rst csv tsv""".split()
)


def format_of(path: str) -> Format:
    """Return the format of a path; a path that is not in the table is a text without structure."""
    ending = ending_of(path)
    return FORMATS.get(ending) or Format(ending)


def ending_of(path: str) -> str:
    """Return the ending that determines the format.

    `config.json.bak` gives `json`, `.env.local` gives `env`.
    """
    parts = split_copied_name(path, FORMATS)
    return 'env' if 'env' in parts[-2:] and parts[-1] not in _NOT_ENV else parts[-1]
