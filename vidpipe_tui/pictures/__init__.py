"""Pictures and clips as half blocks: fitted, quantised to what a terminal shows, kept ready. No Textual here."""
