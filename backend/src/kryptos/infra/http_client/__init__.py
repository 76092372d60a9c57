"""The outgoing HTTP client of the adapters: budgets, deadlines, bounded answers, back-off and circuit breakers.

Nothing is imported here: who only names the errors does not load the HTTP library.
"""
