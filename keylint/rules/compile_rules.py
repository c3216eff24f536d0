"""Compile checked YAML documents into the records of `keylint.rules.types`."""

from __future__ import annotations

import marshal
from typing import cast

from keylint.core.terms import KINDS_WITHOUT_ISSUER, IssuerKind, PartKind
from keylint.rules.compile_boxes import compile_key_page, list_levels
from keylint.rules.declaration_types import (
    DeclarationSpec,
    DocumentAddresses,
    DocumentShape,
    IpPolicy,
    KeyCall,
    Meaning,
    PermissionWord,
)
from keylint.rules.file_types import (
    CallTable,
    CredentialTable,
    DocumentIpTable,
    DocumentTable,
    Dossier,
    IpTable,
    KindTable,
    LibrariesFile,
    PermissionTable,
    PoliciesFile,
    PolicyTable,
)
from keylint.rules.library_types import LibrarySpec, MethodSpec
from keylint.rules.policy_types import PolicySettings, PolicyText
from keylint.rules.types import CredentialSeverity, EnvironmentMarks, PartSpec, Row, Rule

# Kinds of issuers whose key is the whole credential, and those that sign with a pair of keys.
_KINDS_OF_WHOLE_KEYS = ('rpc', 'data', 'ai')
_KINDS_OF_VENUES = ('exchange', 'broker', 'bot-platform')
# Parts that open an account alone, and those that need the key's id if there is one.
_WHOLE_PARTS = ('private-key', 'mnemonic', 'url')
_SECRET_PARTS = ('secret', 'token', 'password')


def compile_rule(dossier: Dossier, kind: KindTable) -> Rule:
    """Compile a dossier with the texts of its kind; fill their placeholders once."""
    page = dossier['help']
    fill = {
        'name': dossier['name'],
        'manage': page.get('manage') or f'the key page of {dossier["name"]}',
    }
    return Rule(
        name=dossier['name'],
        kind=dossier['kind'],
        status=dossier.get('status', 'live'),
        credentials=tuple(
            _compile_part(entry, dossier['kind']) for entry in dossier['credentials']
        ),
        roles=tuple(sorted({entry['role'] for entry in dossier['credentials']})),
        environments={
            environment: EnvironmentMarks(
                tuple(marks.get('words') or ()),
                tuple(marks.get('hosts') or ()),
                tuple(marks.get('switches') or ()),
                tuple(marks.get('constants') or ()),
                bool(marks.get('same_keys')),
            )
            for environment, marks in (dossier.get('environments') or {}).items()
        },
        complete=_compile_complete(dossier),
        why=_fill(page.get('why') or kind['why'], fill),
        do=tuple(_fill(step, fill) for step in kind['do']),
        severity=CredentialSeverity(**kind['severity']),
        manage=page.get('manage'),
        revoke=tuple(page['revoke']),
        declarations_row=make_lazy_row(_compile_declarations(dossier)),
    )


def _compile_complete(dossier: Dossier) -> tuple[tuple[PartKind, ...], ...]:
    """List the sets of parts that open an account: the dossier's, or those its roles imply."""
    given = dossier.get('complete')
    if given:
        sets = (tuple(part.strip() for part in text.split('+')) for text in given)
        return tuple(cast('tuple[PartKind, ...]', parts) for parts in sets)  # checked by `schema`
    roles: set[PartKind] = {entry['role'] for entry in dossier['credentials']}
    if len(roles) == 1 or dossier['kind'] in _KINDS_OF_WHOLE_KEYS:
        return tuple((role,) for role in sorted(roles))
    with_id = 'api-key' in roles
    found: list[tuple[PartKind, ...]] = []
    for role in sorted(roles):
        if role == 'private-key' and with_id and dossier['kind'] in _KINDS_OF_VENUES:
            found.append(('api-key', role))
        elif role in _WHOLE_PARTS or (not with_id and role in _SECRET_PARTS):
            found.append((role,))
        elif role == 'secret' and 'passphrase' in roles:
            found.append(('api-key', role, 'passphrase'))
        elif role in _SECRET_PARTS:
            found.append(('api-key', role))
    return tuple(found)


def _fill(text: str, fill: dict[str, str]) -> str:
    """Fill placeholders, and fold white space."""
    for name, value in fill.items():
        text = text.replace('{' + name + '}', value)
    return ' '.join(text.split())


def _compile_part(entry: CredentialTable, kind: IssuerKind) -> PartSpec:
    return PartSpec(
        role=entry['role'],
        shape=entry['shape'].encode(),
        confidence=entry['confidence'],
        check=entry.get('check'),
        environment=entry.get('environment'),
        is_by_place='within' in entry,
        needs_issuer=bool(entry.get('needs_issuer')) or _is_unproven_key(entry, kind),
        is_whole=bool(entry.get('whole')),
    )


def _is_unproven_key(entry: CredentialTable, kind: IssuerKind) -> bool:
    """Tell whether a key without an issuer has nothing that proves its form."""
    return kind in KINDS_WITHOUT_ISSUER and 'check' not in entry and not entry.get('alone')


def _compile_declarations(dossier: Dossier) -> DeclarationSpec:
    permissions = dossier.get('permissions') or []
    documents = dossier.get('documents') or []
    calls = dossier.get('creates_keys') or []
    ip = dossier.get('ip')
    return DeclarationSpec(
        name=dossier['name'],
        permissions=tuple(_compile_permission(entry) for entry in permissions),
        ip=_compile_ip_policy(ip) if ip else IpPolicy(),
        documents=tuple(compile_document(document) for document in documents),
        calls=tuple(_compile_call(entry) for entry in calls),
        page=compile_key_page(permissions, dossier.get('key_page')),
    )


def _compile_permission(entry: PermissionTable) -> PermissionWord:
    return PermissionWord(entry['word'], list_levels(entry), entry.get('ui'), entry.get('says'))


def _compile_ip_policy(entry: IpTable) -> IpPolicy:
    return IpPolicy(
        supported=entry['supported'],
        cidr=entry['cidr'],
        ui=entry.get('ui'),
        limit=entry.get('limit'),
        unrestricted=entry.get('unrestricted'),
        required_for=entry.get('required_for'),
    )


def compile_document(document: DocumentTable) -> DocumentShape:
    """Compile a vendor's document without the fields that are only for readers of the dossier."""
    endpoint = document.get('endpoint') or ''
    ip = document.get('ip')
    return DocumentShape(
        name=document['name'],
        keys=tuple(document['keys']),
        endpoint=' ; '.join(endpoint) if isinstance(endpoint, list) else str(endpoint),
        needs_issuer=bool(document.get('needs_issuer')),
        rights=cast('dict[str, Meaning]', document.get('rights') or {}),  # see `from_row`
        ip=_compile_addresses(ip) if ip else None,
        label=document.get('label'),
        account=document.get('account'),
        created=document.get('created'),
        expires=document.get('expires'),
    )


def _compile_addresses(ip: DocumentIpTable) -> DocumentAddresses:
    keys = ip.get('list') or ()
    return DocumentAddresses(
        keys=(keys,) if isinstance(keys, str) else tuple(keys),
        absent=ip.get('absent') or 'unstated',
        restricted=ip.get('restricted') or {},
        anyone=ip.get('anyone') or {},
    )


def _compile_call(entry: CallTable) -> KeyCall:
    return KeyCall(
        library=entry['library'],
        call=entry['call'],
        document=entry['document'],
        positional=tuple(entry.get('positional') or ()),
        no_ip=bool(entry.get('no_ip')),
    )


def compile_policies(document: PoliciesFile) -> PolicySettings:
    """Compile the file of policies."""
    addresses = document['third-party-addresses'].items()
    return PolicySettings(
        thresholds=document['thresholds'],
        third_party_addresses={service: tuple(listed) for service, listed in addresses},
        texts={entry['id']: _compile_policy(entry) for entry in document['policies']},
    )


def _compile_policy(entry: PolicyTable) -> PolicyText:
    return PolicyText(
        title=entry['title'],
        severity=entry['severity'],
        why=' '.join(entry['why'].split()),
        do=tuple(entry['do']),
    )


def compile_libraries(document: LibrariesFile) -> list[LibrarySpec]:
    """Compile the file of libraries, in its order."""
    own = {entry['id']: entry.get('methods', []) for entry in document['libraries']}
    return [
        LibrarySpec(
            id=entry['id'],
            exchange=entry.get('exchange'),
            modules=tuple(entry['modules']),
            classes=entry.get('classes'),
            hosts=tuple(entry.get('hosts') or ()),
            markers=tuple(entry.get('markers') or ()),
            methods=tuple(
                MethodSpec(row['level'], row['names'], row.get('base', ''))
                for row in (*entry.get('methods', ()), *own.get(entry.get('like', ''), ()))
            ),
            source=entry['source'],
            bases=tuple(entry.get('bases') or ()),
            chain=entry.get('chain'),
            language=entry.get('language', 'python'),
            delegates=tuple(entry['delegates']) if 'delegates' in entry else None,
            exchanges=tuple(entry.get('exchanges') or ()),
            factories=entry.get('factories'),
            sieve=entry.get('sieve'),
        )
        for entry in document['libraries']
    ]


def make_row(record: tuple[object, ...]) -> Row:
    """Turn a record and those in it into plain tuples, because `marshal` accepts nothing else."""
    return tuple(_make_plain(item) for item in record)


def make_lazy_row(record: tuple[object, ...]) -> bytes:
    """Turn a record into bytes of a row that is read when somebody asks for it.

    In the form without references, which depend on how often an object is used: see `built_tables`.
    """
    return marshal.dumps(make_row(record), 2)


def _make_plain(value: object) -> object:
    if isinstance(value, tuple):
        return make_row(value)
    if isinstance(value, list):
        return [_make_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _make_plain(item) for key, item in value.items()}
    return value
