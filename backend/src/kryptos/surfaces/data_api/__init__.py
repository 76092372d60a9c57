"""The Data API: what an app reads of a user with an access token."""
