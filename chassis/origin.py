"""Whether a browser sent a form from our own page, and not because another site made it. Pure."""

from collections.abc import Mapping
from urllib.parse import urlsplit


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Whether the request's headers say that it comes from a page of the host it goes to.

    Browsers say so in ``Sec-Fetch-Site`` (Fetch Metadata), which no page can forge; those that don't, and pages without
    TLS, in ``Origin`` (RFC 6454 section 7), whose host must be the one asked. Neither means no. A proxy in front must
    leave ``Host`` as it was.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    try:
        origin = urlsplit(headers.get("origin", ""))
    except ValueError:
        return False
    host = headers.get("host", "")
    return origin.scheme in ("http", "https") and bool(host) and origin.netloc.lower() == host.lower()
