"""The studio's themes and where its style sheets lie. Colours are written here and in `styles/`, nowhere else."""

from __future__ import annotations

from pathlib import Path

from textual.theme import Theme

DARK, LIGHT, ANSI = "vidpipe-dark", "vidpipe-light", "vidpipe-ansi"
OWN_NAMES = {"dark": DARK, "light": LIGHT, "ansi": ANSI}
"""What people call our own themes in the setting `ui.theme`."""

THEMES = (
    Theme(
        name=DARK,
        primary="#6cb2f5",
        secondary="#6cb2f5",
        accent="#6cb2f5",
        success="#86b97a",
        warning="#e0b35c",
        error="#e8756d",
        foreground="#d6d9de",
        background="#111316",
        surface="#1a1e23",
        panel="#1d2126",
        dark=True,
        variables={
            "muted": "#8d949e",
            "rule": "#343a42",
            "chosen": "#22303f",
            "chosen-blurred": "#1d2126",
            "typing": "#2a3038",
            "bright": "#f2f4f7",
            "block-cursor-background": "#22303f",
            "block-cursor-foreground": "#f2f4f7",
            "block-cursor-text-style": "none",
            "input-selection-background": "#6cb2f5 35%",
            "scrollbar": "#343a42",
            "scrollbar-hover": "#4a525c",
            "scrollbar-active": "#6cb2f5",
            "scrollbar-background": "#111316",
            "scrollbar-background-hover": "#111316",
            "scrollbar-background-active": "#111316",
            "scrollbar-corner-color": "#111316",
        },
    ),
    Theme(
        name=LIGHT,
        primary="#1565b5",
        secondary="#1565b5",
        accent="#1565b5",
        success="#2f7a33",
        warning="#8f6000",
        error="#b3261e",
        foreground="#24282d",
        background="#fbfaf8",
        surface="#f1eeea",
        panel="#ebe9e5",
        dark=False,
        variables={
            "muted": "#5f656e",
            "rule": "#cfccc6",
            "chosen": "#cadff3",
            "chosen-blurred": "#ebe9e5",
            "typing": "#dedad3",
            "bright": "#000000",
            "block-cursor-background": "#cadff3",
            "block-cursor-foreground": "#000000",
            "block-cursor-text-style": "none",
            "input-selection-background": "#1565b5 25%",
            "scrollbar": "#cfccc6",
            "scrollbar-hover": "#a9a59d",
            "scrollbar-active": "#1565b5",
            "scrollbar-background": "#fbfaf8",
            "scrollbar-background-hover": "#fbfaf8",
            "scrollbar-background-active": "#fbfaf8",
            "scrollbar-corner-color": "#fbfaf8",
        },
    ),
    Theme(
        name=ANSI,
        primary="ansi_blue",
        secondary="ansi_blue",
        accent="ansi_cyan",
        success="ansi_green",
        warning="ansi_yellow",
        error="ansi_red",
        ansi=True,
        variables={
            "muted": "ansi_bright_black",
            "rule": "ansi_bright_black",
            "chosen": "ansi_default",
            "chosen-blurred": "ansi_default",
            "typing": "ansi_default",
            "bright": "ansi_default",
            "block-cursor-background": "ansi_default",
            "block-cursor-foreground": "ansi_default",
            "block-cursor-text-style": "reverse",
            "border": "ansi_bright_black",
            "ansi-background": "ansi_default",
            "ansi-foreground": "ansi_default",
            "foreground-disabled": "ansi_bright_black",
            "surface-active": "ansi_default",
            "scrollbar": "ansi_bright_black",
            "scrollbar-background": "ansi_default",
            "scrollbar-background-hover": "ansi_default",
            "scrollbar-background-active": "ansi_default",
        },
    ),
)

VARIABLE_DEFAULTS = {
    "muted": "#868b93",
    "rule": "#6d7278",
    "chosen": "#4a6fa5 40%",
    "chosen-blurred": "#80868e 25%",
    "typing": "#80868e 35%",
    "bright": "auto 100%",
}
"""For Textual's own themes, which do not know our variables."""


def style_sheet(name: str) -> Path:
    """A style sheet of the studio: in the package once installed, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "styles" / name
    return inside if inside.exists() else package.parent / "styles" / name
