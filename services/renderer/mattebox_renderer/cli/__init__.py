"""What the renderer adds to the command line `mattebox`."""
