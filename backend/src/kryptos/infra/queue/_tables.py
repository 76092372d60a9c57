"""Tables of the queue: jobs, the periods already begun, the workers that were seen."""

import sqlalchemy as sa

from kryptos.infra.database import metadata

WAITING, RUNNING, DEAD = "waiting", "running", "dead"

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("dedup_key", sa.Text),
    sa.Column("lane", sa.Text),  # of the jobs in one lane, one runs at a time
    sa.Column("state", sa.Text, nullable=False),  # waiting, running, dead; a job that succeeded is deleted
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("starts", sa.Integer, nullable=False),  # counted when it starts, so that a crash counts
    sa.Column("max_starts", sa.Integer, nullable=False),
    sa.Column("worker_id", sa.Text),
    sa.Column(
        "leased_until", sa.DateTime(timezone=True)
    ),  # by the database's clock, the one that workers share
    sa.Column("died_at", sa.DateTime(timezone=True)),
    sa.Column("error", sa.Text),
    sa.Index("jobs_due_idx", "run_at", "id", postgresql_where=sa.text("state = 'waiting'")),
    sa.Index(
        "jobs_dedup_idx",
        "name",
        "dedup_key",
        unique=True,
        postgresql_where=sa.text("state = 'waiting' AND starts = 0"),
    ),
    sa.Index("jobs_running_lane_idx", "lane", unique=True, postgresql_where=sa.text("state = 'running'")),
    sa.Index("jobs_dead_idx", "died_at", postgresql_where=sa.text("state = 'dead'")),
)

job_periods = sa.Table(
    "job_periods",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
)

worker_heartbeats = sa.Table(
    "worker_heartbeats",
    metadata,
    sa.Column("worker_id", sa.Text, primary_key=True),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
)
