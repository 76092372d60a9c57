"""How the world reaches us: HTTP, the command line, jobs. Each surface owns its wire shapes and its error envelope."""
