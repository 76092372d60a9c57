"""A newcomer's first minutes, played by a program: a fresh clone, an empty home, the README's commands in order."""
