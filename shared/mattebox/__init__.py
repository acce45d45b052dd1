"""Mattebox keeps the masks of image and video datasets, and shows them: the SDK."""
