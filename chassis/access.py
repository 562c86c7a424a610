"""What a running service needs to know who speaks: the keys of the file and of the store, and how often one may ask."""

from dataclasses import dataclass

from chassis.auth import Keyring
from chassis.clock import Clock
from chassis.keys import COLLECTIONS, Keys
from chassis.limits import Limits
from chassis.process import Part
from chassis.settings import ServiceSettings
from chassis.store_mongo import MongoStore


@dataclass(frozen=True)
class Access:
    """``part`` goes before the one that answers HTTP."""

    keys: Keys
    keyring: Keyring
    part: Part


def open_access(settings: ServiceSettings, clock: Clock) -> Access:
    """As the settings describe it, not yet connected.

    Raises:
        Fatal: API_KEYS_FILE is there and wrong.
    """
    store = MongoStore.open(settings.mongodb_uri, settings.access_database, settings.store_driver)
    keys = Keys(store, clock, settings.key_cache_seconds)
    limits = Limits(settings.requests_per_minute, settings.failures_per_minute)
    return Access(
        keys=keys,
        keyring=Keyring.load(settings.api_keys_file, keys, limits),
        part=Part("access", start=lambda: store.prepare(COLLECTIONS), stop=store.close),
    )
