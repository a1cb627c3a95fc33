"""A real browser, driven as a person would: clicks where things are, files through the dialog. Speaks Chromium's own protocol, so no driver is needed."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import websocket

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_FIND = """(() => {
  const seen = e => { const b = e.getBoundingClientRect(); return b.width > 0 && b.height > 0; };
  const all = [...document.querySelectorAll(%s)].filter(e => seen(e) && (e.innerText || e.value || '').trim().startsWith(%s));
  const found = all[0];
  if (!found) return null;
  found.scrollIntoView({block: 'center'});
  const box = found.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
})()"""


def find_browser() -> str | None:
    """The browser to use: the one named in ``BAKSOS_BROWSER``, else the first that is installed."""
    return os.environ.get("BAKSOS_BROWSER") or next((path for path in map(shutil.which, BROWSERS) if path), None)


class Page:
    """One tab."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket, self._number = socket, 0
        self.choosing: int | None = None
        self.asked: list[str] = []
        self.answered: list[str] = []
        for domain in ("Page", "Runtime", "DOM", "Network"):
            self.call(f"{domain}.enable")
        self.call("Page.setInterceptFileChooserDialog", enabled=True)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What the browser answers."""
        number = self._send(method, parameters)
        while True:
            said = json.loads(self._socket.recv())
            if said.get("method") == "Page.javascriptDialogOpening":  # "Leave the page?", which would wait for ever
                self._send("Page.handleJavaScriptDialog", {"accept": True})
            if said.get("method") == "Page.fileChooserOpened":
                self.choosing = said["params"]["backendNodeId"]
            if said.get("method") == "Network.requestWillBeSent":
                self.asked.append(said["params"]["request"]["url"])
            if said.get("method") == "Network.responseReceived":
                self.answered.append(said["params"]["response"]["url"])
            if said.get("id") == number:
                if "error" in said:
                    raise RuntimeError(f"{method}: {said['error']['message']}")
                return said["result"]

    def _send(self, method: str, parameters: dict[str, Any]) -> int:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        return self._number

    def evaluate(self, script: str) -> Any:
        """The value of a piece of JavaScript."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"]))
        return result["result"].get("value")

    def open(self, address: str) -> None:
        self.call("Page.navigate", url=address)

    def wait(self, script: str, seconds: float = 60) -> Any:
        """The first value of a piece of JavaScript that is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(RuntimeError):  # the page is just being replaced
                if value := self.evaluate(f"(value => value instanceof Node ? true : value)({script})"):
                    return value
            time.sleep(0.2)
        raise AssertionError(f"waited {seconds} s in vain for {script}\n{self.text()[-3000:]}")

    def text(self) -> str:
        """All words that can be read."""
        return self.evaluate("document.body.innerText")

    def wait_for(self, words: str, seconds: float = 60) -> None:
        """Waits until these words can be read."""
        self.wait(f"document.body.innerText.includes({json.dumps(words)})", seconds)

    def click(self, selector: str, text: str = "", seconds: float = 60) -> None:
        """Clicks the first visible element with that beginning, with the mouse."""
        x, y = self.wait(_FIND % (json.dumps(selector), json.dumps(text)), seconds)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def upload(self, selector: str, text: str, files: list[Path]) -> None:
        """Clicks a button that opens the dialog for files, and chooses these."""
        self.choosing = None
        self.click(selector, text)
        for _ in range(50):
            if self.choosing is not None:
                break
            time.sleep(0.1)
            self.evaluate("1")
        assert self.choosing is not None, "no dialog for files was opened"
        self.call("DOM.setFileInputFiles", files=[str(file) for file in files], backendNodeId=self.choosing)

    def choose(self, label: str, option: str) -> None:
        """Chooses an option (by its beginning) of the dropdown with this label."""
        done = self.wait(f"""(() => {{
          const plain = text => text.replaceAll('\\u00a0', ' ').trim();
          const row = [...document.querySelectorAll('.widget-dropdown')].find(e => plain(e.innerText).startsWith({json.dumps(label)}));
          const select = row && row.querySelector('select');
          const found = select && [...select.options].find(o => plain(o.text).startsWith({json.dumps(option)}));
          if (!found) return false;
          select.value = found.value; select.dispatchEvent(new Event('change', {{bubbles: true}})); return true; }})()""")
        assert done

    def picture(self, path: Path) -> None:
        """Writes what can be seen."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))


@contextlib.contextmanager
def open_browser(browser: str, width: int = 1280, height: int = 1600) -> Iterator[Page]:
    """A tab of a browser of its own, with a profile that is thrown away."""
    profile = Path(tempfile.mkdtemp(prefix="baksos-browser-"))
    arguments = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                 "--disable-dev-shm-usage", "--remote-debugging-port=0", "--remote-allow-origins=*", f"--window-size={width},{height}", f"--user-data-dir={profile}")
    process = subprocess.Popen([browser, *arguments, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        port_file = profile / "DevToolsActivePort"
        for _ in range(300):
            if port_file.is_file() and port_file.read_text(encoding="utf-8").strip():
                break
            time.sleep(0.1)
        port = port_file.read_text(encoding="utf-8").split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=30) as answer:
            target = next(entry for entry in json.load(answer) if entry["type"] == "page")
        socket = websocket.create_connection(target["webSocketDebuggerUrl"], timeout=120)
        try:
            yield Page(socket)
        finally:
            socket.close()
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(profile, ignore_errors=True)
