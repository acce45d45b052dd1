"""The service calls of ClearML's SDK for datasets, over the registry's own rules; nothing else knows of them."""
