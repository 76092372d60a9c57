"""Tests of syncing as a whole: real adapters over local ends, real databases, the worker's handlers and processes."""
