"""The Connect API: link tokens, the widget's session, the exchange, grants and the public list of integrations."""
