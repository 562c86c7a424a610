"""Which files a report may carry, and under which names. Pure."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from services.reporting.model import Refused
from services.reporting.reports.model import Attachment

_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
# By the end of the name: what the file is served as, and how its bytes begin.
ALLOWED = {
    "pdf": ("application/pdf", b"%PDF-"),
    "docx": (f"{_OOXML}.wordprocessingml.document", b"PK\x03\x04"),
    "xlsx": (f"{_OOXML}.spreadsheetml.sheet", b"PK\x03\x04"),
    "odt": (f"{_ODF}.text", b"PK\x03\x04"),
    "ods": (f"{_ODF}.spreadsheet", b"PK\x03\x04"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
}
_LONGEST_NAME = 120
_UNWANTED = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]')


@dataclass(frozen=True)
class FileLimits:
    """How many files one report carries, how large one may be in bytes, and all of them with the form they come in."""

    number: int = 5
    bytes: int = 4_194_304
    together: int = 8_388_608


def attachment_of(name: str, content: bytes, limits: FileLimits) -> Attachment:
    """The file as a report carries it. What it is follows from its name, and its bytes must agree.

    Raises:
        Refused: it is empty or too large, of a kind that is not taken, or not what its name says.
    """
    name = clean_name(name)
    if not content:
        raise Refused("empty-file", f"tệp «{name}» không có nội dung")
    if len(content) > limits.bytes:
        raise Refused("file-too-large", f"tệp «{name}» lớn hơn {limits.bytes:,} byte".replace(",", "."))
    known = ALLOWED.get(name.rpartition(".")[2].lower())
    if known is None:
        raise Refused("file-type", f"tệp «{name}» không thuộc loại được nhận: {', '.join(ALLOWED)}")
    media_type, beginning = known
    if not content.startswith(beginning):
        raise Refused("file-content", f"nội dung tệp «{name}» không đúng với đuôi tên tệp")
    return Attachment(hashlib.sha256(content).hexdigest(), name, media_type, len(content))


def check_number(attachments: tuple[Attachment, ...], limits: FileLimits) -> None:
    """Whether one report may carry them all.

    Raises:
        Refused: they are too many.
    """
    if len(attachments) > limits.number:
        raise Refused("too-many-files", f"một báo cáo kèm không quá {limits.number} tệp")


def clean_name(name: str) -> str:
    """A name without a path, hidden signs, or what file systems and headers take for something else."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = " ".join(_UNWANTED.sub("", last).split()).lstrip(". ")
    stem, dot, end = plain.rpartition(".")
    if len(plain) > _LONGEST_NAME and dot:
        plain = f"{stem[: _LONGEST_NAME - len(end) - 1]}.{end}"
    return plain[:_LONGEST_NAME] or "tep"
