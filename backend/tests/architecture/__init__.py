"""The plan of the house, checked over the source tree."""
