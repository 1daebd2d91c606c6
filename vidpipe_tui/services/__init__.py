"""What the studio and the command line call: one door to everything below."""
