"""Chromium as tests use it: windows that know a key, and pictures of what is seen."""

from pathlib import Path

from playwright.async_api import Page

SHOTS = Path(__file__).parents[2] / "out" / "screenshots"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


async def signed_in(page: Page, key: str) -> Page:
    """A window that answers the browser's question for name and password."""
    browser = page.context.browser
    assert browser is not None
    return await browser.new_page(
        viewport={"width": 1280, "height": 1600}, http_credentials={"username": "lãnh đạo", "password": key}
    )


async def shot(page: Page, name: str, *, whole: bool = False) -> None:
    """A picture of what is seen, or of the whole page."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SHOTS / f"{name}.png", full_page=whole)
