"""Registry: the register of cooperatives (hợp tác xã, liên hiệp HTX, tổ hợp tác) and their lives.

Hears: nothing from Kafka; district offices and the province's registrar over HTTP.
Says: ``cooperative.*`` on ``coop.registry.v1``, one event for each change.
Owns: ``cooperatives``, one versioned document each, with every change it went through and its unsent events.
"""
