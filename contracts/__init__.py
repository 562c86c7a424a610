"""What the services say to each other: the envelope, the kinds of event, and the topics.

Nothing here does I/O. Fields are only ever added; a new meaning is a new kind.
"""
