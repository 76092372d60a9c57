"""Use cases of the ledger, one file each."""
