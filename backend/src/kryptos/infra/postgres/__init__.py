"""The embedded PostgreSQL: a private cluster in the data directory, run by the process that owns it."""

from kryptos.infra.postgres.cluster import Cluster, ClusterBusy, ClusterFailed, Owner
from kryptos.infra.postgres.sharing import cluster_directory, database_url, own_cluster

__all__ = [
    "Cluster",
    "ClusterBusy",
    "ClusterFailed",
    "Owner",
    "cluster_directory",
    "database_url",
    "own_cluster",
]
