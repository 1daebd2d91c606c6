"""Tests of the studio, and what they run on."""
