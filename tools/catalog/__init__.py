"""Builds the catalogue's data, backend/src/kryptos/catalog/data, from packages and from what is written in curated/."""
