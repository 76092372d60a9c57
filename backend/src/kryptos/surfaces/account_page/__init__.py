"""The consent centre's page, its files, and words where it cannot run."""
