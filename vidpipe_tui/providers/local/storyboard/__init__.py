"""Writes a storyboard from a prompt by rules: its sentences, beats or script, in order, with what recurs carried on."""

from vidpipe_tui.providers.local.storyboard.compose import compose

__all__ = ["compose"]
