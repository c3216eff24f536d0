"""Names and words of rights and IP lists in the spellings of vendors, SDKs and users."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keylint.core.terms import PERMISSIONS
from keylint.declarations.vocabulary import (
    flag_of,
    is_container,
    is_denial,
    is_ip_list,
    is_true,
    is_unrestricted_switch,
    parts_of,
    permissions_of,
)

NO_FLAGS = """
    withdraw_fee withdraw_min withdrawFee min_withdraw minWithdraw withdraw_limit withdrawLimit
    withdraw_address withdrawal_address withdrawIntegerMultiple withdraw_max withdraw_status
    withdraw_retry withdraw_webhook withdraw_url withdraw_interval withdrawal_network
    withdrawals_count transfer_delay transfer_id transfer_type transfer_fee max_transfer
    transfer_threshold ip_address listen_ip_address order_id orderId order_type order_size
    order_timeout trade_amount tradeId trade_count max_trade_size trade_logging trade_url
    trading_pair trading_mode trading_hours max_open_trades stake_amount margin_mode margin_ratio
    margin_call position_size position_mode futures_type option_id option_expiry spot_price reader
    read_timeout write_timeout account accounts data market markets balance balances info history
    enabled active api key keys api_key secret label name exchange dry_run sandbox testnet debug
    verbose rate_limit enableRateLimit admin_email admin_password manager_url manager_name
    contract_address contract_size loan_id credit_card sender send_email report_path export canvas
    allowance can_ban writeable trader_name marginal transferee spotlight optional future_work
    broadcast
    """.split()
FLAGS = {
    'withdraw': """canWithdraw can_withdraw can-withdraw can.withdraw enable_withdrawals
        enableWithdrawals ENABLE_WITHDRAWALS WITHDRAW_ENABLED withdrawEnabled allow_withdraw
        ALLOW_WITHDRAWALS withdrawal_allowed withdrawalsAllowed withdrawPermission
        permission_withdraw has_withdraw isWithdrawEnabled may_withdraw withdrawals withdraw
        withdrawal allowCryptoWithdrawal withdraw_funds api_can_withdraw trade_and_withdraw""",
    'transfer': """canTransfer can_transfer permitsUniversalTransfer enableInternalTransfer
        allow_internal_transfer transfer_enabled transfers transferPermission enable_transfer
        allowTransfers universal_transfer trade_and_transfer allow_sub_account_transfer""",
    'admin': 'canManageKeys manage_api_keys allow_admin admin is_admin enable_subaccount '
    'is_manager',
    'derivatives': 'enableFutures futures_enabled allow_futures futures_trading can_trade_futures '
    'enable_options derivatives swap_enabled',
    'margin': 'enableMargin margin margin_enabled allow_margin_trading enableSpotAndMarginTrading '
    'can_borrow',
    'trade': 'allow_trading allowTrading canTrade can_trade trading_enabled tradingEnabled '
    'trade_enabled trade spot enableSpotTrading allow_orders',
    'read': 'enableReading read canRead can_read readOnly read_only READ_ONLY readonly is_readonly '
    'isReadOnly read-only can_view view allow_read',
}
TURNED = {
    'withdraw': """disableWithdrawals disable_withdrawals withdrawals_disabled withdraw_disabled
        noWithdraw no_withdrawals forbid_withdrawals block_withdrawals deny_withdraw
        withdrawals_blocked never_withdraw withdrawals_off withdrawals_not_allowed""",
    'transfer': 'disable_transfers no_transfer transfer_disabled deny_internal_transfer',
    'trade': 'disable_trading tradingDisabled no_trading trade_forbidden',
    'margin': 'disable_margin no_margin',
    'derivatives': 'disableFutures no_futures',
}


@pytest.mark.parametrize('name', NO_FLAGS)
def test_no_flag(name: str) -> None:
    assert flag_of(name) is None


@pytest.mark.parametrize(
    ('name', 'level'), [(name, level) for level, names in FLAGS.items() for name in names.split()]
)
def test_flag(name: str, level: str) -> None:
    assert flag_of(name) == (level, False)


@pytest.mark.parametrize(
    ('name', 'level'), [(name, level) for level, names in TURNED.items() for name in names.split()]
)
def test_flag_turned_round(name: str, level: str) -> None:
    assert flag_of(name) == (level, True)


@pytest.mark.parametrize(
    'name',
    ['withdraw_history', 'withdrawal_history', 'transfer_history', 'withdrawInfo', 'transfer_info'],
)
def test_records_of_what_was_done_are_no_rights(name: str) -> None:
    assert flag_of(name) in (None, ('read', False))


@pytest.mark.parametrize('name', ['leverage', 'futures_leverage'])
def test_leverage_is_a_number(name: str) -> None:
    assert flag_of(name) is None


NO_LISTS = """
    listen_ip_address server_ip_address bind_address host host_ip hostname remote_ip remote_addr
    client_ip public_ip my_ip last_login_ip proxy_ip_list dns_ip interface_ip source_ip external_ip
    user_ip request_ip local_ip_address gateway_ip port_ip address addresses whitelist allowlist
    wallet_address withdraw_address withdrawal_whitelist address_whitelist allowed_hosts
    ALLOWED_HOSTS allowed_origins ship tip zip_address ipfs_address ip_version ip_country ipo_list
    descriptions clip_limit recipients pairlist pair_whitelist symbol_whitelist blacklist trips
    vip_level
    """.split()
LISTS = """
    ip_allowlist ip_whitelist ipWhitelist ipWhiteList IP_WHITELIST IPAllowList ip-allow-list
    whitelist_ips whitelistIps allowed_ips allowedIps ALLOWED_IPS trusted_ips trustedIPs trustedIp
    ip_restriction ipRestrict ip_restrict ipRestrictions restrict_ip restricted_ips bind_ip bindIp
    bound_ips ip ips IP ip_list ipList ipAddress ipAddresses ip_addresses ip_address ip_access
    ip_range ip_ranges cidr cidrs allowed_cidrs cidr_list whitelisted_ips api_ip_whitelist
    key_ip_allowlist enableIpRestriction ip_filter ip_lock permitted_ips
    """.split()


@pytest.mark.parametrize('name', NO_LISTS)
def test_no_ip_list(name: str) -> None:
    assert not is_ip_list(name)


@pytest.mark.parametrize('name', ['ip_rate_limit', 'rate_limit_per_ip'])
def test_limits_of_requests_are_no_ip_lists(name: str) -> None:
    assert not is_ip_list(name)


@pytest.mark.parametrize('name', LISTS)
def test_ip_list(name: str) -> None:
    assert is_ip_list(name)


@pytest.mark.parametrize(
    'name',
    [
        'ip',
        'ip_allowlist',
        'restricted',
        'restrict_ip',
        'enable_ip_restriction',
        'any',
        'disabled',
        'zip',
        'no_tip',
        '',
    ],
)
def test_no_unrestricted_switch(name: str) -> None:
    assert not is_unrestricted_switch(name)


@pytest.mark.parametrize(
    'name',
    [
        'unrestricted',
        'is_unrestricted',
        'ipUnrestricted',
        'no_ip_restriction',
        'noIpWhitelist',
        'any_ip',
    ],
)
def test_unrestricted_switch(name: str) -> None:
    assert is_unrestricted_switch(name)


@pytest.mark.parametrize(
    'name',
    """access_token accessKey access_key_id role roles read_only withdraw scope_id token
        authorization api key ip ip_allowlist label purpose account permanent
        permutation scoped copyright rightmost my_permission_of_the_day_to_trade""".split(),
)
def test_no_container(name: str) -> None:
    assert not is_container(name)


@pytest.mark.parametrize(
    'name',
    """permissions Permissions PERMISSIONS permission apiPermissions api_permissions
        keyPermissions key_permissions scopes scope rights granted_permissions
        requiredPermissions perms perm permission_set access accessRights access_rights
        privileges capabilities permList maxScope api-key-permissions""".split(),
)
def test_container(name: str) -> None:
    assert is_container(name)
    assert not is_denial(name)


@pytest.mark.parametrize(
    'name',
    [
        'forbidden_permissions',
        'deniedPermissions',
        'disallowed_scopes',
        'never_permissions',
        'excluded-scopes',
    ],
)
def test_denial(name: str) -> None:
    assert is_container(name)
    assert is_denial(name)


WORDS: list[tuple[str, str | None]] = [
    ('', None),
    ('123', None),
    ('frobnicate', None),
    ('ip', None),
    ('key', None),
    ('api', None),
    ('!', None),
    ('no withdrawals', ''),
    ('no-withdraw', ''),
    ('!withdraw', ''),
    ('-withdraw', ''),
    ('withdraw disabled', ''),
    ('without withdraw', ''),
    ('not trade', ''),
    ('read', 'read'),
    ('Read', 'read'),
    ('READ', 'read'),
    ('ro', 'read'),
    ('read-only', 'read'),
    ('read_only', 'read'),
    ('readonly', 'read'),
    ('view', 'read'),
    ('Query Funds', 'read'),
    ('wallet:read', 'read'),
    ('account:read', 'read'),
    ('orders.read', 'read trade'),
    ('market data', 'read'),
    ('enableReading', 'read'),
    ('trade', 'trade'),
    ('Trading', 'trade'),
    ('spot', 'trade'),
    ('SPOT', 'trade'),
    ('order:write', 'trade'),
    ('rw', 'trade'),
    ('write', 'trade'),
    ('Create & modify orders', 'trade'),
    ('trade_only', 'trade'),
    ('read+trade', 'read trade'),
    ('read and trade', 'read trade'),
    ('margin', 'margin'),
    ('borrow', 'margin'),
    ('margin trade', 'margin trade'),
    ('futures', 'derivatives'),
    ('Futures trade', 'derivatives trade'),
    ('ContractTrade', 'derivatives trade'),
    ('USDT perpetual', 'derivatives'),
    ('transfer', 'transfer'),
    ('universal transfer', 'transfer'),
    ('Account.Transfer', 'transfer'),
    ('transfer:write', 'transfer trade'),
    ('withdraw', 'withdraw'),
    ('Withdraw', 'withdraw'),
    ('Enable Withdrawals', 'withdraw'),
    ('Can Withdraw', 'withdraw'),
    ('WITHDRAWALS', 'withdraw'),
    ('withdrawl', 'withdraw'),
    ('send', 'withdraw'),
    ('payouts', 'withdraw'),
    ('admin', 'admin'),
    ('api:admin', 'admin'),
    ('manage_api_keys', 'admin'),
    ('Manage sub accounts', 'admin'),
    ('*', 'all'),
    ('all', 'all'),
    ('full', 'all'),
    ('Full access', 'all'),
    ('full_access', 'all'),
    ('everything', 'all'),
    ('All permissions', 'all'),
]


@pytest.mark.parametrize(('word', 'levels'), WORDS)
def test_levels(word: str, levels: str | None) -> None:
    names = ' '.join(PERMISSIONS) if levels == 'all' else levels
    assert permissions_of(word) == (None if names is None else set(names.split()))


@pytest.mark.parametrize(
    ('value', 'meaning'),
    [
        *(
            (value, True)
            for value in (
                'true',
                'True',
                'TRUE',
                'yes',
                'y',
                'on',
                'ON',
                '1',
                'enabled',
                'enable',
                'allowed',
                ' true ',
                '"true"',
                "'yes'",
            )
        ),
        *(
            (value, False)
            for value in (
                'false',
                'False',
                'no',
                'n',
                'off',
                '0',
                'disabled',
                'none',
                'None',
                'null',
                '',
                ' ',
                '""',
                '"false"',
            )
        ),
        *(
            (value, None)
            for value in (
                '2',
                '-1',
                '0.1',
                '10',
                'maybe',
                'truely',
                '[]',
                '{}',
                'read',
                'nope',
                '${FLAG}',
                'yes please',
                '1.0',
            )
        ),
    ],
)
def test_switch(value: str, meaning: bool | None) -> None:
    assert is_true(value) is meaning


@pytest.mark.parametrize(
    ('text', 'parts'),
    [
        ('', []),
        (' , ;', []),
        ('[]', []),
        ('read', ['read']),
        ('read,trade', ['read', 'trade']),
        ('read; trade', ['read', 'trade']),
        ('read|trade', ['read', 'trade']),
        ('read\ntrade\n', ['read', 'trade']),
        ('["read", \'trade\']', ['read', 'trade']),
        ('{read}', ['read']),
        ('Query Funds, Withdraw', ['Query Funds', 'Withdraw']),
        ('read trade', ['read trade']),
    ],
)
def test_parts(text: str, parts: list[str]) -> None:
    assert parts_of(text) == parts


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    flag, levels = flag_of(text), permissions_of(text)
    assert flag is None or flag[0] in PERMISSIONS
    assert levels is None or levels <= set(PERMISSIONS)
    assert is_true(text) in (True, False, None)
    assert all(part.strip() == part != '' for part in parts_of(text))
    assert {
        is_container(text),
        is_denial(text),
        is_ip_list(text),
        is_unrestricted_switch(text),
    } <= {True, False}
