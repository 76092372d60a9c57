"""Use cases of the token journey, one file each."""
