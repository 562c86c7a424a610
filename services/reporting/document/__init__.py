"""The consolidated report as documents, from the frozen consolidation and the plan alone.

What is said: ``heading`` (who to whom), ``report`` (blocks of words, by ``outline``, ``sentences``), ``annexes``
(``tables`` of typed cells). How it looks: ``docx`` (with ``page``, ``letterhead``, ``grid``), ``xlsx``, ``paper_view``.
"""
