"""What support says, in the agencies' names: everything the 46 tasks count beside the register itself.

The subject names the fact, ``training-SNV-2021-07`` or ``loan-118/disbursed-2``: facts whose subjects share what stands
before the first slash keep their order.
"""

# Importing a file declares its kinds; the order here is theirs.
from contracts.kinds.support import people, papers, money, credit, production, land, oversight  # noqa: F401, I001
