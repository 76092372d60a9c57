"""The embedded PostgreSQL: a private cluster in the data directory, run by the process that owns it."""

from kryptos.infra.postgres.cluster import (
    Cluster,
    ClusterBusy,
    ClusterFailed,
    ClusterOfOtherMajor,
    Owner,
    cluster_major,
)
from kryptos.infra.postgres.sharing import cluster_directory, cluster_files, database_url, own_cluster

__all__ = [
    "Cluster",
    "ClusterBusy",
    "ClusterFailed",
    "ClusterOfOtherMajor",
    "Owner",
    "cluster_directory",
    "cluster_files",
    "cluster_major",
    "database_url",
    "own_cluster",
]
