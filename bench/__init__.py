"""Measured runs on the embedded stack. Machines differ and are noisy: what counts is a ratio within one run."""
