"""The closed sets of terms in findings, declarations and options.

Each is a type and, if some code iterates over its members, a tuple of them in order.
"""

from keylint.core.lazy_typing import Literal

Severity = Literal['info', 'low', 'medium', 'high', 'critical']
SEVERITIES: tuple[Severity, ...] = ('info', 'low', 'medium', 'high', 'critical')
Confidence = Literal['low', 'medium', 'high']
CONFIDENCES: tuple[Confidence, ...] = ('low', 'medium', 'high')
PartKind = Literal[
    'api-key', 'secret', 'passphrase', 'private-key', 'mnemonic', 'token', 'url', 'password'
]
PART_KINDS: tuple[PartKind, ...] = (
    'api-key',
    'secret',
    'passphrase',
    'private-key',
    'mnemonic',
    'token',
    'url',
    'password',
)
# What reports call them.
KIND_WORDS: dict[PartKind, str] = {
    'api-key': 'API key',
    'secret': 'secret',
    'passphrase': 'passphrase',
    'private-key': 'private key',
    'mnemonic': 'recovery phrase',
    'token': 'token',
    'url': 'URL with key',
    'password': 'password',
}
# What kind of issuer a rule is for.
IssuerKind = Literal[
    'exchange',
    'broker',
    'bot-platform',
    'rpc',
    'data',
    'messaging',
    'wallet',
    'private-key',
    'cloud',
    'vcs',
    'ai',
    'payment',
    'package-registry',
    'database',
    'application',
    'web-client',
]
# Kinds of keys without an issuer: the person who made the key has all of it.
KINDS_WITHOUT_ISSUER: tuple[IssuerKind, ...] = ('wallet', 'private-key')
# What a key may do, from harmless to all.
Permission = Literal['read', 'trade', 'margin', 'derivatives', 'transfer', 'withdraw', 'admin']
PERMISSIONS: tuple[Permission, ...] = (
    'read',
    'trade',
    'margin',
    'derivatives',
    'transfer',
    'withdraw',
    'admin',
)
# The money behind a key: real, a test network's, a simulated account's.
Environment = Literal['live', 'testnet', 'paper', 'unknown']
# From where a key may be used: from anywhere, from listed addresses, from addresses still to be
# filled in; `unstated` if an owner lists a key's rights without addresses, `unknown` if nothing is
# stated at all.
Restriction = Literal['none', 'listed', 'placeholder', 'unstated', 'unknown']
# The sources of statements about a key: a vendor's own document, an inventory, a configuration, a
# call that makes keys.
DeclarationSource = Literal['document', 'inventory', 'config', 'call']
# `suppressed` by a comment in the file, `known` to the baseline.
FindingState = Literal['open', 'suppressed', 'known']
# Numbers of the policies that a user may change.
THRESHOLDS = (
    'max-age-days',
    'longest-rotation-days',
    'max-keys',
    'shortest-ipv4-prefix',
    'shortest-ipv6-prefix',
)
# The kinds of parts that identify a credential, if it has one of them.
LEADING: tuple[PartKind, ...] = ('secret', 'private-key', 'token')
