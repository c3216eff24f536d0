"""Tell what a value is a part of: an address, or a reference to a secret elsewhere.

References (`op://…`, ARNs, `ref+vault://…`, `!secret …`) stand under a secret's name in the
configurations of those who do it right.
"""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex
from keylint.rules.rule_set import RuleSet
from keylint.syntax.values import find_name

# How far to the left of a value the text may begin that it is a part of.
_TEXT_BYTES = 300
# The text up to a value: neither blank nor quote, no bracket but those of templates.
_TEXT_BEFORE = defer_regex(rb'[^\s"\'`<>|()\[\],;=]*\Z')
# References by their own scheme, whatever name they stand under.
_SCHEME = defer_regex(
    rb'(?i)(?:ref|secretref)\+[a-z0-9]+://'
    rb'|(?:op|opsecret|vault|hashivault|bao|openbao|secrets?|secretsmanager|secret-?manager|sm|gsm'
    rb'|gcp-?sm|gcp|gcpsecretmanager|aws-?sm|aws-?secrets?(?:-?manager)?|aws-?ssm|aws-?ps|ssm'
    rb'|parameterstore|azure-?kv|azurekeyvault|azkv|akv|key-?vault|doppler|infisical|bws?|bitwarden'
    rb'|1password|onepassword|lastpass|pass|passbolt|keepass|keyring|keychain|conjur|akeyless|sops'
    rb'|chamber|dotenv|env|file|k8s|kubernetes|kube|configmap|consul|etcd|chamber|berglas|summon'
    rb'|teller|hcp|oci|ibm-?sm|yckms|lockbox):///?'
    rb'|arn:aws[a-z-]*:|projects/[^/]+/secrets/|urn:'
)
# Schemes without slashes, which may as well be a name and a value: only as the value of a name.
_SHORT_SCHEME = defer_regex(
    rb'(?i)(?:vault|bao|secrets?|key-?vault|kv|ssm|sm|gsm|op|aws-?sm|aws-?ssm|akv|env|file|sops'
    rb'|secretsmanager|parameterstore|doppler|infisical|bws?|kms|kube|k8s|valuefrom):[^:=\s]'
)
_YAML_TAG = defer_regex(
    rb'(?i)!(?:secret|secrets|vault|env|env_var|ENV|ref|sub|getatt|importvalue|fn::\w+|op|sops'
    rb'|keyring|include|file|lookup)[ \t]+["\']?[^\s"\'=]*\Z'
)

# Calls and templates that look a secret up by its name, on the line of the value.
_LOOKUP = defer_regex(
    rb'(?i)(?:@microsoft\.keyvault\(|\{\{\s*resolve:|\blookup\(\s*["\'][\w.]+["\']\s*,'
    rb'|\b(?:get|fetch|read|load|access|retrieve|describe)_?secret(?:_?value|_?version)?s?\('
    rb'|\bsecret_?id\s*[=:])[^\n]{0,160}\Z'
)

_ADDRESS = defer_regex(rb'://[^\s"\'`<>]*\Z')


def is_reference(data: bytes, start: int, end: int, pack: RuleSet) -> bool:
    """Tell whether the value at `start:end` is, or lies within, the name of a secret elsewhere."""
    lower = max(0, start - _TEXT_BYTES)
    before = _TEXT_BEFORE.search(data, lower, start)
    first = before.start() if before is not None else start
    text = data[first:end]
    if _SCHEME.match(text):
        return True
    if _SHORT_SCHEME.match(text):
        name, is_joined = find_name(data, first, pack.has_role)
        return is_joined and pack.has_role(name)
    return any(form.search(data, lower, start) for form in (_YAML_TAG, _LOOKUP))


def is_in_address(data: bytes, start: int) -> bool:
    """Tell whether a value lies in an address: `https://host/file?token=…`."""
    return _ADDRESS.search(data, max(0, start - _TEXT_BYTES), start) is not None
