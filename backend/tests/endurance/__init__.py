"""Endurance: a mixed load on two servers and two workers while each of them and the database is killed in turn."""
