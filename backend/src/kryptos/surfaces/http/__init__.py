"""What every HTTP surface shares: endpoints as data, one pipeline, authentication, envelopes, limits, OpenAPI."""
