"""Renders the clip between two keyframes: moving layers where the pictures say what they show, else from pixels."""

from vidpipe_tui.providers.local.clip.render import render

__all__ = ["render"]
