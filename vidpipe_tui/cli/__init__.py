"""The command line: the headless twins of everything the studio does."""
