"""The embedded provider: real artefacts without a key, a network or weights."""
