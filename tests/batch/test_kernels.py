"""Kernels over the fork server, as Jupyter starts, interrupts, restarts and ends them."""

from __future__ import annotations

import json
import os
import socket
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import KernelProvisionerFactory

from baksos_eval.batch import kernels
from baksos_eval.batch.children import CAN_FORK
from baksos_eval.batch.kernels import NAME, PROVISIONER, WarmProvisioner, install, kernel_app, remove

ROOT = Path(__file__).parents[2]


@pytest.fixture
def jupyter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Jupyter folders of its own."""
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "prefix" / "share" / "jupyter"))
    monkeypatch.setattr(kernels.sys, "prefix", str(tmp_path / "prefix"))
    return tmp_path


def test_the_kernel_is_installed_and_removed_when_asked_for(jupyter: Path) -> None:
    assert remove() is None
    folder = install()
    assert folder.is_relative_to(jupyter)
    assert Path(KernelSpecManager().find_kernel_specs()[NAME]) == folder
    spec = json.loads((folder / "kernel.json").read_text(encoding="utf-8"))
    assert spec["metadata"]["kernel_provisioner"] == {"provisioner_name": PROVISIONER} and "ipykernel_launcher" in spec["argv"]
    assert remove() == folder and not folder.exists()


def test_jupyter_finds_the_provisioner() -> None:
    entry = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]["jupyter_client.kernel_provisioners"]
    assert entry == {PROVISIONER: f"{WarmProvisioner.__module__}:{WarmProvisioner.__qualname__}"}


@pytest.fixture
def manager(jupyter: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KernelManager]:
    """A manager of our kernel; the provisioner is handed to it, since entry points need an installed package."""
    def create(factory: KernelProvisionerFactory, kernel_id: str, kernel_spec: KernelSpec, parent: object) -> WarmProvisioner:
        made = WarmProvisioner(kernel_id=kernel_id, kernel_spec=kernel_spec, parent=parent)
        return made

    monkeypatch.setattr(KernelProvisionerFactory, "create_provisioner_instance", create)
    monkeypatch.setattr(KernelProvisionerFactory, "is_provisioner_available", lambda *_: True)
    install()
    made = KernelManager(kernel_name=NAME, transport_encryption="auto")
    yield made
    if made.has_kernel:
        made.shutdown_kernel(now=True)


def answer(client: object, code: str) -> str:
    told: list[str] = []
    client.execute_interactive(code, timeout=120, output_hook=lambda message: told.append(message["content"].get("data", {}).get("text/plain", ""))
                               if message["msg_type"] == "execute_result" else told.append(message["content"].get("ename", "")))
    return "".join(told)


def gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(not CAN_FORK, reason="this system has no fork")
def test_a_kernel_lives_as_jupyter_wants_it(manager: KernelManager, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    manager.start_kernel(cwd=str(tmp_path / "folder"))
    pid = manager.provisioner.pid
    for port in (manager.shell_port, manager.iopub_port, manager.stdin_port, manager.control_port):      # who connects now is not refused
        socket.create_connection((manager.ip, port), timeout=5).close()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=120)
    assert answer(client, "import os, sys, pandas; x = 5; os.getpid(), os.path.basename(os.getcwd()), pandas.get_option('display.max_columns')") == f"({pid}, 'folder', 20)"
    assert manager.is_alive()

    client.execute("import time; time.sleep(60)")
    time.sleep(0.5)
    manager.interrupt_kernel()
    assert client.get_shell_msg(timeout=60)["content"]["ename"] == "KeyboardInterrupt"
    for _ in range(20):     # for a moment after an error a kernel refuses what was sent after it
        if found := answer(client, "x"):
            break
    assert found == "5"

    manager.restart_kernel(now=True)
    assert manager.provisioner.pid != pid and gone(pid)
    client.wait_for_ready(timeout=120)
    assert answer(client, "'x' in globals()") == "False"

    pid = manager.provisioner.pid
    client.stop_channels()
    manager.shutdown_kernel()
    assert gone(pid) and not manager.is_alive()


@pytest.mark.skipif(not CAN_FORK, reason="this system has no fork")
def test_a_kernel_that_dies_is_noticed(manager: KernelManager) -> None:
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=120)
    client.execute("import os; os._exit(4)")
    for _ in range(100):
        if not manager.is_alive():
            break
        time.sleep(0.1)
    assert not manager.is_alive()
    client.stop_channels()


def test_the_usual_arguments_are_understood_without_a_parser() -> None:
    made = []
    for app in (kernel_app(lambda: None), IPKernelApp):
        one = app()
        one.parse_command_line(["-f", "jalur ke/kernel-1.json"])
        made.append((one.argv, one.extra_args, one.cli_config, one.connection_file))
    assert made[0] == made[1]
    other = kernel_app(lambda: None)()
    other.parse_command_line(["--ip=127.0.0.1", "-f", "x.json"])
    assert (other.ip, other.connection_file) == ("127.0.0.1", "x.json")
