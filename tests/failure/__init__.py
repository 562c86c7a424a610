"""Failure, on purpose: faults at seeded moments while the province works, and a proof from the outside afterwards.

``python -m tests.failure --seed 7 --events 50000``, or ``make failure``. What is done and what is proved:
docs/failure.md.
"""
