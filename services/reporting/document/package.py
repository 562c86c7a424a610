"""The same content, the same bytes: an Office file's archive without the moment at which it was written. Pure."""

import io
import zipfile

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that the format can tell
_FIRST = "[Content_Types].xml"  # where readers that look at the first bytes expect it


def steady(content: bytes) -> bytes:
    """The archive with its parts in the order of their names, all as old as can be told."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as archive,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as anew,
    ):
        for name in sorted(archive.namelist(), key=lambda name: (name != _FIRST, name)):
            part = zipfile.ZipInfo(name, _LONG_AGO)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            anew.writestr(part, archive.read(name))
    return packed.getvalue()
