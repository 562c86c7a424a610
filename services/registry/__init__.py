"""Registry: the register of cooperatives (hợp tác xã, liên hiệp HTX, tổ hợp tác) and their lives.

Hears: district offices and the province's registrar, over HTTP and on ``intake.AGENCY.v1``.
Says: ``cooperative.*`` on ``coop.registry.v1``, one event for each change.
Owns: ``cooperatives``, one versioned document each, with every change it went through and its unsent events.
"""
