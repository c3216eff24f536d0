"""Render a rule's page in Markdown from its rule file.

`docs/rules/` and `keylint explain` show the same text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from keylint.rules.builtin import GENERIC_RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keylint.rules.file_types import Dossier, HelpTable, KindTable, PolicyTable
    from keylint.rules.files import Examples  # reads YAML: not for a list of titles

_PART_HEAD = '| part | shape | known from | fires alone |\n|---|---|---|---|\n'
_WORD_HEAD = "| the vendor's word | box on the page | grants | where |\n|---|---|---|---|\n"
# What stands in place of a box that can be ticked today.
_NO_BOX = {'old': 'no more', 'word': 'none: a word of the API', 'given': 'none: comes with the key'}
_USES = {
    'trade': 'trade spot',
    'margin': 'trade on margin',
    'derivatives': 'trade derivatives',
    'admin': 'manage keys or sub-accounts',
    'history': 'read closed orders',
    'ledger': 'read the ledger',
    'stream': 'stream the account',
    'deposit': 'show deposit addresses',
}
_SUB_ACCOUNTS = {
    'yes': 'Sub-accounts have keys of their own.',
    'cannot-withdraw': 'Sub-accounts have keys of their own, which cannot withdraw.',
}
_RIGHTS = {
    'none': 'A key has no rights to choose: it can do everything its account can.',
    'approval': 'The key of the account approves another one for the bot.',
    'gone': 'Keys of this kind can no longer be created.',
    'unknown': 'The options on the page are unknown.',
}


def render_issuer_page(dossier: Dossier, examples: Examples, kind: KindTable) -> str:
    """Render the page of an issuer's rule; `kind` is the entry of `kinds.yaml` for it."""
    name = dossier['name']
    page = dossier['help']
    fill = {'name': name, 'manage': page.get('manage') or f'the key page of {name}'}
    sections = [
        f'# {dossier["id"]}-credential\n\n{_format_summary(dossier, kind)}\n',
        f'## Why\n\n{_fill_placeholders(kind["why"], fill)}\n',
        f'## What to do\n\n{_list_steps(page, kind, fill)}\n',
        f'## What is found\n\n{_list_parts(dossier)}\n',
        _list_permissions(dossier),
        _describe_key_page(dossier),
        _format_ip_policy(dossier),
        f'## Examples\n\n{_format_examples(examples)}\n' if examples.kinds else '',
        _list_sources(dossier),
    ]
    return '\n'.join(section for section in sections if section)


def render_generic_page(rule: str) -> str:
    """Render the page of a rule without an issuer."""
    table = GENERIC_RULES[rule]
    steps = '\n'.join(f'{number}. {step}' for number, step in enumerate(table.do, 1))
    levels = table.severity
    return (
        f'# {rule}\n\n{table.title}. '
        f'Severity: {levels.secret} ({levels.key} for a key id alone).\n\n'
        f'## Why\n\n{table.why}\n\n## What to do\n\n{steps}\n'
    )


# What the cases of a policy's severity mean.
_CASES = {
    'open': 'when the key works from anywhere',
    'heavy': 'when the right does more than its name says',
    'rights': 'when it may do more than read',
    'unknown': 'when its rights are not stated',
    'everywhere': 'for a range of all addresses',
    'broad': 'for a short prefix',
    'no-ranges': 'for a range where the exchange takes single addresses',
    'sample': 'for an address reserved for documentation',
    'withdraw': 'for rights to withdraw, transfer or administer',
    'denied': 'when the inventory says that the key must not',
    'unstated': 'when it is not stated',
    'never': 'for a rotation that does not come',
    'sms': 'for one by SMS or mail',
    'retired': 'for a retired key that is not revoked',
    'reference': 'for one secret in two entries',
    'twice': 'for two keys of one label',
    'shown': 'for a bare print and in notebooks',
    'test': 'in tests',
    'else': 'otherwise',
}
_WORDS = {
    'name': 'the exchange',
    'manage': 'its key page',
    'take_withdraw': 'Untick "Withdraw" for this key',
    'take_transfer': 'Untick "Transfer" for this key',
    'take_admin': 'Untick "Manage API keys" for this key',
    'ip': 'IP whitelist',
    'unrestricted': '',
}


# `{name} key` is `key` where no exchange is spoken of.
_EPITHET = re.compile(r'\{name\} (?=(?:keys?|secret|account|main)\b)')


def format_policy_title(title: str) -> str:
    """Format the title for any exchange, as a list of rules shows it."""
    title = _fill_placeholders(_EPITHET.sub('', title), _WORDS)
    return title[:1].upper() + title[1:]


def render_policy_page(policy: PolicyTable, examples: Examples, thresholds: dict[str, int]) -> str:
    """Render the page of a policy on keys.

    It speaks of any exchange where findings use the words of the exchange's own page.
    """
    limits = [
        f'- `{name}` (default {thresholds[name]})' for name in _THRESHOLDS_OF.get(policy['id'], ())
    ]
    steps = '\n'.join(
        f'{number}. {_fill_placeholders(step, _WORDS)}'
        for number, step in enumerate(policy['do'], 1)
    )
    severity = _format_policy_severity(policy['severity'])
    sections = [
        f'# {policy["id"]}\n\n{format_policy_title(policy["title"])}. {severity}\n',
        f'## Why\n\n{_fill_placeholders(policy["why"], _WORDS)}\n',
        f'## What to do\n\n{steps}\n',
    ]
    if limits:
        head = '## Thresholds\n\nIn `[policies]` of the configuration:\n\n'
        sections.append(head + '\n'.join(limits) + '\n')
    sections.append(f'## Examples\n\n{_format_policy_examples(examples)}\n')
    return '\n'.join(sections)


def _format_policy_severity(levels: Mapping[str, str]) -> str:
    """Say which severity each case of a policy has; `levels` maps cases to severities."""
    cases = [levels['else']]
    if len(levels) > 1:
        cases = [f'{level} {_CASES[case]}' for case, level in levels.items()]
    may_be_lowered = not {'critical', 'high', 'medium'}.isdisjoint(levels.values())
    lowered = '; lower on a test network' if may_be_lowered else ''
    return f'Severity: {", ".join(cases)}{lowered}.'


_THRESHOLDS_OF = {
    'key-stale': ('max-age-days',),
    'key-no-rotation': ('longest-rotation-days',),
    'keys-too-many': ('max-keys',),
    'key-ip-too-broad': ('shortest-ipv4-prefix', 'shortest-ipv6-prefix'),
}


def _format_policy_examples(examples: Examples) -> str:
    """Show two examples of each kind, each of which is one file or a small tree."""
    blocks = []
    for kind, word in (('loud', 'Found'), ('silent', 'Silent')):
        for example in examples.kinds[kind][:2]:
            files = example.get('files') or {example['file']: example['text']}
            texts = [
                f'`{name}`\n\n```text\n{_expand_braces(text)}\n```' for name, text in files.items()
            ]
            blocks.append(f'{word}:\n\n' + '\n\n'.join(texts))
    return '\n\n'.join(blocks)


def _expand_braces(text: str) -> str:
    """Show an example as its file has it; recipes for values stay."""
    return text.rstrip().replace('{{', '{').replace('}}', '}')


def _fill_placeholders(text: str, fill: dict[str, str]) -> str:
    """Replace `{name}` for every name of `fill`, and write the text as one line."""
    for key, value in fill.items():
        text = text.replace('{' + key + '}', value)
    return ' '.join(text.split())


def _format_summary(dossier: Dossier, kind: KindTable) -> str:
    levels = kind['severity']
    closed = ''
    if dossier.get('status') == 'closed':
        closed = ' This venue is closed; severity is low, but not for keys of wallets.'
    return (
        f'{dossier["name"]} ({dossier["kind"]}). '
        f'Severity: {levels["complete"]} for a complete credential, {levels["secret"]} '
        f'for a secret alone, usually {levels["key"]} for a key id alone; lower on a test network.'
        f'{closed}'
    )


def _list_steps(page: HelpTable, kind: KindTable, fill: dict[str, str]) -> str:
    """List the steps in their order: the issuer's own stand for the first of its kind."""
    general = [_fill_placeholders(step, fill) for step in kind['do']]
    steps = [*page['revoke'], *general[1:]] if page['revoke'] else general
    manage = f'\n\nKeys are managed at <{page["manage"]}>.' if page.get('manage') else ''
    return '\n'.join(f'{number}. {step}' for number, step in enumerate(steps, 1)) + manage


def _escape_cell(text: object) -> str:
    return ' '.join(str(text).split()).replace('|', '\\|')


def _list_parts(dossier: Dossier) -> str:
    rows = []
    for part in dossier['credentials']:
        fires_alone = 'yes' if part.get('alone') else 'no'
        shape = _escape_cell(part['shape'])
        rows.append(f'| {part["role"]} | `{shape}` | {part["confidence"]} | {fires_alone} |')
    return _PART_HEAD + '\n'.join(rows)


def _list_permissions(dossier: Dossier) -> str:
    rows = []
    for entry in dossier.get('permissions', []):
        label = entry.get('ui') or entry['word']
        is_guess = entry['confidence'] == 'inferred'
        box = _NO_BOX.get(entry['kind']) or (f'{label} (not checked)' if is_guess else label)
        level = entry['level']
        granted = (', '.join(level) if isinstance(level, list) else level) or 'nothing by itself'
        cells = (entry['word'], box, granted, entry.get('where') or '')
        rows.append(f'| {" | ".join(map(_escape_cell, cells))} |')
    if not rows:
        return ''
    return f'## Permissions\n\n{_WORD_HEAD}' + '\n'.join(rows) + '\n'


def _describe_key_page(dossier: Dossier) -> str:
    """Describe how a key is made: what to choose, the boxes for each use, what is not known."""
    page = dossier.get('key_page')
    if not page:
        return ''
    lines = [f'- {_RIGHTS[page["rights"]]}'] if page.get('rights') in _RIGHTS else []
    lines += [
        f'- {_escape_cell(step).replace("{label}", "`NAME`")}' for step in page.get('steps', [])
    ]
    if page.get('sub_accounts'):
        lines.append(f'- {_SUB_ACCOUNTS[page["sub_accounts"]]}')
    for use, labels in page.get('use_cases', {}).items():
        lines.append(f'- To {_USES.get(use) or use}: {_escape_cell("; ".join(labels))}')
    if page.get('note'):
        lines.append(f'- {_escape_cell(page["note"])}')
    return '## How a key is made\n\n' + '\n'.join(lines) + '\n'


def _format_ip_policy(dossier: Dossier) -> str:
    ip = dossier.get('ip')
    if not ip:
        return ''
    entries = f'{ip["limit"]} at most' if ip.get('limit') else 'limit unknown'
    lines = [f'- Entries: {entries}', f'- Ranges (CIDR): {ip.get("cidr", "unknown")}']
    if ip.get('required_for'):
        lines.append(f'- Required for: {_escape_cell(ip["required_for"])}')
    if ip.get('unrestricted'):
        lines.append(f'- Without a list: {_escape_cell(ip["unrestricted"])}')
    return '## IP restriction\n\n' + '\n'.join(lines) + '\n'


_RECIPES = (
    'A recipe in braces stands for a random value: `{hex:32}` is 32 hex digits, `{alnum:64}` 64 '
    'letters and digits.'
)


def _format_examples(examples: Examples) -> str:
    """Show recipes instead of values, and say so."""
    blocks = [_RECIPES]
    blocks += [
        f'Found in `{e["file"]}`:\n\n```text\n{_expand_braces(e["text"])}\n```'
        for e in examples.kinds['loud'][:2]
    ]
    blocks += [
        f'Silent in `{e["file"]}`:\n\n```text\n{_expand_braces(e["text"])}\n```'
        for e in examples.kinds['silent'][:2]
    ]
    return '\n\n'.join(blocks)


def _list_sources(dossier: Dossier) -> str:
    sources = dossier.get('sources', [])
    if not sources:
        return ''
    return '## Sources\n\n' + '\n'.join(f'- {_escape_cell(source)}' for source in sources) + '\n'
