"""Notify: reminds agencies of the reports they owe, by e-mail, until the report is in, and tells when it is returned;
tells who signed and who received a period's report when a figure of it is restated.

Hears: ``report.submitted``, ``report.returned``, ``figure.restated`` on ``coop.reporting.v1``.
Says: ``reminder.sent`` on ``coop.notify.v1``.
Owns: ``rounds``, the reminders of one period and stage that were planned together; ``reports``, which reports are in;
``restated``, what was said of signed figures.

A reminder is recorded before it is mailed and marked after, so a crash in between mails it again. The letter then has
the same Message-ID, by which receiving servers know it. `reminder.sent` is said in the same write as the mark, once.
"""
