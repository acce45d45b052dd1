"""Bring versions out of a registry into files."""
