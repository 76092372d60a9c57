"""The prepared read of a person, for data calls."""

PROFILE = "SELECT id, email, name, language, created_at, suspended_at, erasing_at FROM users WHERE id = $1"
