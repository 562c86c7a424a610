"""docs/licences.md is what the locks and the packages say, and nothing in the image is under a licence nobody read."""

import re

from deploy.licences import ABSENT, UNKNOWN, document, pins
from tests.deploy.manifests import ROOT

# Read, and good for a service that is run and may be handed out. The LGPL asks that the library can be replaced.
READ = re.compile(r"MIT|BSD|ISC|Apache|PSF|Python Software|Mozilla Public License 2|MPL-2|CC0|Zlib|Lesser General|LGPL")
COPYLEFT = re.compile(r"(?<!L)GPL|(?<!Lesser )General Public")


def rows(text: str) -> dict[str, tuple[str, str]]:
    found = re.findall(r"^\| ([a-z0-9._-]+) \| (\S.*?) \| (.+) \|$", text, re.MULTILINE)
    return {name: (version, licence) for name, version, licence in found}


def test_the_document_says_what_the_locks_and_the_packages_say() -> None:
    told, wanted = rows((ROOT / "docs" / "licences.md").read_text()), rows(document())
    assert {name: version for name, (version, _) in told.items()} == pins("requirements.lock"), "make licences"
    here = {name for name in wanted if ABSENT not in (wanted[name][1], told[name][1])}
    assert {name: told[name] for name in here} == {name: wanted[name] for name in here}, "make licences"


def test_nothing_in_the_image_is_under_a_licence_that_was_not_looked_at() -> None:
    told = rows((ROOT / "docs" / "licences.md").read_text())
    image = {name: told[name][1] for name in pins("requirements-image.lock")}
    assert not {name: licence for name, licence in image.items() if licence != ABSENT and not READ.search(licence)}
    assert UNKNOWN not in image.values()
    assert not {name: licence for name, licence in image.items() if COPYLEFT.search(licence)}
    assert COPYLEFT.search(told["secantusdb"][1]), "or this test would not see one"
