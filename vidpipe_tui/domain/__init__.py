"""What a film is and how it comes about: pure data and functions, no input or output."""
