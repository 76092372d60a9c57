"""The Bitcoin-like family: its rules against published vectors, its reading against a model of a chain."""
