"""Invented obstacles that people raise: two go all the way, one waits for its answer, one was never put before anybody.

Those that agencies' systems state are events like the others.
"""

from datetime import date

from deploy.local.demo.year import Dealing, Difficulty

_INVENTED = "(dữ liệu minh họa)"


def _forwarded(on: date, document: str) -> Dealing:
    return Dealing(on, "forwarding", "consolidator", {"document": document})


def _answered(on: date, document: str, text: str) -> Dealing:
    return Dealing(on, "answer", "leader", {"document": document, "text": f"{text} {_INVENTED}"})


def _closed(on: date, agency: str, solution: str) -> Dealing:
    return Dealing(on, "closing", agency, {"solution": f"{solution} {_INVENTED}"})


def invent() -> list[Difficulty]:
    """The same in every year."""
    return [
        Difficulty(
            "SNV",
            "II.3.b",
            f"Thiếu giảng viên về quản trị hợp tác xã để mở lớp theo kế hoạch {_INVENTED}",
            date(2021, 4, 12),
            (
                _forwarded(date(2021, 4, 20), "115/SKHĐT-KTTT"),
                _answered(date(2021, 5, 17), "580/UBND-KT", "Giao Liên minh Hợp tác xã tỉnh cử giảng viên phối hợp."),
                _closed(date(2021, 6, 1), "SNV", "Đã có giảng viên, lớp học đã mở."),
            ),
        ),
        Difficulty(
            "UBND-178",
            "II.2.k.2",
            f"Hợp tác xã thiếu vốn đối ứng, ngân sách thành phố chưa cân đối được {_INVENTED}",
            date(2021, 7, 6),
            (
                _forwarded(date(2021, 7, 20), "231/SKHĐT-KTTT"),
                _answered(date(2021, 8, 30), "1012/UBND-KT", "Giao Sở Tài chính bố trí vốn đối ứng."),
                _closed(date(2021, 10, 5), "UBND-178", "Đã được bố trí vốn đối ứng."),
            ),
        ),
        Difficulty(
            "SNNPTNT",
            "II.2.c.3",
            f"Chưa có hướng dẫn quyết toán hỗ trợ liên kết theo chuỗi giá trị {_INVENTED}",
            date(2021, 10, 12),
            (_forwarded(date(2021, 10, 25), "340/SKHĐT-KTTT"),),
        ),
        Difficulty(
            "LMHTX",
            "II.5.b.2",
            f"Chưa có mặt bằng để trưng bày, bán sản phẩm của hợp tác xã {_INVENTED}",
            date(2021, 11, 8),
            (),
        ),
    ]
