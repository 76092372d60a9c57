"""Benchmarks: what a request costs the web process, beside a named floor and a named peer, in one run."""
