"""The services: registry, support, reporting, notify. Same file names, same meanings; none imports another."""
