"""The renderer: reads jobs from Redis streams, draws masks over frames, caches the previews."""
