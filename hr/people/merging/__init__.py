"""Two files of one person become one; two people who look alike are marked as different."""
