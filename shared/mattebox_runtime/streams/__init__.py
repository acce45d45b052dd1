"""Redis Streams as Mattebox uses them: one client for writes, one for waiting, and scripts that fence every hand-over.

All commands are those of Redis 6.2. Where two commands must not be torn apart they are one Lua script in `lua/`.
"""
