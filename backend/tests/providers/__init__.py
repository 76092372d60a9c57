"""Adapters against the real ends that this machine can run, and against scripted ones where they fail."""
