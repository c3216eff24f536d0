"""Make the first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '1'
down_revision = None


def upgrade() -> None:
    """Make the tables of runs, then those of what they found and looked at."""
    _make_repositories()
    _make_runs()
    _make_findings()
    _make_progress()


def _make_repositories() -> None:
    op.create_table(
        'facts',
        sa.Column('name', sa.String(40), primary_key=True),
        sa.Column('value', sa.LargeBinary, nullable=False),
    )
    op.create_table(
        'repositories',
        sa.Column('id', sa.Integer, primary_key=True),
        sa.Column('identity', sa.LargeBinary(16), nullable=False, unique=True),
        sa.Column('name', sa.Text, nullable=False),
        sa.Column('path', sa.LargeBinary, nullable=False),
        sa.Column('team', sa.Text, nullable=False),
        sa.Column('tags', sa.Text, nullable=False),
        sa.Column('state', sa.LargeBinary(16)),
    )


def _make_runs() -> None:
    op.create_table(
        'runs',
        sa.Column('id', sa.Integer, primary_key=True),
        sa.Column('started', sa.String(32), nullable=False),
        sa.Column('ended', sa.String(32)),
        sa.Column('status', sa.String(12), nullable=False),
        sa.Column('version', sa.String(40), nullable=False),
        sa.Column('settings', sa.LargeBinary(16), nullable=False),
    )
    op.create_table(
        'visits',
        sa.Column('run_id', sa.Integer, sa.ForeignKey('runs.id'), primary_key=True),
        sa.Column('repository_id', sa.Integer, sa.ForeignKey('repositories.id'), primary_key=True),
        sa.Column('status', sa.String(12), nullable=False),
        sa.Column('objects', sa.Integer, nullable=False),
        sa.Column('bytes', sa.BigInteger, nullable=False),
        sa.Column('seconds', sa.Float, nullable=False),
        sa.Column('hidden', sa.Integer, nullable=False),
        sa.Column('skipped', sa.Integer, nullable=False),
    )
    op.create_index('visits_status', 'visits', ['run_id', 'status', 'repository_id'])
    op.create_table(
        'failures',
        sa.Column('id', sa.Integer, primary_key=True),
        sa.Column('run_id', sa.Integer, sa.ForeignKey('runs.id'), nullable=False),
        sa.Column('repository_id', sa.Integer, sa.ForeignKey('repositories.id'), nullable=False),
        sa.Column('path', sa.Text, nullable=False),
        sa.Column('stage', sa.String(20), nullable=False),
        sa.Column('error', sa.Text, nullable=False),
    )
    op.create_index('failures_run', 'failures', ['run_id', 'repository_id'])


def _make_findings() -> None:
    op.create_table(
        'findings',
        sa.Column('id', sa.Integer, primary_key=True),
        sa.Column('repository_id', sa.Integer, sa.ForeignKey('repositories.id'), nullable=False),
        sa.Column('uid', sa.String(64), nullable=False),
        sa.Column('rule', sa.String(120), nullable=False),
        sa.Column('issuer', sa.String(120), nullable=False),
        sa.Column('severity', sa.String(12), nullable=False),
        sa.Column('environment', sa.String(12), nullable=False),
        sa.Column('state', sa.String(12), nullable=False),
        sa.Column('is_counted', sa.Boolean, nullable=False),
        sa.Column('in_head', sa.Boolean, nullable=False),
        sa.Column('on_remote', sa.Boolean, nullable=False),
        sa.Column('first_seen', sa.String(32), nullable=False),
        sa.Column('data', sa.LargeBinary, nullable=False),
    )
    op.create_index('findings_uid', 'findings', ['repository_id', 'uid'], unique=True)
    op.create_table(
        'sightings',
        sa.Column('finding_id', sa.Integer, sa.ForeignKey('findings.id'), primary_key=True),
        sa.Column('from_run', sa.Integer, sa.ForeignKey('runs.id'), primary_key=True),
        sa.Column('to_run', sa.Integer, sa.ForeignKey('runs.id')),
        sa.Column('state', sa.String(12), nullable=False),
    )
    op.create_table(
        'parts',
        sa.Column('finding_id', sa.Integer, sa.ForeignKey('findings.id'), primary_key=True),
        sa.Column('digest', sa.LargeBinary(16), primary_key=True),
        sa.Column('is_lead', sa.Boolean, nullable=False),
    )
    op.create_index('parts_digest', 'parts', ['digest'])


def _make_progress() -> None:
    owner = 'repositories.id'
    op.create_table(
        'looked',
        sa.Column('repository_id', sa.Integer, sa.ForeignKey(owner), primary_key=True),
        sa.Column('state', sa.LargeBinary(16), nullable=False),
        sa.Column('keys', sa.LargeBinary, nullable=False),
    )
    op.create_table(
        'plans',
        sa.Column('repository_id', sa.Integer, sa.ForeignKey(owner), primary_key=True),
        sa.Column('digest', sa.LargeBinary(16), nullable=False),
    )
    op.create_table(
        'chunks',
        sa.Column('repository_id', sa.Integer, sa.ForeignKey(owner), primary_key=True),
        sa.Column('number', sa.Integer, primary_key=True),
        sa.Column('objects', sa.LargeBinary, nullable=False),
        sa.Column('answer', sa.LargeBinary),
    )
    op.create_table(
        'keys',
        sa.Column('repository_id', sa.Integer, sa.ForeignKey(owner), primary_key=True),
        sa.Column('number', sa.Integer, primary_key=True),
        sa.Column('data', sa.LargeBinary, nullable=False),
    )
