"""Writes what is generated from the code: the OpenAPI document and the reference pages in docs."""
