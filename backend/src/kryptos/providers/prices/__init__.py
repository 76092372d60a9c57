"""Prices in US dollars as other people's systems tell them: one source per module, asked in an order by ``fetching``.

Nothing is imported here: who only names a quote does not load the HTTP library.
"""
