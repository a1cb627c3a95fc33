"""Kernels that start at once: a provisioner for Jupyter over the fork server, and the kernelspec that names it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_client.provisioning import LocalProvisioner

from baksos_eval.batch.children import CAN_FORK, Child, ChildLost, child

if TYPE_CHECKING:
    from ipykernel.kernelapp import IPKernelApp

NAME = "baksos"
PROVISIONER = "baksos-warm"
_LAUNCHER = "ipykernel_launcher"
_BOUND = b"bound"
_SECONDS_TO_BIND = 10


def run_kernel(line: Connection, request: Mapping[str, Any]) -> None:
    """Is a kernel until it is shut down; says when its sockets are there."""
    os.environ["JPY_PARENT_PID"] = str(os.getppid())  # the fork server: a kernel ends with its parent
    sys.argv = [_LAUNCHER, *request["arguments"]]
    kernel_app(lambda: line.send_bytes(_BOUND)).launch_instance(argv=request["arguments"])


def kernel_app(on_bound: Callable[[], None]) -> type[IPKernelApp]:
    """The application that ``ipykernel_launcher`` is, but that it starts sooner and tells when others may connect to it."""
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    class WarmKernelApp(IPKernelApp):
        def parse_command_line(self, argv: list[str] | None = None) -> None:
            if argv is None or argv[:-1] != ["-f"]:
                super().parse_command_line(argv)
                return
            self.argv, self.extra_args = list(argv), []     # what every Jupyter says needs no parser of all options
            self.cli_config = Config({"IPKernelApp": {"connection_file": argv[1]}})
            self.update_config(self.cli_config)

        def init_sockets(self) -> None:
            super().init_sockets()
            on_bound()

    return WarmKernelApp


class WarmProvisioner(LocalProvisioner):
    """Gives Jupyter kernels of this very Python that have imported everything; any other kernel is started as usual."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """The connection of a kernel that runs."""
        if not (CAN_FORK and cmd[1:3] == ["-m", _LAUNCHER] and _is_this_python(cmd[0])):
            return await super().launch_kernel(cmd, **kwargs)
        try:
            ready = child().ask("kernel", kwargs.get("cwd"), kwargs.get("env"), arguments=cmd[3:])
            await asyncio.to_thread(ready.receive, _SECONDS_TO_BIND)    # who connects earlier than that, tries again only after a tenth of a second
        except ChildLost:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = _Process(ready)
        self.pid = self.pgid = ready.pid
        self.cwd = kwargs.get("cwd", Path.cwd())
        return self.connection_info


class _Process:
    """A kernel as :class:`subprocess.Popen` would show it."""

    stdin = stdout = stderr = None

    def __init__(self, ready: Child) -> None:
        self._ready, self.pid, self.returncode = ready, ready.pid, None

    def poll(self) -> int | None:
        """The exit code, or ``None`` while it runs: its connection ends with it, and how it ended is not known."""
        try:
            while self.returncode is None and self._ready.receive(0) is not None:
                pass
        except ChildLost:
            self.returncode = 0
            self._ready.line.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Waits until it has ended."""
        with contextlib.suppress(ChildLost):
            while self.returncode is None and self._ready.receive(timeout) is not None:
                pass
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Sends a signal to the kernel and what it has started."""
        if self.poll() is None:
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """Ends it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)


def install() -> Path:
    """Installs the kernelspec for this Python's environment (for the user where there is none); returns its folder."""
    spec = {"argv": [sys.executable, "-m", _LAUNCHER, "-f", "{connection_file}"], "display_name": "baksos (Python 3)", "language": "python",
            "metadata": {"debugger": True, "supported_encryption": "curve", "kernel_provisioner": {"provisioner_name": PROVISIONER}}}
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "kernel.json").write_text(json.dumps(spec, indent=1) + "\n", encoding="utf-8")
        where: dict[str, Any] = {"prefix": sys.prefix} if sys.prefix != sys.base_prefix else {"user": True}
        return Path(KernelSpecManager().install_kernel_spec(name, NAME, **where))


def remove() -> Path | None:
    """Removes the kernelspec; returns the folder it was in, or ``None`` if there was none."""
    with contextlib.suppress(NoSuchKernel, KeyError, OSError):
        return Path(KernelSpecManager(ensure_native_kernel=False).remove_kernel_spec(NAME))
    return None


def _is_this_python(command: str) -> bool:
    return Path(command).name.startswith("python") and (Path(command) == Path(sys.executable) or not Path(command).is_absolute())
