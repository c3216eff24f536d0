"""The facts of an entry beside its permissions: label, account, purpose, dates, references."""

from __future__ import annotations

from keylint.core.names import squeeze_name
from keylint.readers.tree import Node

# Our own names of an entry's facts and what else people call them.
FACTS = {
    'label': 'label name title keyname keylabel apikeyname alias note remark description',
    'account': 'account subaccount subacct subaccountname user accountname email accountid',
    'purpose': 'purpose credentialpurpose job use usage role usecase profile intent',
    'created': (
        'created createdat createdon creationdate createtime creationtime issued issuedat '
        'createddate'
    ),
    'expires': (
        'expires expiresat expireson expiry expirydate expiration expirationdate validuntil '
        'validto expireat'
    ),
    'rotate_after': (
        'rotateafter rotation rotationdays rotateevery rotatedays rotationpolicy rotateby '
        'nextrotation maxage'
    ),
    'used_by': 'usedby apps app bots bot services service consumers paths',
    'secret_ref': (
        'secretref secretpath secretname secretmanager ref vault vaultpath keyref envvar env '
        'secretenv keyenv credentialref apikeyref'
    ),
    'status': 'status state lifecycle keystatus',
    'two_factor': 'twofactor 2fa mfa twofa totp tfa twofactorauth 2faenabled twofactorenabled',
}
FACT_OF = {word: fact for fact, words in FACTS.items() for word in words.split()}
OWN_KEYS = ('exchange', 'permissions', 'ip_allowlist', 'environment', *FACTS)


def find_facts(node: Node) -> dict[str, Node]:
    """Return the entries that tell label, account, purpose, dates and references, by our names."""
    found: dict[str, Node] = {}
    for entry in node.items:
        fact = FACT_OF.get(squeeze_name(entry.key))
        if fact and fact not in found and (entry.value is not None or fact == 'used_by'):
            found[fact] = entry
    return found


def text_of_node(node: Node) -> str:
    """Return the text of a value without blanks around it; empty for none."""
    return (node.value or '').strip()


def list_texts(node: Node) -> tuple[str, ...]:
    """List the texts of a list, or those that commas separate."""
    if node.value is not None:
        return tuple(part.strip() for part in node.value.split(',') if part.strip())
    return tuple(item.value for item in node.items if item.value)
