"""Letters that ask issuers whether they awarded a paper, and what they answered."""
