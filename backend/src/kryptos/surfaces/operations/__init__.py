"""What operators and developers look at: liveness, readiness, metrics, the OpenAPI document, the demo's mailbox."""
