"""Agencies' reports: drafts that write themselves, versions, files, being returned or accepted, discrepancies."""
