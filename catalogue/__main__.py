"""``python -m catalogue WHAT``: what a plan says, as a table or as JSON. ``--help`` lists what can be asked."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from catalogue import listing
from catalogue.load import PLANS, WrongPlan, load
from catalogue.model import Plan
from catalogue.roster import NobodyStands

WIDTH_OF_A_FILE = 160
COLUMNS = {
    "tasks": ("position", "code", "kind", "title", "leads", "cooperating", "indicators"),
    "indicators": ("code", "title", "measure", "unit", "speakers", "of", "per", "targets"),
    "targets": ("code", "indicator", "title", "at_least", "up_to", "years", "source", "certainty"),
    "windows": ("period", "calendar", "first_day", "last_day"),
    "duties": ("period", "agency", "role", "to", "last_moment"),
    "agencies": ("code", "name", "kind", "valid_from", "valid_to", "successor", "owes_report", "bound", "certainty"),
    "units": ("code", "name", "level", "valid_from", "valid_to", "predecessor", "certainty"),
}
LISTED_IN_FULL = 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one listing; 1 if the plan is wrong or has nobody for a task on the day, 2 if the command is."""
    wanted = _parser().parse_args(arguments)
    try:
        rows = _rows(load(wanted.plan), wanted)
    except WrongPlan as wrong:
        print(f"{wanted.plan} is not a plan:", *wrong.problems, sep="\n  ", file=sys.stderr)
        return 1
    except NobodyStands as nobody:
        print(nobody, file=sys.stderr)
        return 1
    if wanted.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _print_table(rows, COLUMNS[wanted.what])
    return 0


def _rows(plan: Plan, wanted: argparse.Namespace) -> list[listing.Row]:
    match wanted.what:
        case "tasks":
            return list(listing.tasks(plan, wanted.on or plan.heading.signed_on))
        case "indicators":
            return list(listing.indicators(plan))
        case "targets":
            return list(listing.targets(plan))
        case "agencies":
            return list(listing.agencies(plan, wanted.on))
        case "units":
            return list(listing.units(plan, wanted.on))
        case "windows":
            return list(listing.windows(wanted.year))
        case _:
            return list(listing.duties(plan, wanted.year))


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--plan", type=Path, default=PLANS / "177-KH-UBND", metavar="FOLDER", help="which plan")
    common.add_argument("--format", choices=("table", "json"), default="table")
    parser = argparse.ArgumentParser(prog="python -m catalogue", description="What a plan says.")
    commands = parser.add_subparsers(dest="what", required=True)
    for what, help_ in (("tasks", "with their owners"), ("agencies", "who acts or reports"), ("units", "where")):
        command = commands.add_parser(what, parents=[common], help=help_)
        command.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="as of that day, YYYY-MM-DD")
    for what, help_ in (("indicators", "what is counted"), ("targets", "what documents want of indicators")):
        commands.add_parser(what, parents=[common], help=help_)
    for what, help_ in (("windows", "the days that figures cover"), ("duties", "who owes what to whom by when")):
        command = commands.add_parser(what, parents=[common], help=help_)
        command.add_argument("--year", type=_year, required=True)
    return parser


def _year(text: str) -> int:
    if not re.fullmatch(r"[12]\d{3}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a year")
    return int(text)


def _print_table(rows: list[listing.Row], columns: tuple[str, ...]) -> None:
    table = Table(*(column.replace("_", " ") for column in columns))
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in columns))
    Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE).print(table)


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() if len(value) > LISTED_IN_FULL or any(isinstance(each, dict) for each in value):
            return str(len(value))
        case list():
            return ", ".join(value)
        case _:
            return str(value)


if __name__ == "__main__":
    sys.exit(main())
