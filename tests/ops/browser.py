"""Drive a headless Chromium over its debugging protocol, for pictures and probes."""

import base64
import contextlib
import json
import shutil
import subprocess
import tempfile
import time
from urllib.request import urlopen

import websocket

SIZES = {"desktop": (1400, 900, False), "phone": (390, 844, True)}
_WAIT_SECONDS = 30
# A promise of whether a selector finds something within so many milliseconds.
_SHOWS = """new Promise((resolve) => {
    const selector = %s;
    const find = () => document.querySelector(selector);
    if (find()) {
        resolve(true);
        return;
    }
    const end = (found) => {
        observer.disconnect();
        clearTimeout(timer);
        resolve(found);
    };
    const observer = new MutationObserver(() => find() && end(true));
    const timer = setTimeout(() => end(false), %s);
    observer.observe(document, { attributes: true, childList: true, subtree: true });
})"""
_SETTLES = """(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await document.fonts.ready;
    // One that is lazy and out of sight is never fetched.
    const images = [...document.images].filter((image) => image.loading !== "lazy");
    await Promise.all(images.map((image) => image.decode().catch(() => {})));
    await frame();
    const ending = document.getAnimations().filter(
        (one) => Number.isFinite(one.effect.getComputedTiming().endTime)
    );
    await Promise.all(ending.map((one) => one.finished.catch(() => {})));
    await frame();
})()"""


class Browser:
    """One page of a Chromium with a profile of its own.

    Use it as a context manager: the process and the profile go away with it.
    """

    def __init__(self, size="desktop"):
        self.profile = tempfile.mkdtemp(prefix="cr-browser-")
        self.process = subprocess.Popen(
            [
                shutil.which("chromium") or "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--lang=zh-CN",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                f"--user-data-dir={self.profile}",
                "about:blank",
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        self.messages = 0
        self.console = []
        self.socket = websocket.create_connection(
            self._find_page(), timeout=_WAIT_SECONDS
        )
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        # Odoo shows times by the browser's clock; a store's desk stands in China.
        self.send("Emulation.setTimezoneOverride", timezoneId="Asia/Shanghai")
        self.resize(size)

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self.socket.close()
        self.process.terminate()
        self.process.wait(timeout=10)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _find_page(self):
        """Return the debugging address of the first page."""
        for line in self.process.stderr:
            if "DevTools listening on" in line:
                port = line.rsplit(":", 1)[1].split("/")[0]
                break
        else:
            raise RuntimeError("Chromium did not start")
        with urlopen(
            f"http://127.0.0.1:{port}/json", timeout=_WAIT_SECONDS
        ) as answer:
            pages = json.load(answer)
        return next(p["webSocketDebuggerUrl"] for p in pages if p["type"] == "page")

    def send(self, method, **params):
        """Send one command and return its result; note what the console says."""
        self.messages += 1
        number = self.messages
        self.socket.send(
            json.dumps({"id": number, "method": method, "params": params})
        )
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message.get("result", {})
            self._note(message)

    def _note(self, event):
        """Keep errors of the console and of the scripts."""
        params = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            text = details.get("exception", {}).get("description", details["text"])
            self.console.append(text)
        elif event.get("method") == "Runtime.consoleAPICalled":
            if params["type"] == "error":
                self.console.append(
                    " ".join(str(arg.get("value")) for arg in params["args"])
                )
        elif event.get("method") == "Page.javascriptDialogOpening":
            self.socket.send(
                json.dumps(
                    {
                        "id": 0,
                        "method": "Page.handleJavaScriptDialog",
                        "params": {"accept": True},
                    }
                )
            )

    def resize(self, size):
        """Take the size of a desk screen or of a telephone."""
        width, height, is_mobile = SIZES[size]
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=is_mobile,
        )
        self.send("Emulation.setTouchEmulationEnabled", enabled=is_mobile)

    def run(self, expression):
        """Return the value of a JavaScript expression; promises are awaited."""
        result = self.send(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"]["exception"]["description"])
        return result["result"].get("value")

    def wait(self, selector, seconds=_WAIT_SECONDS):
        """Wait until a selector finds something; the page says when it does."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            # A page that is replaced takes its promise along; the next one is asked.
            with contextlib.suppress(RuntimeError):
                if self.run(_SHOWS % (json.dumps(selector), int(left * 1000))):
                    return
        raise TimeoutError(f"{selector} did not show: {self.console[-3:]}")

    def settle(self):
        """Let fonts, pictures and animations that end come to their end."""
        self.run(_SETTLES)

    def click(self, selector):
        """Click the first element a selector finds."""
        self.wait(selector)
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def press(self, key, code=None):
        """Press and release one key."""
        codes = {"Enter": 13, "Escape": 27}
        number = codes.get(key) or ord(key.upper())
        for kind in ("keyDown", "keyUp"):
            params = {"type": kind, "key": key, "windowsVirtualKeyCode": number}
            if kind == "keyDown":
                params["text"] = "\r" if key == "Enter" else key if len(key) < 2 else ""
            self.send("Input.dispatchKeyEvent", code=code or key, **params)

    def open(self, url):
        """Open an address and wait for the document."""
        self.send("Page.navigate", url=url)
        self.wait("body")

    def login(self, base, login, password):
        """Sign in to Odoo."""
        self.open(f"{base}/web/login")
        self.wait("form.oe_login_form")
        self.run(
            "(() => { const form = document.querySelector('form.oe_login_form');"
            f"form.login.value = {json.dumps(login)};"
            f"form.password.value = {json.dumps(password)};"
            "form.submit(); })()"
        )
        self.wait(".o_web_client .o_main_navbar")

    def shot(self, path):
        """Write a picture of what is seen."""
        data = self.send("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as picture:
            picture.write(base64.b64decode(data))
