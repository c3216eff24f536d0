"""A rule's page in Markdown, made from its dossier: the same text for `docs/rules/` and for `keylint explain`."""

from __future__ import annotations

import re

from keylint.rules.builtin import GENERIC_RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keylint.rules.file_types import Dossier, HelpTable, KindTable, PolicyTable
    from keylint.rules.files import Examples  # reads YAML: not for a list of titles

_PART_HEAD = '| part | shape | known from | fires alone |\n|---|---|---|---|\n'
_WORD_HEAD = "| the vendor's word | level | where |\n|---|---|---|\n"


def dossier_page(dossier: Dossier, examples: Examples, kind: KindTable) -> str:
    """The page of a dossier's rule; `kind` is its entry of `kinds.yaml`."""
    name = dossier['name']
    page = dossier['help']
    fill = {'name': name, 'manage': page.get('manage') or f'the key page of {name}'}
    sections = [
        f'# {dossier["id"]}-credential\n\n{_facts(dossier, kind)}\n',
        f'## Why\n\n{_filled(kind["why"], fill)}\n',
        f'## What to do\n\n{_steps(page, kind, fill)}\n',
        f'## What is found\n\n{_parts(dossier)}\n',
        _permissions(dossier),
        _ip(dossier),
        f'## Examples\n\n{_examples(examples)}\n' if examples.kinds else '',
        _sources(dossier),
    ]
    return '\n'.join(section for section in sections if section)


def generic_page(rule: str) -> str:
    """The page of a rule without an issuer."""
    table = GENERIC_RULES[rule]
    steps = '\n'.join(f'{number}. {step}' for number, step in enumerate(table.do, 1))
    levels = table.severity
    return (
        f'# {rule}\n\n{table.title}. Severity: {levels.secret} ({levels.key} for a key id alone).\n\n'
        f'## Why\n\n{table.why}\n\n## What to do\n\n{steps}\n'
    )


# What the cases of a policy's severity mean.
_CASES = {
    'open': 'when the key works from anywhere',
    'heavy': 'when the right does more than its name says',
    'rights': 'when it may do more than read',
    'unknown': 'when nothing is said of its rights',
    'everywhere': 'for a range of all addresses',
    'broad': 'for a short prefix',
    'no-ranges': 'for a range where the exchange takes single addresses',
    'sample': 'for an address reserved for documentation',
    'withdraw': 'for rights to withdraw, transfer or administer',
    'denied': 'when the inventory says that the key must not',
    'else': 'otherwise',
}
_WORDS = {
    'name': 'the exchange',
    'manage': 'its key page',
    'withdraw': 'Withdraw',
    'transfer': 'Transfer',
    'admin': 'Manage API keys',
    'ip': 'IP whitelist',
    'unrestricted': '',
}


# `{name} key` is `key` where no exchange is spoken of.
_EPITHET = re.compile(r'\{name\} (?=(?:keys?|secret|account|main)\b)')


def policy_title(title: str) -> str:
    """The title for any exchange, as a list of rules shows it."""
    title = _filled(_EPITHET.sub('', title), _WORDS)
    return title[:1].upper() + title[1:]


def policy_page(policy: PolicyTable, examples: Examples, thresholds: dict[str, int]) -> str:
    """The page of a policy on keys. In findings the words of the exchange's own page stand where this page speaks of any exchange."""
    levels = policy['severity']
    cases = (
        [f'{levels[case]} {_CASES[case]}' for case in levels]
        if len(levels) > 1
        else [levels['else']]
    )
    lowered = (
        '; lower on a test network' if {'critical', 'high', 'medium'} & set(levels.values()) else ''
    )
    limits = [
        f'- `{name}` (default {thresholds[name]})' for name in _THRESHOLDS_OF.get(policy['id'], ())
    ]
    steps = '\n'.join(
        f'{number}. {_filled(step, _WORDS)}' for number, step in enumerate(policy['do'], 1)
    )
    sections = [
        f'# {policy["id"]}\n\n{policy_title(policy["title"])}. Severity: {", ".join(cases)}{lowered}.\n',
        f'## Why\n\n{_filled(policy["why"], _WORDS)}\n',
        f'## What to do\n\n{steps}\n',
        '## Thresholds\n\nIn `[policies]` of the configuration:\n\n' + '\n'.join(limits) + '\n'
        if limits
        else '',
        f'## Examples\n\n{_policy_examples(examples)}\n',
    ]
    return '\n'.join(section for section in sections if section)


_THRESHOLDS_OF = {
    'key-stale': ('max-age-days',),
    'keys-too-many': ('max-keys',),
    'key-ip-too-broad': ('shortest-ipv4-prefix', 'shortest-ipv6-prefix'),
}


def _policy_examples(examples: Examples) -> str:
    """Each example is one file or a small tree."""
    blocks = []
    for kind, word in (('loud', 'Found'), ('silent', 'Silent')):
        for example in examples.kinds[kind][:2]:
            files = example.get('files') or {example['file']: example['text']}
            blocks.append(
                f'{word}:\n\n'
                + '\n\n'.join(
                    f'`{name}`\n\n```text\n{_plain(text)}\n```' for name, text in files.items()
                )
            )
    return '\n\n'.join(blocks)


def _plain(text: str) -> str:
    """An example as a file shows it; recipes for values stay."""
    return text.rstrip().replace('{{', '{').replace('}}', '}')


def _filled(text: str, fill: dict[str, str]) -> str:
    for key, value in fill.items():
        text = text.replace('{' + key + '}', value)
    return ' '.join(text.split())


def _facts(dossier: Dossier, kind: KindTable) -> str:
    levels = kind['severity']
    closed = ' This venue is closed; severity is low.' if dossier.get('status') == 'closed' else ''
    return (
        f'{dossier["name"]} ({dossier["kind"]}). Severity: {levels["complete"]} for a complete credential, {levels["secret"]} '
        f'for a secret alone, {levels["key"]} for a key id alone; lower on a test network.{closed}'
    )


def _steps(page: HelpTable, kind: KindTable, fill: dict[str, str]) -> str:
    steps = [*page['revoke'], *(_filled(step, fill) for step in kind['do'])]
    manage = f'\n\nKeys are managed at <{page["manage"]}>.' if page.get('manage') else ''
    return '\n'.join(f'{number}. {step}' for number, step in enumerate(steps, 1)) + manage


def _cell(text: object) -> str:
    return ' '.join(str(text).split()).replace('|', '\\|')


def _parts(dossier: Dossier) -> str:
    rows = [
        f'| {e["role"]} | `{_cell(e["shape"])}` | {e["confidence"]} | {"yes" if e.get("alone") else "no"} |'
        for e in dossier['credentials']
    ]
    return _PART_HEAD + '\n'.join(rows)


def _permissions(dossier: Dossier) -> str:
    rows = [
        f'| {_cell(e["word"])} | {e["level"]} | {_cell(e.get("where") or "")} |'
        for e in dossier.get('permissions', [])
    ]
    return f'## Permissions\n\n{_WORD_HEAD}' + '\n'.join(rows) + '\n' if rows else ''


def _ip(dossier: Dossier) -> str:
    ip = dossier.get('ip')
    if not ip:
        return ''
    entries = f'{ip["limit"]} at most' if ip.get('limit') else 'limit not known'
    lines = [f'- Entries: {entries}', f'- Ranges (CIDR): {ip.get("cidr", "unknown")}']
    lines += [f'- Required for: {_cell(ip["required_for"])}'] if ip.get('required_for') else []
    lines += [f'- Without a list: {_cell(ip["unrestricted"])}'] if ip.get('unrestricted') else []
    return '## IP restriction\n\n' + '\n'.join(lines) + '\n'


def _examples(examples: Examples) -> str:
    """The recipes, not values: `{hex:32}` stands for 32 random hex digits."""
    blocks = [
        f'Found in `{e["file"]}`:\n\n```text\n{_plain(e["text"])}\n```'
        for e in examples.kinds['loud'][:2]
    ]
    blocks += [
        f'Silent in `{e["file"]}`:\n\n```text\n{_plain(e["text"])}\n```'
        for e in examples.kinds['silent'][:2]
    ]
    return '\n\n'.join(blocks)


def _sources(dossier: Dossier) -> str:
    sources = dossier.get('sources', [])
    return (
        '## Sources\n\n' + '\n'.join(f'- {_cell(source)}' for source in sources) + '\n'
        if sources
        else ''
    )
