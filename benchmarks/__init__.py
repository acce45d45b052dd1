"""How fast Mattebox is, as ratios measured side by side in one run: `python -m benchmarks --help`."""
