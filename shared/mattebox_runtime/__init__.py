"""What both services share and users of the SDK do not: streams, events, specs, object store, settings, logs."""
