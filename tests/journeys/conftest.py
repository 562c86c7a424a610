"""What journeys through pages share: a browser."""

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright

from tests.kit.browser import OPTIONS


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing (Debian: apt-get install chromium)"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield await browser.new_page(viewport={"width": 1280, "height": 1600})
        await browser.close()
