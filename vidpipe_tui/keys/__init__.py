"""Commands and their keys: written once, used by bindings, footer, palette, help and the documentation."""
