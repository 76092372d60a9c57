"""Use cases of syncing: each step is one transaction, the network lies between them."""
