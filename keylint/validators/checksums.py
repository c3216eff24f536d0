"""Checksums and other structure that prove a value is what it looks like.

Nothing here is loaded on the hook's path: a value is checked only when its shape has matched.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable

from keylint.core.lazy_modules import defer_module
from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.validators import key_material, wallets
from keylint.validators.encodings import decode_base58check, decode_bech32
from keylint.validators.phrases import PHRASE_CHECKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import base64
    import json
else:
    base64 = defer_module('base64')
    json = defer_module('json')

# Order of the secp256k1 group. Source: SEC 2 v2, section 2.4.1.
_SECP256K1_N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_SMALLEST_KEY = 1 << 32
_ED25519_PKCS8 = bytes.fromhex('302e020100300506032b657004220420')  # RFC 8410, section 7
# Private versions of BIP-32 and SLIP-132.
_XPRV_VERSIONS = frozenset(
    bytes.fromhex(v)
    for v in (
        '0488ade4 049d7878 04b2430c 0295b005 02aa7a99 04358394 '
        '044a4e28 045f18bc 024285b5 02575048 019d9cfe 01b26792'
    ).split()
)
# Version bytes of WIF: Bitcoin, Bitcoin testnet, Litecoin, Dogecoin, Dash.
_WIF_VERSIONS = frozenset((0x80, 0xEF, 0xB0, 0x9E, 0xCC))
# The first bytes of an OpenSSH key in base64, before the name of its cipher.
_OPENSSH_MAGIC = b'b3BlbnNzaC1rZXktdjEA'
_OPENSSH_HEAD_CHARS = 80
_PROC_TYPE = defer_regex(rb'Proc-Type: ?4, ?ENCRYPTED')
# Blocks whose bytes are DER, and the tag of a sequence, with which a key in them begins.
_DER_LABELS = (b'PRIVATE KEY', b'RSA PRIVATE KEY', b'EC PRIVATE KEY', b'DSA PRIVATE KEY')
_DER_SEQUENCE = b'\x30'
_PEM_BEGIN = defer_regex(rb'-----BEGIN ([A-Z ]{1,40})-----')
_MIN_PEM_BYTES = 24
_MONTH_SECONDS = 31 * 24 * 3600
_SAMPLE_SECONDS = 1516239022  # `iat` of the sample of jwt.io
_CIPHERTEXT = defer_regex(rb'"ciphertext"\s*:\s*"[0-9a-fA-F]{32,}"')


def is_base58(value: bytes) -> bool:
    """Check that all characters belong to the Bitcoin alphabet."""
    return re.fullmatch(rb'[1-9A-HJ-NP-Za-km-z]+', value) is not None


def is_base58check(value: bytes) -> bool:
    """Check the 4-byte checksum of base58."""
    return decode_base58check(value) is not None


def is_wif(value: bytes) -> bool:
    """Check the wallet import format: version, 32 bytes in range, an optional 0x01.

    Source: en.bitcoin.it/wiki/Wallet_import_format.
    """
    payload = decode_base58check(value)
    if payload is None or payload[:1] == b'' or payload[0] not in _WIF_VERSIONS:
        return False
    if len(payload) == 34 and payload[-1] != 1:
        return False
    return len(payload) in (33, 34) and _is_in_range(payload[1:33])


def is_xprv(value: bytes) -> bool:
    """Check an extended private key: 78 bytes, a private version, a zero before the key.

    Source: BIP-32, SLIP-132.
    """
    payload = decode_base58check(value)
    if (
        payload is None
        or len(payload) != 78
        or payload[:4] not in _XPRV_VERSIONS
        or payload[45] != 0
    ):
        return False
    is_root = payload[4] == 0
    return _is_in_range(payload[46:]) and (not is_root or payload[5:13] == bytes(8))


def is_bip38(value: bytes) -> bool:
    """Check a key encrypted under a passphrase: 39 bytes, first 01 42 or 01 43. Source: BIP-38."""
    payload = decode_base58check(value)
    return payload is not None and len(payload) == 39 and payload[:2] in (b'\x01\x42', b'\x01\x43')


def _is_in_range(key: bytes) -> bool:
    return _SMALLEST_KEY <= int.from_bytes(key) < _SECP256K1_N


def is_secp256k1(value: bytes) -> bool:
    """Check that 64 hex digits (0x allowed) are a usable private key.

    Rejects constants of the curve and repeated bytes.
    """
    digits = value.removeprefix(b'0x').removeprefix(b'0X')
    if re.fullmatch(rb'[0-9a-fA-F]{64}', digits) is None:
        return False
    key = bytes.fromhex(digits.decode())
    return (
        _is_in_range(key)
        and len(set(key)) > 8
        and int.from_bytes(key) not in (_SECP256K1_N // 2, _SECP256K1_N - 1)
    )


def is_keystore(value: bytes) -> bool:
    """Check a Web3 keystore of version 3: JSON with a ciphertext and key derivation.

    Source: Web3 Secret Storage Definition.
    """
    try:
        document = json.loads(value)
    except (ValueError, RecursionError):
        return _CIPHERTEXT.search(value) is not None
    crypto = next(
        (
            document[key]
            for key in ('crypto', 'Crypto')
            if isinstance(document, dict) and isinstance(document.get(key), dict)
        ),
        document,
    )
    return (
        isinstance(crypto, dict) and 'kdfparams' in crypto and _CIPHERTEXT.search(value) is not None
    )


def is_pem(value: bytes) -> bool:
    """Check that the body of a PEM block decodes to the structure of a key.

    Newlines may be real, escaped or missing. Text that only illustrates the form of a key decodes
    to bytes too, but does not begin like a key. Source: RFC 7468; X.690, 8.9 (a sequence).
    """
    begin = _PEM_BEGIN.search(value)
    if begin is None or is_encrypted_pem(value):
        return False
    end = value.find(b'-----END %s-----' % begin.group(1), begin.end())
    if end < 0:
        return False
    body = re.sub(rb'\n=[A-Za-z0-9+/]{4}\s*$', b'', value[begin.end() : end])
    body = re.sub(rb'\\+[rnt]|["\',\s]', b'', re.sub(rb'(?m)^[A-Za-z-]+:.*$', b'', body))
    try:
        raw = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return False
    is_structure = begin.group(1) not in _DER_LABELS or raw.startswith(_DER_SEQUENCE)
    return is_structure and len(raw) >= _MIN_PEM_BYTES and len(set(raw)) > 8


def is_encrypted_pem(value: bytes) -> bool:
    """Tell whether a PEM block needs a passphrase.

    Source: RFC 5958; RFC 1421 (`Proc-Type`); openssh-portable, PROTOCOL.key (the cipher's name).
    """
    begin = _PEM_BEGIN.search(value)
    if begin is None:
        return False
    if b'ENCRYPTED' in begin.group(1) or _PROC_TYPE.search(value) is not None:
        return True
    body = re.sub(
        rb'\\+[rnt]|["\',\s]', b'', value[begin.end() : begin.end() + _OPENSSH_HEAD_CHARS]
    )
    return body.startswith(_OPENSSH_MAGIC) and not body.startswith(_OPENSSH_MAGIC + b'AAAABG5vbmU')


def is_ed25519_der(value: bytes) -> bool:
    """Check the PKCS#8 form of an Ed25519 key in base64 without PEM lines. Source: RFC 8410."""
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False
    return raw.startswith(_ED25519_PKCS8) and len(raw) == 48 and len(set(raw[16:])) > 8


def is_bech32(value: bytes) -> bool:
    """Check the checksum of bech32, all upper or all lower case. Source: BIP-173."""
    return decode_bech32(value) is not None


def is_jwt(value: bytes) -> bool:
    """Check that header and payload are JSON objects. Source: RFC 7519."""
    parts = value.split(b'.')
    if len(parts) != 3:
        return False
    try:
        documents = [
            json.loads(base64.urlsafe_b64decode(part + b'=' * (-len(part) % 4)))
            for part in parts[:2]
        ]
    except (ValueError, RecursionError):
        return False
    return all(isinstance(document, dict) for document in documents) and not _is_sample(
        documents[1]
    )


def is_sample_jwt(value: bytes) -> bool:
    """Check that a JSON Web Token is one that pages about such tokens show, perhaps altered."""
    return value.startswith(b'eyJ') and _is_sample(_read_payload(value))


def _read_payload(value: bytes) -> object:
    """Return what a JSON Web Token says; None for anything else."""
    _, _, rest = value.partition(b'.')
    payload = rest.partition(b'.')[0]
    try:
        return json.loads(base64.urlsafe_b64decode(payload + b'=' * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        return None


def _is_sample(payload: object) -> bool:
    """Tell the name or the time of jwt.io's sample, which others take along into theirs."""
    return isinstance(payload, dict) and (
        payload.get('name') == 'John Doe' or payload.get('iat') == _SAMPLE_SECONDS
    )


def is_jwe(value: bytes) -> bool:
    """Check for an encrypted web token, or its header: it is unreadable without the key.

    Source: RFC 7516, `enc`.
    """
    header = value.split(b'.')[0]
    try:
        document = json.loads(base64.urlsafe_b64decode(header + b'=' * (-len(header) % 4)))
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and 'enc' in document and 'alg' in document


def is_short_lived_jwt(value: bytes) -> bool:
    """Check that a JSON Web Token was valid for a month at most: its session is over.

    Source: RFC 7519, `exp` and `iat`.
    """
    payload = _read_payload(value)
    try:
        return isinstance(payload, dict) and bool(
            0 < payload['exp'] - payload['iat'] <= _MONTH_SECONDS
        )
    except (KeyError, TypeError, OverflowError):
        return False


CHECKS: dict[str, Callable[[bytes], bool]] = {
    **{name: check for name, (check, _) in PHRASE_CHECKS.items()},
    'base58': is_base58,
    'base58check': is_base58check,
    'bech32': is_bech32,
    'bip38': is_bip38,
    'ed25519-der': is_ed25519_der,
    'ed25519-pair': wallets.is_ed25519_pair,
    'jwt': is_jwt,
    'key-material': key_material.is_key_material,
    'keystore-v3': is_keystore,
    'macaroon': wallets.is_macaroon,
    'monero-key': wallets.is_monero_key,
    'near': wallets.is_near,
    'pem': is_pem,
    'polkadot-json': wallets.is_polkadot_json,
    'secp256k1': is_secp256k1,
    'solana-array': wallets.is_solana_array,
    'solana-base58': wallets.is_solana_base58,
    'stark-key': key_material.is_stark_key,
    'stellar-seed': wallets.is_stellar_seed,
    'sui': wallets.is_sui,
    'sui-keystore': key_material.is_sui_key_file_entry,
    'tezos': wallets.is_tezos,
    'wif': is_wif,
    'xprv': is_xprv,
    'xrp-seed': wallets.is_xrp_seed,
}
