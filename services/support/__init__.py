"""Support: what agencies did for cooperatives, in the agencies' own words, checked and kept.

Hears: ``coop.registry.v1``, to know which cooperatives there are; agencies' systems over HTTP and on
``intake.AGENCY.v1``, whose receipts go to ``receipts.AGENCY.v1``.
Says: every kind of `contracts.kinds.support` on ``coop.support.v1``, as the agencies' canonical events.
Owns: ``batches`` (accepted and held events, one document per batch, loan or budget), ``cooperatives`` (a projection),
``totals`` (control totals), ``dead_letters``.
"""
