"""The sound of a scene: an ambience that fits it, and a pad whose harmony goes on from scene to scene."""

from vidpipe_tui.providers.local.sound.bed import RATE, bed

__all__ = ["RATE", "bed"]
