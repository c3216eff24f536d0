"""How objects are dealt out to workers: objects in, work units out."""

from __future__ import annotations

from keylint.core.config import Config
from keylint.core.report import Report
from keylint.history.batches import make_batches
from keylint.history.object_paths import ObjectPaths, PathKinds
from keylint.pipeline.clean_cache import CleanCache
from keylint.rules.load import load_rules
from keylint.sources.objects import Object


def test_half_a_megabyte_is_enough_for_a_batch() -> None:
    """Even a small history is worth several workers, and no worker is started for less."""
    objects = [Object(f'{number}', 'blob', 1 << 18) for number in range(5)]
    paths = ObjectPaths(PathKinds(load_rules(), Config()))
    for item in objects:
        paths.add(item.id, 'bot.py')
    batches = make_batches(objects, paths, Config(), Report(), CleanCache())
    assert [batch.bytes for batch in batches] == [1 << 19, 1 << 19, 1 << 18]
