"""Calls that nobody thought of, made up from the OpenAPI document: whatever is sent, the reply is as documented."""
