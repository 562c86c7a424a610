"""Runs registry with settings from the environment: ``python -m services.registry``."""

import sys

from chassis.process import main
from services.registry.settings import Settings
from services.registry.wiring import wire

sys.exit(main("registry", Settings, wire))
