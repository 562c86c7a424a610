"""The consolidated report as documents: Word and Excel, both from the frozen consolidation alone."""
