"""Regroup the trees of a file so that what is said of one key stands in one mapping."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Setting
from keylint.core.names import split_words
from keylint.declarations.issuers import issuer_of
from keylint.readers.tree import Node
from keylint.rules.rule_set import RuleSet

_OPTION = defer_regex(
    r'--(?P<name>(?:allow|enable)[-_](?:withdraw|transfer)[\w-]{0,20})(?:=(?P<value>\w+))?'
)
# Words of names of variables that say what the value is for, and not whose key it is.
_TOPIC_WORDS = frozenset(
    """
    api key keys secret passphrase permission permissions perm perms scope scopes rights ip ips
    whitelist allowlist allowed trusted list address addresses cidr restriction restrictions
    restrict withdraw withdrawal withdrawals transfer transfers trade trading read only readonly
    enable enabled can allow spot margin futures label purpose access restricted unrestricted
    token id
    """.split()
)


def join_lists(trees: Iterator[Node], pack: RuleSet) -> Iterator[Node]:
    """Yield the trees of a program, its lists that stand by themselves as one mapping.

    `KRAKEN_PERMISSIONS = […]`, `KRAKEN_IP_WHITELIST = […]`. So are lists that are fields of one
    thing: `key.permissions = […]`, `key.ip_whitelist = […]`.
    """
    lists = Node('')
    fields = Node('')
    for tree in trees:
        item = tree.items[0] if len(tree.entries) == 1 else None
        if (
            item is None
            or not (item.is_list or item.value == '')
            or item.key in lists.entries
            or issuer_of(item.key, pack) is None
        ):
            owner, _, name = item.key.rpartition('.') if item is not None else ('', '', '')
            if item is None or not owner or not item.is_list:
                yield tree
                continue
            thing = fields.entries.setdefault(owner, Node(owner))
            thing.entries.setdefault(name, _rename_node(item, name))
            thing.grow(item.start, item.end)
        else:
            lists.entries[item.key] = item
            lists.grow(item.start, item.end)
    yield fields
    yield lists


def to_mapping(node: Node) -> Node | None:
    """Turn a list of `NAME=value` or of `{name: …, value: …}` into a mapping.

    Password managers export the fields of an item as `{label: …, value: …}`.
    """
    made = Node(node.key)
    for item in node.items:
        name = item.get('name') or item.get('key') or item.get('label')
        value = item.get('value')
        if (
            item.entries
            and name is not None
            and value is not None
            and name.value
            and value.setting is not None
        ):
            made.entries[name.value] = _rename_node(value, name.value)
        elif item.value and '=' in item.value and item.setting is not None:
            key, _, text = item.value.partition('=')
            start = item.end - len(text.encode())
            made.entries[key.strip()] = Node(
                key.strip(), Setting((key.strip(),), text.encode(), start, item.end)
            )
        else:
            return None
    for child in made.items:
        made.grow(child.start, child.end)
    return made


def spread_options(node: Node) -> Node:
    """Return a mapping with the switches among the arguments of its command as entries.

    Servers for agents are started so: `args: [--allow-withdrawals]`.
    """
    arguments = next(
        (node.entries[name] for name in ('args', 'command') if name in node.entries), None
    )
    if arguments is None or not arguments.is_list:
        return node
    made = _rename_node(node, node.key)
    made.entries = dict(node.entries)
    for item in arguments.items:
        option = _OPTION.fullmatch(item.value or '')
        if option is not None and item.setting is not None:
            setting = item.setting._replace(value=(option['value'] or 'true').encode())
            made.entries.setdefault(option['name'], Node(option['name'], setting))
    return made


def nest_dotted_keys(node: Node) -> Node | None:
    """Return the settings of a `.properties` file by their dotted names; None for others.

    `bot.exchange=kraken` and `bot.api.permissions=read` speak of one thing.
    """
    if not any('.' in key for key in node.entries):
        return None
    root = Node(node.key)
    root.grow(node.start, node.end)
    for entry in node.items:
        *above, name = entry.key.split('.')
        place = root
        for step in above:
            inner = place.entries.get(step)
            if inner is None or inner.setting is not None:
                inner = place.entries[step] = Node(step)
            inner.grow(entry.start, entry.end)
            place = inner
        place.entries.setdefault(name, _rename_node(entry, name))
    return root


def group_by_prefix(node: Node, pack: RuleSet) -> Iterator[tuple[str, str, Node]]:
    """Yield issuer, label and statements of keys whose variables share a prefix.

    `BINANCE_TAX_PERMISSIONS`, `BINANCE_TAX_IP_WHITELIST`.
    """
    groups: dict[tuple[str, str], Node] = {}
    for entry in node.items:
        rule = issuer_of(entry.key, pack) if entry.value is not None or entry.is_list else None
        if rule is None:
            continue
        words = split_words(entry.key)
        first = next((n for n, word in enumerate(words) if word in _TOPIC_WORDS), len(words))
        label, topic = '_'.join(words[:first]), '_'.join(words[first:])
        if not topic:
            continue
        group = groups.setdefault((rule, label), Node(label))
        group.entries.setdefault(topic, _rename_node(entry, topic))
        group.grow(entry.start, entry.end)
    for (rule, label), group in groups.items():
        yield rule, label, group


def _rename_node(node: Node, key: str) -> Node:
    copy = Node(key, node.setting)
    copy.entries, copy.start, copy.end = node.entries, node.start, node.end
    return copy
