"""What Postil keeps, and how it survives. Imports nothing of the rest of the project."""
