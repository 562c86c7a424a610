"""The jars of Apache Kafka that `pom.xml` names: fetched by Maven the first time, then found in the user's cache."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

POM = Path(__file__).with_name("pom.xml")
_OLDEST_JAVA = 17
_HOW = "Debian: apt-get install default-jre-headless maven"


class Missing(Exception):
    """Something that Apache Kafka needs is not on this machine; the message says what, and how to get it."""


def java() -> str:
    """The Java to run it with: JAVA_HOME's, or the one on the PATH. Raises `Missing` if there is none of age."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if found is None:
        raise Missing(f"Apache Kafka needs Java {_OLDEST_JAVA} or newer ({_HOW})")
    told = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', told)
    if version is None or int(version[1]) < _OLDEST_JAVA:
        raise Missing(f"Apache Kafka needs Java {_OLDEST_JAVA} or newer ({_HOW}); {found} says: {told.strip()}")
    return found


def classpath(pom: Path = POM) -> str:
    """The jars, as Java wants to be told of them. Raises `Missing` if they are not here and cannot be fetched."""
    folder = _cache() / f"{pom.parent.name}-{hashlib.sha256(pom.read_bytes()).hexdigest()[:12]}"
    if not folder.exists():
        _fetch(pom, folder)
    return f"{folder}/*"


def _fetch(pom: Path, folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise Missing(f"Apache Kafka's jars are fetched once by Maven, which is not there ({_HOW})")
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    copy = ("dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={fresh}")
    fetching = subprocess.run(
        [maven, "-B", "-q", "-f", str(pom), *copy],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if fetching.returncode:
        shutil.rmtree(fresh)
        raise Missing(f"Maven could not fetch Apache Kafka's jars:\n{fetching.stdout}{fetching.stderr}")
    try:
        fresh.rename(folder)
    except OSError:  # another one was faster
        shutil.rmtree(fresh)


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hop-luc"
