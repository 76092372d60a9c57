"""Use cases of the portfolio, one file each."""
