"""Tests of one thing at a time, with whatever real machinery it needs."""
