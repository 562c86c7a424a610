"""The demo: the plan's first full year, 2021, invented, played through the running system, and checked.

``year`` holds the nouns; ``cooperatives``, ``facts``, ``papers`` and ``noise`` invent; ``independent`` computes every
figure once more from what was invented, knowing nothing of the fold; ``play`` sends it; ``check`` compares; ``show``
prints.
"""
