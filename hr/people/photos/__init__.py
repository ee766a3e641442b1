"""The photograph of a person: one, put in the place of the one before."""
