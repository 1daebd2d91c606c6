"""Prints the table of keys for the documentation: `python -m vidpipe_tui.keys`."""

from __future__ import annotations

import sys

from vidpipe_tui.keys.registry import COMMANDS, keys_shown


def table() -> str:
    """All commands with their keys as a Markdown table, group by group."""
    lines = ["| key | command | what it does |", "|---|---|---|"]
    for command in COMMANDS:
        keys = " ".join(f"`{key}`" for key in keys_shown(command.keys).split()).replace("|", "\\|") or "palette"
        lines.append(f"| {keys} | {command.title} | {command.help} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
