"""Which events make a figure: how a query names it, how they are found, told and exported."""
