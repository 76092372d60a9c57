"""Use cases of identity, one matter per file."""
