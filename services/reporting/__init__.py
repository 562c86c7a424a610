"""Reporting: what each task of the plan has achieved, who has reported, and the consolidated report.

Hears: ``coop.registry.v1`` and ``coop.support.v1``, every canonical event.
Says: reports submitted, returned and accepted, periods consolidated and signed, signed figures restated, steps about
obstacles, on ``coop.reporting.v1``.
Owns: the ledger of events and the cells folded from it, agencies' reports with their files, consolidations, what is
done about obstacles.
"""
