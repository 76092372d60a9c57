"""What a consent receipt says: pure computation."""
