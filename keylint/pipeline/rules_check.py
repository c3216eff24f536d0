"""`keylint rules check`: prove that every example of every rule comes out as it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.core.terms import KINDS_WITHOUT_ISSUER, PartKind
from keylint.findings.fingerprint import rule_id
from keylint.pipeline.blob import scan_blob
from keylint.policies.repository import check_repository
from keylint.rules.file_types import Dossier, ExampleTable
from keylint.rules.files import (
    Examples,
    read_dossiers,
    read_examples,
    read_policy_examples,
    read_shared,
)
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand_recipes
from keylint.rules.rule_set import RuleSet
from keylint.validators.checksums import CHECKS

_EVERYTHING = Config(severity='info', confidence='medium', show_secrets=True)
_JUDGED = Config(severity='info', confidence='medium', today='2026-01-01')
_ABOUT_KEYS = frozenset(
    ('key-can-withdraw', 'key-can-transfer', 'key-unrestricted-ip', 'key-ip-too-broad')
)
_NO_EXAMPLES = Examples('', (), {})


class Example(NamedTuple):
    """One example of a rule; its recipes are expanded with `seed`."""

    rule: str
    kind: str
    number: int
    body: ExampleTable

    @property
    def seed(self) -> str:
        """What the values of its recipes are made from."""
        return f'{self.rule}/{self.kind}/{self.number}'


def check_examples(folders: tuple[str, ...]) -> tuple[list[str], int]:
    """Return complaints, one line each, and the number of examples tried.

    Raises RuleError when the rules cannot be read: `files.find_mistakes` lists all reasons.
    """
    rules = load_rules(folders)
    examples = read_examples(rules.folders)
    complaints: list[str] = []
    tried = 0
    for dossier in read_dossiers(rules.folders, frozenset(CHECKS)):
        complaints += _check_matcher_rows(dossier, rules.pack)
        complaints += _check_proofs(dossier)
        own = examples.get(dossier['id'], _NO_EXAMPLES)
        for example in list_examples_of(dossier['id'], own):
            tried += 1
            complaints += _try(example, own, partial(_judge, example, dossier, rules))
    for policy, own in read_policy_examples(read_shared()['policies']).items():
        for example in list_examples_of(policy, own):
            tried += 1
            complaints += _try(example, own, partial(check_policy_example, example, rules))
    return complaints, tried


def list_examples_of(rule: str, examples: Examples) -> list[Example]:
    """Return a rule's examples in the order of the file."""
    return [
        Example(rule, kind, number, body)
        for kind in ('loud', 'silent', 'declarations')
        for number, body in enumerate(examples.kinds.get(kind, ()))
    ]


def _try(example: Example, own: Examples, judge: Callable[[], str | None]) -> list[str]:
    """Return the complaint about an example, if there is one; a wrong recipe is one, too."""
    try:
        complaint = judge()
    except ValueError as error:
        complaint = str(error)
    if not complaint:
        return []
    file = example.body.get('file') or ', '.join(example.body.get('files', ()))
    place = own.locate(example.kind, example.number)
    return [f'{place}: {example.rule}: {example.kind}[{example.number}] ({file}): {complaint}']


def _judge(example: Example, dossier: Dossier, rules: Rules) -> str | None:
    if example.kind == 'loud':
        return check_loud(example, dossier, rules)
    if example.kind == 'silent':
        return check_silent(example, rules)
    return check_declaration(example, rules)


def check_loud(example: Example, dossier: Dossier, rules: Rules) -> str | None:
    """Say what differs from one finding of this rule with these parts; None when nothing does."""
    findings = _find(example, rules)
    mine = [finding for finding in findings if finding.rule == rule_id(example.rule)]
    if not mine:
        return f'found {_name_rules(findings)}'
    if len(findings) > 1:
        named = ', '.join(sorted(finding.rule for finding in findings))
        return f'found {len(findings)} findings: {named}'
    roles = sorted(part.role for part in mine[0].parts)
    if roles != sorted(example.body['roles']):
        return f'found the parts {", ".join(roles)}'
    wanted = example.body.get('environment')
    if wanted and mine[0].environment != wanted:
        return f'found environment {mine[0].environment}'
    return _check_shapes(mine[0], dossier, example.body.get('by_name', []))


def _check_shapes(finding: Finding, dossier: Dossier, by_name: list[PartKind]) -> str | None:
    """Say which value of a finding has none of the shapes that the dossier gives its part.

    Parts in `by_name` must have none: nothing but their name tells what they are.
    """
    for part in finding.parts:
        shapes = [e['shape'] for e in dossier['credentials'] if e['role'] == part.role]
        value = (part.value or '').encode()
        is_fitting = any(re.fullmatch(shape.encode(), value) for shape in shapes)
        if is_fitting and part.role in by_name:
            return f'the value of {part.role} has a shape of the dossier: take it out of by_name'
        if not is_fitting and part.role not in by_name:
            expected = ' or '.join(shapes) or 'none in the dossier'
            return f'the value of {part.role} ({len(value)} bytes) lacks its shape: {expected}'
    return None


def check_silent(example: Example, rules: Rules) -> str | None:
    """Say what an example in which nothing may be found gave; None for nothing."""
    findings = _find(example, rules)
    return f'found {_name_rules(findings)}' if findings else None


def check_declaration(example: Example, rules: Rules) -> str | None:
    """Say what fired unless it is exactly the rules on rights and addresses that are listed."""
    loud = [finding for finding in _judge_files(example, rules) if finding.severity != 'info']
    found = {finding.rule for finding in loud} & _ABOUT_KEYS
    if found == set(example.body['rules']):
        return None
    return f'found {", ".join(sorted(found)) or "nothing"}'


def check_policy_example(example: Example, rules: Rules) -> str | None:
    """Say what fired unless the policy did (loud) or did not (silent)."""
    findings = _judge_files(example, rules)
    is_found = example.rule in {finding.rule for finding in findings}
    return None if is_found == (example.kind == 'loud') else f'found {_name_rules(findings)}'


def _name_rules(findings: list[Finding]) -> str:
    return ', '.join(sorted({finding.rule for finding in findings})) or 'nothing'


def _judge_files(example: Example, rules: Rules) -> list[Finding]:
    """Return all findings of an example that is one file or a small tree of `files`."""
    files = example.body.get('files') or {example.body['file']: example.body['text']}
    blobs = [
        Blob(expand_recipes(text, f'{example.seed}/{name}').encode(), Origin(name))
        for name, text in sorted(files.items())
    ]
    results = [scan_blob(blob, rules, _JUDGED) for blob in blobs]
    for result in results:
        if result.failures:
            raise ValueError(result.failures[0].error)
    texts = {blob.origin.path: blob.data for blob in blobs}
    records = [record for result in results for record in result.records]
    whole = check_repository(records, texts.__getitem__, list(texts), rules.pack, _JUDGED)
    return [finding for result in results for finding in result.findings] + list(whole.findings)


def _find(example: Example, rules: Rules) -> list[Finding]:
    text = expand_recipes(example.body['text'], example.seed)
    result = scan_blob(Blob(text.encode(), Origin(example.body['file'])), rules, _EVERYTHING)
    if result.failures:
        raise ValueError(result.failures[0].error)
    return list(result.findings)


def _check_proofs(dossier: Dossier) -> list[str]:
    """Complain about keys without an issuer that are known by a shape which nothing checks.

    Such a shape takes strangers' keys, and what it says of them is the loudest of all texts.
    """
    if dossier['kind'] not in KINDS_WITHOUT_ISSUER:
        return []
    return [
        f'{dossier["id"]}: credentials[{number}] has `alone` but no `check`'
        for number, entry in enumerate(dossier['credentials'])
        if entry.get('alone') and 'check' not in entry
    ]


def _check_matcher_rows(dossier: Dossier, pack: RuleSet) -> list[str]:
    """Complain unless every shape that stands alone has its row in the matcher."""
    alone = sum(bool(entry.get('alone')) for entry in dossier['credentials'])
    others = [token for check, token in pack.phrases.items() if check != 'bip39']
    rows = sum(token.rule == dossier['id'] for token in [*pack.tokens, *others])
    is_gated = len(pack.matcher.patterns) == len(pack.patterns)
    return [] if alone == rows and is_gated else [f'{dossier["id"]}: the gate lacks a pattern']
