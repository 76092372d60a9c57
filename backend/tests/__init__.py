"""Everything that proves the backend does what it says."""
