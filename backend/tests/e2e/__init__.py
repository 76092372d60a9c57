"""Tests of the whole product, started the way a person starts it."""
