"""What an uploaded file is before anything reads it: a zip archive that is a workbook, and not too much when unpacked.

Excel's files are XML in a zip archive: a few kilobytes can unpack to gigabytes, and XML can name itself again and
again. Everything is measured by the directory's sizes, past which Python's own reader never unpacks, tags are counted,
and no part may declare a document type.
"""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_MOST_PARTS = 1_000
_MOST_TAGS = 1_500_000  # one to four a cell; read, each may become an object of some 300 bytes
_BEFORE_XML = b" \t\r\n\0\xff\xfe\xef\xbb\xbf"  # space, and the marks of an encoding
_CHUNK = 65_536
_OVERLAP = 256
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]{0,100}?ref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")


class NotAWorkbook(Exception):
    """A file that can't be read at all: a code for programs, and in Vietnamese why, and what to do."""

    def __init__(self, code: str, reason: str, remedy: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
        self.remedy = remedy


class TooLarge(NotAWorkbook):
    """A file of more rows or columns, or larger when unpacked, than is taken."""


@dataclass(frozen=True)
class Limits:
    """The most that a workbook may have: rows, columns, and bytes when unpacked."""

    rows: int
    columns: int
    unpacked: int


def inspect(content: bytes, limits: Limits) -> Mapping[str, tuple[str, ...]]:
    """Let pass only what may be read. Returns the merged ranges of each part that has any (``A5:A7``).

    Raises:
        NotAWorkbook: not a workbook in the form of .xlsx, or one that is broken, locked or dangerous.
        TooLarge: too much.
    """
    if content.startswith(_OLD):
        remedy = "Mở tệp trong Excel, bỏ mật khẩu nếu có, rồi lưu lại dạng .xlsx (Excel Workbook)."
        raise NotAWorkbook("old-format", "tệp ở dạng cũ .xls hoặc có mật khẩu", remedy)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            size = sum(part.file_size for part in parts)
            if size > limits.unpacked or len(parts) > _MOST_PARTS:
                raise _too_large(f"tệp khi giải nén có {size} byte, quá giới hạn {limits.unpacked}")
            merged, tags = {}, 0
            for part in parts:
                merged[part.filename], found = _scanned(archive, part)
                tags += found
                if tags > _MOST_TAGS:
                    raise _too_large("tệp có quá nhiều ô")
            return merged
    except NotAWorkbook:
        raise
    except Exception as error:  # what zipfile and zlib make of foreign bytes has no one name
        raise unreadable() from error


def unreadable() -> NotAWorkbook:
    remedy = "Dùng mẫu tải từ hệ thống; mở tệp trong Excel rồi lưu lại dạng .xlsx (Excel Workbook)."
    return NotAWorkbook("not-a-workbook", "tệp không phải bảng tính .xlsx hợp lệ hoặc đã hỏng", remedy)


def _too_large(reason: str) -> TooLarge:
    remedy = "Dùng mẫu tải từ hệ thống, chia nhỏ số dòng, bỏ hình ảnh và các trang tính không cần."
    return TooLarge("too-large", reason, remedy)


def _scanned(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[tuple[str, ...], int]:
    """The merged ranges that a part names, and how many tags it has. A picture has neither."""
    merged: dict[str, None] = {}
    tags, rest = 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if not tags and chunk.lstrip(_BEFORE_XML)[:1] not in (b"<", b""):
                return (), 0
            tags += chunk.count(b"<")
            chunk = rest + chunk
            if _DOCTYPE.search(chunk) or b"\x00" in chunk:  # a zero byte: UTF-16, in which it could hide
                raise unreadable()
            merged.update((match[1].decode(), None) for match in _MERGED.finditer(chunk))
            rest = chunk[-_OVERLAP:]
    return tuple(merged), tags
