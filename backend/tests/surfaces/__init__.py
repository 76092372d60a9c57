"""Tests of the surfaces: what goes over the wire."""
