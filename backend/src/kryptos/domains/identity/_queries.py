"""The prepared read of a person, for data calls."""

PROFILE = """
SELECT id, email, name, language, created_at, claimed_by,
       suspended_at IS NOT NULL OR erasing_at IS NOT NULL AS is_suspended
FROM users WHERE id = $1
"""
