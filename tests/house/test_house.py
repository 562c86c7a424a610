"""The house keeps its own rules: shape of services, length of files and functions, words that must not stand here."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("registry", "support", "reporting", "notify")
LONGEST_FILE = 300
LONGEST_FUNCTION = 60

# Every service has these files where it has something to say, under these names.
COMMON = {
    "__init__", "__main__", "model", "fold", "decide", "deps", "handlers", "routes", "store", "settings", "wiring",
    "messages", "views", "backup", "recovering",
}  # fmt: skip
# What else a service has are nouns of its own.
OWN = {
    "registry": {"law", "rules", "names", "requests", "forms", "imports", "workbooks", "offers", "access", "lists",
        "searching", "exports", "years", "reorganise", "finishing", "events", "totals", "evaluations"},
    "support": {
        "examine", "ids", "intake", "forms", "rows", "workbooks", "held", "holding", "accounts", "facts",
        "records", "totals", "ranks", "turns",
    },
    "reporting": {
        "figures", "ledger", "queries", "pages", "words", "document", "templates", "asked", "past", "proofs",
        "proof_routes", "proof_views", "rebuild", "notes", "reports", "packing", "batches", "worth", "aims",
        "organisation", "summary_views", "provenance",
        "gauges", "obstacles", "statements", "restating", "register", "comparing",
    },
    "notify": {"book", "letters", "looking", "post", "contacts", "templates"},
}  # fmt: skip
NAMELESS = {"utils", "helpers", "common", "manager", "base", "misc", "util", "helper"}


@cache
def tracked() -> tuple[Path, ...]:
    """The files git tracks, and new ones that it does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return tuple(path for line in listed.splitlines() if (path := ROOT / line).is_file())


def python_files() -> Iterator[Path]:
    return (path for path in tracked() if path.suffix == ".py")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_common_files_and_nouns_of_its_own(service: str) -> None:
    folder = ROOT / "services" / service
    found = {path.stem for path in folder.iterdir() if path.name != "__pycache__"}
    assert found <= COMMON | OWN[service]
    assert {"__init__", "__main__", "model", "deps", "handlers", "routes", "store", "settings", "wiring"} <= found


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_what_it_hears_says_and_owns(service: str) -> None:
    told = ast.get_docstring(ast.parse((ROOT / "services" / service / "__init__.py").read_text())) or ""
    assert all(f"{word}:" in told for word in ("Hears", "Says", "Owns"))


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert not [path for path in python_files() if path.stem in NAMELESS]


def test_no_file_is_too_long() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in python_files()}
    assert not {path: length for path, length in lengths.items() if length > LONGEST_FILE}


def test_no_function_is_too_long() -> None:
    lengths = {
        f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path.relative_to(ROOT)
        for path in python_files()
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_what_calls_itself_pure_is_held_to_it_by_the_laws_of_imports() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [law] = (one for one in contracts if one["name"] == "Pure files do no I/O")
    held = tuple(law["source_modules"])
    claiming = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in python_files()
        if ROOT / "tests" not in path.parents
        and re.search(r"\b(Pure|No I/O)[.;:]", ast.get_docstring(ast.parse(path.read_text())) or "")
    }
    assert len(claiming) > 50
    assert not [name for name in claiming if not f"{name}.".startswith(tuple(f"{one}." for one in held))]


def test_only_the_chassis_clock_asks_what_time_it_is() -> None:
    asking = re.compile(r"\btime\.time\(|datetime\.(now|utcnow|today)\(|date\.today\(")
    found = [path.relative_to(ROOT) for path in python_files() if asking.search(path.read_text())]
    assert {str(path) for path in found} <= {"chassis/clock.py", "tests/house/test_house.py"}


def test_no_registry_host_and_no_path_of_a_machine_stands_in_the_tree() -> None:
    # Written apart so that this file does not find itself.
    hosts = ["py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js", "deb." + "debian.org", "repo1." + "maven"]
    home = str(Path.home()) + "/"
    found = []
    for path in tracked():
        text = path.read_text(errors="replace")
        found += [(path.relative_to(ROOT), word) for word in (*hosts, home, str(ROOT) + "/") if word in text]
    assert not found


def test_locked_dependencies_all_have_hashes() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        entries = re.split(r"\n(?=[a-zA-Z0-9])", (ROOT / lock).read_text())
        bare = [entry.splitlines()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry]
        assert not bare


def test_the_development_lock_holds_the_other_one() -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^[a-zA-Z0-9_.\[\]-]+==\S+", (ROOT / lock).read_text(), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_make_alone_lists_every_target() -> None:
    listed = subprocess.run(["make", "-s"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    targets = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[0].split()
    assert set(re.findall(r"make ([a-z-]+)", listed)) >= set(targets)


def test_the_readmes_map_names_every_top_level_folder() -> None:
    readme = (ROOT / "README.md").read_text()
    folders = {path.relative_to(ROOT).parts[0] for path in tracked() if len(path.relative_to(ROOT).parts) > 1}
    assert not {folder for folder in folders if not folder.startswith(".") and f"{folder}/" not in readme}


def test_the_services_run_on_what_is_declared() -> None:
    """The interpreter that runs the tests is one the project says it supports."""
    assert sys.version_info >= (3, 11)
