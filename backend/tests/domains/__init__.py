"""Rules of the domains, shown through the application or on their use cases, on a real database."""
