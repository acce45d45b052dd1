"""The inside of a drawing process: it gives up its powers, then draws what comes through its socket.

It imports no event loop, no network and no settings, so that it starts quickly and holds nothing worth taking.
"""
