"""Pure computation of the token journey: texts that wallets sign, signatures under them, pictures. Nothing is asked."""
