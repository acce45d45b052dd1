"""The registry: keeps frames and their masks, publishes what is to be drawn, hands out previews."""
