"""What of reporting's database is backed up, in the order of reading: what refers to the ledger before the ledger."""

from chassis.backup import Kept
from chassis.deadletters import COLLECTION as LETTERS
from chassis.deadletters import INDEXES as LETTER_INDEXES
from chassis.heartbeat import COLLECTION as HEARTBEATS
from chassis.store import Whole
from services.reporting.store import COLLECTIONS


def position(collection: str, document: Whole) -> tuple[str, str] | None:
    """How far a batch of the ledger reaches in its partition's log, as ``epoch:offset``."""
    if collection != "ledger":
        return None
    return document.body["place"], f"{document.body['epoch']}:{document.body['end']}"


KEPT = Kept(
    "reporting",
    {**COLLECTIONS, LETTERS: LETTER_INDEXES, HEARTBEATS: ()},
    (
        *("restated", "consolidations", "old_consolidations"),
        *("obstacles", "reports", "old_reports", "attachments"),
        *("rebuilds", "countings", "logs", "ledger", "recounted", "statements", LETTERS),
    ),
    derived={
        "cells": "a fold of the ledger, written anew at the start; older ones could outrank those",
        HEARTBEATS: "a beat is of its moment",
    },
    position=position,
)
