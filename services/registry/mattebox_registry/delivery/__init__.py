"""Delivery: jobs from the database into the streams, results from the streams into the database.

SQLite alone knows what is owed. Whatever Redis loses, repeats or brings late, these loops put right.
"""

from mattebox_registry.delivery.context import Delivery, delivery

__all__ = ["Delivery", "delivery"]
