"""The web viewer as files: one page and the modules, styles and pictures it loads. Nothing of it is secret."""
