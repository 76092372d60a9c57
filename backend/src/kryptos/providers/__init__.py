"""Adapters that read other people's systems: one per family, reached only through the registry."""
