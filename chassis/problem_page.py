"""A problem as a page, for a person whose browser ran into it: the same words, and where to go on. Pure."""

import re
from html import escape

_CODE = re.compile("`([^`]*)`")
_STYLE = (
    ":root { color-scheme: light dark; } body { margin: 0; font: 16px/1.5 system-ui, 'Segoe UI', Roboto, sans-serif; } "
    "main { max-width: 40rem; margin: 0 auto; padding: 3rem 1rem; } h1 { font-size: 1.6rem; line-height: 1.25; } "
    "p { overflow-wrap: anywhere; } .status { opacity: .7; }"
)


def is_wanted(accept: str) -> bool:
    """Whether who asks shows pages: browsers name them in ``Accept`` when a person opens an address, programs don't."""
    return "text/html" in accept.lower()


def page_of(status: int, title: str, detail: str, home: str = "") -> str:
    """The page. What stands between backquotes in the detail is a name or a value; ``home`` is where one can go on."""
    words = _CODE.sub(r"<code>\1</code>", escape(detail))
    said = f"<p>{words}</p>\n" if words else ""
    onward = f' Hoặc <a href="{escape(home)}">mở trang của kỳ hiện nay</a>.' if home else ""
    return (
        '<!doctype html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n"
        f"{said}<p>Để trở lại trang trước, dùng nút quay lại của trình duyệt: nội dung đã nhập thường vẫn còn ở đó."
        f"{onward}</p>\n"
        f'<p class="status">Mã lỗi {status}</p>\n</main>\n</body>\n</html>\n'
    )
