"""The tables of a fleet's store. `fleet.migrations` makes them and changes them later."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

METADATA = MetaData()

# What holds for the whole store: a digest by which the owner's key is known again.
facts = Table(
    'facts',
    METADATA,
    Column('name', String(40), primary_key=True),
    Column('value', LargeBinary, nullable=False),
)

# `identity` is a digest of the name: names are as long as paths. `state` says what the last whole
# look saw, so that the next one need not look where nothing has changed.
repositories = Table(
    'repositories',
    METADATA,
    Column('id', Integer, primary_key=True),
    Column('identity', LargeBinary(16), nullable=False, unique=True),
    Column('name', Text, nullable=False),
    Column('path', LargeBinary, nullable=False),
    Column('team', Text, nullable=False),
    Column('tags', Text, nullable=False),
    Column('state', LargeBinary(16)),
)

# `settings` is a digest of all that decides what a run does: a run that ended early goes on only
# where the next one would do the same.
runs = Table(
    'runs',
    METADATA,
    Column('id', Integer, primary_key=True),
    Column('started', String(32), nullable=False),
    Column('ended', String(32)),
    Column('status', String(12), nullable=False),
    Column('version', String(40), nullable=False),
    Column('settings', LargeBinary(16), nullable=False),
)

# What a run did with each repository: `waiting`, `done`, `unchanged` or `failed`. `hidden` counts
# findings that its configuration hides, `skipped` objects that it excludes.
visits = Table(
    'visits',
    METADATA,
    Column('run_id', ForeignKey('runs.id'), primary_key=True),
    Column('repository_id', ForeignKey('repositories.id'), primary_key=True),
    Column('status', String(12), nullable=False),
    Column('objects', Integer, nullable=False, default=0),
    Column('bytes', BigInteger, nullable=False, default=0),
    Column('seconds', Float, nullable=False, default=0.0),
    Column('hidden', Integer, nullable=False, default=0),
    Column('skipped', Integer, nullable=False, default=0),
    Index('visits_status', 'run_id', 'status', 'repository_id'),
)

# The last state of each finding that a repository ever had. `data` is the finding as JSON, packed.
findings = Table(
    'findings',
    METADATA,
    Column('id', Integer, primary_key=True),
    Column('repository_id', ForeignKey('repositories.id'), nullable=False),
    Column('uid', String(64), nullable=False),
    Column('rule', String(120), nullable=False),
    Column('issuer', String(120), nullable=False),
    Column('severity', String(12), nullable=False),
    Column('environment', String(12), nullable=False),
    Column('state', String(12), nullable=False),
    Column('is_counted', Boolean, nullable=False),
    Column('in_head', Boolean, nullable=False),
    Column('on_remote', Boolean, nullable=False),
    Column('first_seen', String(32), nullable=False),
    Column('data', LargeBinary, nullable=False),
    Index('findings_uid', 'repository_id', 'uid', unique=True),
)

# From which run on a finding was in which state, and from which it no longer was.
sightings = Table(
    'sightings',
    METADATA,
    Column('finding_id', ForeignKey('findings.id'), primary_key=True),
    Column('from_run', ForeignKey('runs.id'), primary_key=True),
    Column('to_run', ForeignKey('runs.id')),
    Column('state', String(12), nullable=False),
)

# Keyed digests of the values of a finding: what several repositories share is told by them.
parts = Table(
    'parts',
    METADATA,
    Column('finding_id', ForeignKey('findings.id'), primary_key=True),
    Column('digest', LargeBinary(16), primary_key=True),
    Column('is_lead', Boolean, nullable=False),
    Index('parts_digest', 'digest'),
)

failures = Table(
    'failures',
    METADATA,
    Column('id', Integer, primary_key=True),
    Column('run_id', ForeignKey('runs.id'), nullable=False),
    Column('repository_id', ForeignKey('repositories.id'), nullable=False),
    Column('path', Text, nullable=False),
    Column('stage', String(20), nullable=False),
    Column('error', Text, nullable=False),
    Index('failures_run', 'run_id', 'repository_id'),
)

# Keyed digests of the objects, with their paths, in which nothing was found. They hold for one
# `state` of keylint, its rules and the configuration.
looked = Table(
    'looked',
    METADATA,
    Column('repository_id', ForeignKey('repositories.id'), primary_key=True),
    Column('state', LargeBinary(16), nullable=False),
    Column('keys', LargeBinary, nullable=False),
)

# How a large history is cut, and what has come of its chunks so far.
plans = Table(
    'plans',
    METADATA,
    Column('repository_id', ForeignKey('repositories.id'), primary_key=True),
    Column('digest', LargeBinary(16), nullable=False),
)
chunks = Table(
    'chunks',
    METADATA,
    Column('repository_id', ForeignKey('repositories.id'), primary_key=True),
    Column('number', Integer, primary_key=True),
    Column('objects', LargeBinary, nullable=False),
    Column('answer', LargeBinary),
)

# A key that a repository declares, uses or leaks, as `keylint keys` lists it.
keys = Table(
    'keys',
    METADATA,
    Column('repository_id', ForeignKey('repositories.id'), primary_key=True),
    Column('number', Integer, primary_key=True),
    Column('data', LargeBinary, nullable=False),
)
