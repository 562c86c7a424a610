"""The consolidated report as documents."""
