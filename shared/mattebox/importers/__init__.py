"""Bring datasets that lie in files into a registry."""
