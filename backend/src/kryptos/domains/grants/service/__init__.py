"""Use cases of grants, one file each."""
