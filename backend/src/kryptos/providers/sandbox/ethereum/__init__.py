"""The Ethereum end: a chain that exists as a table of deeds, and a node that answers from it."""
