"""Reading of staff rosters as Vietnamese offices keep them: pure, no database, no Flask.

`intake.read_roster` is for the application (a child process does the work); `reader.read` is what
the child runs; `layout.suggest_mapping` and `reader.apply` are the two steps between.
"""
