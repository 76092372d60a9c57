"""Our machinery: settings, secrets, database, queue, mail, telemetry. Knows nothing of what the product is about."""
