"""How the tables in PostgreSQL came to be, and what an older store needs to become today's."""
