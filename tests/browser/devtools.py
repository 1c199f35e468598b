"""A headless Chromium spoken to over a pipe, in its DevTools protocol; needs no library."""

from __future__ import annotations

import base64
import fcntl
import itertools
import json
import os
import select
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--hide-scrollbars", "--remote-debugging-pipe"),
)
SECONDS = 60.0


def find_chromium() -> str | None:
    """Return the path of a Chromium, or None."""
    return next((found for found in map(shutil.which, NAMES) if found), None)


class Browser:
    """One Chromium with one page.

    Attributes
    ----------
    requests : list of str
        Addresses that the page has asked for.
    errors : list of str
        Exceptions and console errors of the page's scripts.
    """

    def __init__(self, program: str) -> None:
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        commands, self._write = os.pipe()
        self._read, answers = os.pipe()
        # Chromium reads commands from descriptor 3 and answers on 4; copies above them cannot
        # be in each other's way.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (commands, answers)]
        self._pid = os.posix_spawn(
            program,
            [program, *FLAGS, f"--user-data-dir={self._folder.name}"],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, ends[0], 3),
                (os.POSIX_SPAWN_DUP2, ends[1], 4),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
        )
        for end in (commands, answers, *ends):
            os.close(end)
        self._buffer, self._numbers, self._session = b"", itertools.count(1), ""
        self.requests: list[str] = []
        self.errors: list[str] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self.send(f"{domain}.enable")

    def close(self) -> None:
        """End the browser and delete its folder."""
        os.close(self._write)
        os.kill(self._pid, signal.SIGTERM)
        os.waitpid(self._pid, 0)
        os.close(self._read)
        self._folder.cleanup()

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        answer = self._until(lambda told: told.get("id") == number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def _until(self, wanted: Any) -> dict[str, Any]:
        deadline = time.monotonic() + SECONDS
        while True:
            while b"\0" in self._buffer:
                part, _, self._buffer = self._buffer.partition(b"\0")
                told = json.loads(part)
                self._note(told)
                if wanted(told):
                    return told
            ready, _, _ = select.select([self._read], [], [], max(deadline - time.monotonic(), 0))
            if not ready:
                raise TimeoutError(f"Chromium did not answer within {SECONDS:g} s")
            content = os.read(self._read, 1 << 20)
            if not content:
                raise RuntimeError("Chromium ended")
            self._buffer += content

    def _note(self, told: dict[str, Any]) -> None:
        method, parameters = told.get("method"), told.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.errors.append(parameters["exceptionDetails"]["text"])
        elif method == "Runtime.consoleAPICalled" and parameters["type"] == "error":
            self.errors.append(str(parameters["args"]))

    def open(
        self, page: Path | str, *, width: int = 1280, height: int = 900, dark: bool = False
    ) -> None:
        """Open a file or an address and wait until it is loaded."""
        self.requests, self.errors = [], []
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)  # fmt: skip
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])
        # Else an address that differs behind its # alone would load nothing.
        self.send("Page.navigate", url="about:blank")
        self._until(lambda told: told.get("method") == "Page.loadEventFired")
        address = page if isinstance(page, str) else page.resolve().as_uri()
        self.send("Page.navigate", url=address)
        self._until(lambda told: told.get("method") == "Page.loadEventFired")

    def run(self, script: str) -> Any:
        """Evaluate JavaScript in the page and return its value."""
        done = self.send("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in done:
            raise RuntimeError(done["exceptionDetails"]["exception"]["description"])
        return done["result"].get("value")

    def wait_for(self, script: str) -> Any:
        """Evaluate JavaScript again and again until its value is true, and return it."""
        deadline = time.monotonic() + SECONDS
        while not (value := self.run(script)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"within {SECONDS:g} s never true: {script}")
            time.sleep(0.1)
        return value

    def type(self, selector: str, text: str) -> None:
        """Type into a field and press Enter."""
        self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        self.send("Input.insertText", text=text)
        self.press("Enter", 13)

    def press(self, key: str, code: int) -> None:
        """Press and release a key, as a keyboard does."""
        common: dict[str, Any] = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        text = {"text": "\r"} if key == "Enter" else {}
        self.send("Input.dispatchKeyEvent", type="keyDown", **common, **text)
        self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    def screenshot(self, path: Path, *, whole: bool = False) -> None:
        """Write a PNG of the view, or of the whole page."""
        taken = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(taken["data"]))

    def pdf(self) -> bytes:
        """Return the page as printed."""
        printed = self.send("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
        return base64.b64decode(printed["data"])
