"""The plans as data, and the loader that refuses a wrong one.

A plan is a folder of TOML under ``plans/``: its agencies, units, tasks, what is counted for each, and who owes which
report when. ``load`` reads one, `model.Plan` answers questions about it, `windows` knows the days that figures cover.
"""
