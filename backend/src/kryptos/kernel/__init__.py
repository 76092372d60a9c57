"""The words everything else is written in: amounts, ids, clocks, errors. Standard library only."""
