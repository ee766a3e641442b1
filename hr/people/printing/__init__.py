"""What of a personnel file goes on paper: form 2C and the statement for the person concerned."""
