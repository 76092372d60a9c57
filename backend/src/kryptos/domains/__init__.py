"""What the product knows and does: a ladder of domains, each importing only what stands below it."""
