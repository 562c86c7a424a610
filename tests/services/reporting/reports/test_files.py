"""Files that come with a report: which are taken, and under which names."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.model import Refused
from services.reporting.reports.files import FileLimits, attachment_of, check_number, clean_name

LIMITS = FileLimits(number=2, bytes=100)
PDF = b"%PDF-1.7 ..."


def test_a_file_is_what_its_name_and_its_bytes_say() -> None:
    taken = attachment_of("Biên bản.PDF", PDF, LIMITS)
    assert (taken.name, taken.media_type, taken.size) == ("Biên bản.PDF", "application/pdf", len(PDF))
    assert taken.digest == hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", "empty-file"),
        ("a.pdf", PDF + b"x" * 100, "file-too-large"),
        ("a.html", b"<html>", "file-type"),
        ("a.svg", b"<svg>", "file-type"),
        ("a.docm", b"PK\x03\x04", "file-type"),
        ("a.pdf", b"MZ", "file-content"),
        ("a.pdf", b"<html>", "file-content"),
        ("a.docx", PDF, "file-content"),
        ("a", PDF, "file-type"),
    ],
)
def test_any_other_is_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        attachment_of(name, content, LIMITS)
    assert refused.value.code == code


def test_a_report_carries_so_many_files_and_no_more() -> None:
    one = attachment_of("a.pdf", PDF, LIMITS)
    check_number((one, one), LIMITS)
    with pytest.raises(Refused) as refused:
        check_number((one, one, one), LIMITS)
    assert refused.value.code == "too-many-files"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\báo cáo.docx", "báo cáo.docx"),
        ('a"\r\nSet-Cookie: x.pdf', "aSet-Cookie x.pdf"),
        (".htaccess.pdf", "htaccess.pdf"),
        ("bao\u202efdp.exe.pdf", "baofdp.exe.pdf"),
        ("Bie\u0302n ba\u0309n.pdf", "Biên bản.pdf"),
        ("", "tep"),
    ],
)
def test_a_name_loses_its_path_and_whatever_could_mislead(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@given(st.text(max_size=400))
def test_no_name_is_ever_a_path_or_breaks_a_header(name: str) -> None:
    kept = clean_name(name)
    assert 0 < len(kept) <= 120
    assert not set(kept) & set('/\\"\r\n\x00')
    assert not kept.startswith(".")
    assert clean_name(kept) == kept
