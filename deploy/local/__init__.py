"""The embedded stack: real servers and the four services as child processes, without Docker or root.

``python -m deploy.local up`` runs it from a shell, `deploy.local.stack.Stack` from a test or the demo. Whatever
ends the launcher, even kill -9, ends its children (on Linux, see `deploy.local.child`).
"""
