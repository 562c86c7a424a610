"""Reporting: what each task of the plan has achieved, who has reported, and the consolidated report.

Hears: ``coop.registry.v1`` and ``coop.support.v1``, every canonical event.
Says: ``report.submitted``, ``period.consolidated`` on ``coop.reporting.v1``.
Owns: the ledger of events and the cells folded from it, agencies' reports, consolidations.
"""
