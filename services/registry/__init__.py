"""Registry: the register of cooperatives (hợp tác xã, liên hiệp HTX, tổ hợp tác) and their lives.

Hears: district offices and the province's registrar, over HTTP and on ``intake.AGENCY.v1``, whose receipts go to
``receipts.AGENCY.v1``.
Says: ``cooperative.*`` and ``activity.reported`` on ``coop.registry.v1``, one event for each change, and for whatever
is told of a year.
Owns: ``cooperatives``, one versioned document each, with every change it went through, all that was told of its years,
and its unsent events; ``totals`` (control totals); the keys of all services, in a database of their own.
"""
