"""What comes in: a report as JSON or as a filled-in form, and what is decided on it."""

from base64 import b64decode
from binascii import Error as NotBase64
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, field_validator

from contracts.kinds.reporting import Outcome

MOST_WORDS = 5_000
MOST_REMARKS = 2_000
WHOLE = 9_007_199_254_740_991

Code = Annotated[str, StringConstraints(max_length=64)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_WORDS)]
Amount = Annotated[int, Field(ge=-WHOLE, le=WHOLE)]
Digest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Remarks = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_REMARKS)]


class FileBody(BaseModel):
    """A file to send along; what it is follows from the end of its name."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    content: Annotated[str, Field(description="The bytes in base64", json_schema_extra={"format": "byte"})]

    @field_validator("content")
    @classmethod
    def _is_base64(cls, content: str) -> str:
        try:
            b64decode(content, validate=True)
        except (NotBase64, ValueError) as error:
            raise ValueError("không phải base64") from error
        return content

    @property
    def bytes(self) -> bytes:
        return b64decode(self.content)


class DifficultyBody(BaseModel):
    """An obstacle to raise with the report; the same words again, while it is open, are the same one."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
    task: Annotated[str | None, Field(max_length=16)] = None


class MarkBody(BaseModel):
    """What is said of one task in short: `nil`, nothing happened; `excused`, which wants its document's number."""

    outcome: Literal["nil", "excused"]
    document: Annotated[str | None, StringConstraints(strip_whitespace=True, max_length=64)] = None


class SubmissionBody(BaseModel):
    """One document that reports on one or more periods (Q2 with the half-year, Q4 with the year).

    ``declared`` and ``estimates`` are of one period, so a document with them names one only. ``keep`` are files of the
    versions before, of any of the periods, by SHA-256, that this one carries too. ``words`` and ``marks`` are by task.
    """

    periods: Annotated[list[str], Field(min_length=1, max_length=4)]
    outcome: Outcome
    document: Annotated[str | None, StringConstraints(strip_whitespace=True, max_length=64)] = None
    summary: Annotated[str | None, StringConstraints(strip_whitespace=True, max_length=20_000)] = None
    words: Annotated[dict[Code, Words], Field(max_length=100)] = {}
    marks: Annotated[dict[Code, MarkBody], Field(max_length=100)] = {}
    declared: Annotated[dict[Code, Amount], Field(max_length=1_000)] = {}
    estimates: Annotated[dict[Code, Amount], Field(max_length=1_000)] = {}
    proposals: Annotated[list[Words], Field(max_length=50)] = []
    obstacles: Annotated[list[DifficultyBody], Field(max_length=20)] = []
    files: Annotated[list[FileBody], Field(max_length=20)] = []
    keep: Annotated[list[Digest], Field(max_length=20)] = []


class ReturnBody(BaseModel):
    """``version`` is the one that was seen."""

    version: Annotated[int, Field(ge=1, le=100_000)]
    remarks: Remarks


class AcceptanceBody(BaseModel):
    """``version`` is the one that was seen."""

    version: Annotated[int, Field(ge=1, le=100_000)]
    remarks: Remarks | None = None
