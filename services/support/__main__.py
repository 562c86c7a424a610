"""Runs support with settings from the environment: ``python -m services.support``."""

import sys

from chassis.process import main
from services.support.settings import Settings
from services.support.wiring import wire

sys.exit(main("support", Settings, wire))
