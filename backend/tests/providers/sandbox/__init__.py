"""The sandbox: its world read by the real adapters, and its ends asked directly."""
