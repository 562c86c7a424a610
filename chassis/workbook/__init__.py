"""Forms as Excel workbooks: a template made from columns, the rows read back, the refused ones returned to be mended.

Knows columns and cells, and no service: what a row means is said by whoever gives the `Layout`.
"""
