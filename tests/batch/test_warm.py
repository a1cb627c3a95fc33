"""Notebooks in ready processes: the same outputs as in a kernel, and nothing of one notebook in the next."""

from __future__ import annotations

import builtins
import json
import marshal
import os
import re
import signal
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy
import papermill
import pytest
from IPython.core.interactiveshell import InteractiveShell

from baksos_eval.batch import children, warming
from baksos_eval.batch.children import CAN_FORK, ChildLost, Source, Spares
from baksos_eval.batch.engine import WarmEngine
from baksos_eval.batch.notebook import Executed, execute
from baksos_eval.batch.shell import as_json
from tests.batch.small import cell
from tests.batch.unwarmed import UnwarmedForks, divide, end_at_once, wait_for_work

ROOT = Path(__file__).parents[2]
GIVEN = {"study_folder": "x", "rt": "RT 04", "language": "id", "results_folder": ""}
needs_fork = pytest.mark.skipif(not CAN_FORK, reason="this system has no fork")

EVERYTHING = (
    "print('satu'); import sys; print('dua', file=sys.stderr); rt",
    "import pandas as pd; from IPython.display import HTML, Image, Markdown, clear_output, display, update_display\npd.DataFrame({'n': range(100), 'x': [.1] * 100})",
    "display(HTML('<b>tebal</b>'), Markdown('*miring*'), {'a': 1}, display_id='tanda'); update_display('baru', display_id='tanda')",
    "print('hilang'); clear_output(); print('tinggal')",
    "import matplotlib; matplotlib.rcParams['figure.dpi'] = 40\nimport matplotlib.pyplot as plt\nplt.plot([1, 3, 2]); plt.title('gambar')",
    "%matplotlib inline\nfig, axes = plt.subplots(1, 2); axes[0].bar([1, 2], [3, 4]); fig",
    "import asyncio; await asyncio.sleep(0); asyncio.get_running_loop().is_running(), __name__",
    "[pd.get_option(name) for name in ('display.max_columns', 'display.width', 'display.notebook_repr_html')], matplotlib.get_backend()",
    "'zmq' in str(type(get_ipython())).lower(), 'IPKernelApp' in get_ipython().config, sys.stdout.isatty(), sys.stdin.read()",
    "!echo kulit\n%time 1\nx = !echo a\nx",
    "import warnings; warnings.warn('hati-hati'); warnings.warn('hati-hati')",
    "_, Out[1], In[1], len(In)",
    "class Aneh:\n    def _repr_html_(self): raise ValueError('tak bisa ditampilkan')\nprint(1)",
    "def dalam(n): return n / 0\ndef luar(): return dalam(3)\nluar()",
)


def shown(executed: Executed) -> list[tuple[Any, ...]]:
    """What every cell shows, without colours, places in memory and times."""
    def plain(value: Any) -> Any:
        if isinstance(value, str):
            value = re.sub(r"\x1b\[[0-9;]*m", "", value)
            return re.sub(r"0x[0-9a-f]{8,}|ipykernel_\d+/\d+\.py|(CPU times|Wall time):.*", "…", value)
        if isinstance(value, list):
            return [plain(entry) for entry in value]
        return {key: plain(entry) for key, entry in value.items()} if isinstance(value, dict) else value

    return [(c.execution_count, plain(c.outputs)) for c in executed.notebook.cells if c.cell_type == "code"]


@pytest.mark.parametrize("cells", [EVERYTHING, ("def", "1"), ("import sys; sys.exit(2)",), ("raise KeyboardInterrupt",)],
                         ids=["everything", "syntax", "exit", "interrupt"])
def test_a_ready_process_shows_what_a_kernel_shows(notebook: Callable[..., Path], tmp_path: Path, cells: tuple[str, ...]) -> None:
    path = notebook(*map(cell, cells))
    warm, cold = (execute(path, GIVEN, tmp_path, engine) for engine in ("warm", "cold"))
    for source, ours, theirs in zip(("", "", *cells), shown(warm), shown(cold), strict=True):
        assert ours == theirs, source
    assert warm.notebook.metadata == {**cold.notebook.metadata, "papermill": warm.notebook.metadata.papermill}
    assert (warm.failure is None, warm.said) == (cold.failure is None, cold.said)
    if warm.failure:
        assert (warm.failure.code, warm.failure.details, warm.stopped) == (cold.failure.code, cold.failure.details, cold.stopped)


class _Word(str):
    """A text that is not quite a plain one."""


@pytest.mark.parametrize("value", [
    {"text/plain": "a\ud800", "n": [1, 2.5, True, None, float("nan")], "t": ("x", ("y",))}, {1: "satu", None: {"dalam": (1,)}}, _Word("kata"),
    [datetime(2021, 8, 4, 10), date(2021, 8, 4), Path("a"), {_Word("k"): _Word("v")}], numpy.float64(0.5)], ids=["plain", "keys", "text", "others", "number"])
def test_what_is_shown_travels_as_json_would_carry_it(value: Any) -> None:
    carried = json.loads(json.dumps(value, default=lambda other: other.isoformat() if isinstance(other, date) else str(other)))
    assert repr(as_json(value)) == repr(carried)
    assert repr(marshal.loads(marshal.dumps(as_json(value)))) == repr(carried)


@needs_fork
def test_a_cell_that_writes_to_the_line_between_the_processes_ends_its_kernel(notebook: Callable[..., Path], tmp_path: Path) -> None:
    meddle = "import gc; from multiprocessing.connection import Connection\nfor line in [o for o in gc.get_objects() if isinstance(o, Connection)]: line.send_bytes(b'xx')"
    executed = execute(notebook(cell("import gc; gc.unfreeze()"), cell(meddle)), GIVEN, tmp_path)
    assert executed.failure is not None and executed.failure.code == "kernel_died"


def test_what_other_programs_print_is_kept_and_nobody_can_be_asked(notebook: Callable[..., Path], tmp_path: Path) -> None:
    path = notebook(cell("import os; print('satu', flush=True); os.system('echo dua'); print('tiga')"), cell("input('Nama?')"))
    executed = execute(path, GIVEN, tmp_path)
    first, second = (c.outputs[-1] for c in executed.notebook.cells if c.get("outputs"))
    assert sorted(first.text.split()) == ["dua", "satu", "tiga"]
    assert (second.ename, second.evalue) == ("StdinNotImplementedError", "raw_input was called, but this frontend does not support input requests.")


PLANTED = {
    "variables": ("planted = 1", "'planted' in globals()", "False"),
    "modules": ("import sys; sys.modules['planted'] = 1; sys.path.append('planted')", "import sys; ('planted' in sys.modules, 'planted' in sys.path)", "(False, False)"),
    "rcParams": ("import matplotlib; matplotlib.rcParams['lines.linewidth'] = 99", "import matplotlib; matplotlib.rcParams['lines.linewidth'] == 99", "False"),
    "pandas options": ("import pandas; pandas.set_option('display.max_rows', 3)", "import pandas; pandas.get_option('display.max_rows')", "60"),
    "numpy errors": ("import numpy; numpy.seterr(all='raise')", "import numpy; numpy.geterr()['divide']", "'warn'"),
    "monkeypatches": ("import math; math.sqrt = print\nfrom baksos_eval.stats import paired; paired.np = None", "import math; from baksos_eval.stats import paired; (math.sqrt(4), paired.np is None)",
                      "(2.0, False)"),
    "working directory": ("import os; os.chdir('/')", "import os; os.path.basename(os.getcwd())", "'second'"),
    "environment": ("import os; os.environ['PLANTED'] = '1'", "import os; 'PLANTED' in os.environ", "False"),
    "warning filters": ("import warnings; warnings.simplefilter('error')", "import warnings; warnings.warn('x'); [f for f in warnings.filters if f[0] == 'error']", "[]"),
    "display formatters": ("get_ipython().display_formatter.formatters['text/plain'].for_type(int, lambda value, p, c: p.text('planted'))", "4", "4"),
    "builtins": ("import builtins; builtins.planted = 1; builtins.ascii = None", "import builtins; (hasattr(builtins, 'planted'), ascii(0))", "(False, '0')"),
    "words of errors": ("from baksos_eval.report.problems import speak_in_notebooks; speak_in_notebooks('id')",
                        "from baksos_eval.errors import BaksosError; hasattr(BaksosError, '_render_traceback_')", "False"),
    "signals": ("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)", "import signal; signal.getsignal(signal.SIGINT) is signal.default_int_handler", "True"),
}


def last(executed: Executed) -> str:
    assert executed.failure is None, executed.notebook.cells[-1]
    return executed.notebook.cells[-1].outputs[-1]["data"]["text/plain"]


@pytest.mark.parametrize("state", PLANTED)
def test_nothing_of_one_notebook_is_in_the_next(notebook: Callable[..., Path], tmp_path: Path, state: str) -> None:
    plant, look, expected = PLANTED[state]
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    assert execute(notebook(cell(plant)), GIVEN, tmp_path / "first").failure is None
    assert last(execute(notebook(cell(look)), GIVEN, tmp_path / "second")) == expected


@pytest.mark.parametrize("draw", ["import random; random.random()", "import numpy; numpy.random.random()", "import numpy; numpy.random.default_rng().random()",
                                  "import uuid; str(uuid.uuid4())", "import os; os.urandom(8)"])
def test_chance_is_fresh_in_every_notebook(notebook: Callable[..., Path], tmp_path: Path, draw: str) -> None:
    seeded = notebook(cell("import random, numpy; random.seed(1); numpy.random.seed(1)"), cell(draw))
    execute(seeded, GIVEN, tmp_path)
    path = notebook(cell(draw))
    assert last(execute(path, GIVEN, tmp_path)) != last(execute(path, GIVEN, tmp_path))


def test_plain_papermill_runs_with_the_engine(notebook: Callable[..., Path], tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    entry = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]["papermill.engine"]
    assert entry == {"baksos": f"{WarmEngine.__module__}:{WarmEngine.__qualname__}"}
    path = notebook(cell("rt"), cell("print('sesudah')"))
    papermill.execute_notebook(path, tmp_path / "out.ipynb", parameters={"rt": "RT 07"}, engine_name="baksos", progress_bar=False)
    done = papermill.iorw.load_notebook_node(str(tmp_path / "out.ipynb"))
    assert [c.outputs[0].get("text") or c.outputs[0]["data"]["text/plain"] for c in done.cells if c.cell_type == "code" and c.outputs] == ["'RT 07'", "sesudah\n"]
    for noted in (c.metadata.papermill for c in done.cells):
        begun, ended = (datetime.fromisoformat(noted[name]) for name in ("start_time", "end_time"))
        assert noted.duration == (ended - begun).total_seconds() >= 0 and noted.status == "completed"
    assert done.metadata.papermill.exception is None and done.metadata.language_info.name == "python"


def test_warming_up_touches_everything() -> None:
    code = "from baksos_eval.batch.warming import warm_up; import sys; print(warm_up(), 'matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    assert (done.stdout, done.stderr) == ("[] False\n", "")


def test_warming_up_leaves_the_process_as_it_was() -> None:
    def state() -> tuple[object, ...]:
        return (list(__import__("warnings").filters), os.getcwd(), dict(os.environ), set(vars(builtins)), list(sys.path), sys.modules["__main__"], sys.displayhook, sys.excepthook,
                threading.active_count(), InteractiveShell.initialized())

    assert warming.warm_up() == []      # imports stay, and what they set
    before = state()
    assert warming.warm_up() == []
    assert state() == before


def test_addresses_are_checked_by_a_grammar_that_is_read_at_its_first_use() -> None:
    code = ("from baksos_eval.batch.warming import warm_up; import sys; warm_up(); import jsonschema; print('lark' in sys.modules, 'rfc3987_syntax' in sys.modules)\n"
            "iri = jsonschema.validators.Draft202012Validator({'format': 'iri'}, format_checker=jsonschema.validators.Draft202012Validator.FORMAT_CHECKER)\n"
            "print([iri.is_valid(text) for text in ('https://contoh.id/été', 'bukan alamat')], 'lark' in sys.modules)\n"
            "import rfc3987_syntax; print(rfc3987_syntax.is_valid_syntax('iri', 'x:y'), rfc3987_syntax.__file__ is not None)")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines() == ["False False", "[True, False] True", "True True"]


def test_what_fails_in_the_rehearsal_is_told_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise OSError

    monkeypatch.setattr("baksos_eval.batch.shell._shell", refuse)
    assert warming.warm_up() == ["shell: OSError"]


# --- the processes


@pytest.fixture(params=[pytest.param(UnwarmedForks, marks=needs_fork), Spares], scope="module")
def source(request: pytest.FixtureRequest) -> Iterator[Source]:
    with pytest.MonkeyPatch.context() as unwarmed:
        unwarmed.setattr(children, "_wait_for_work", wait_for_work)
        made = request.param()
        yield made
        made.stop()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not (Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z")


def gone(pid: int) -> bool:
    for _ in range(100):
        if not alive(pid):
            return True
        time.sleep(0.1)
    return False


def test_a_call_comes_back_with_its_result_or_its_error(source: Source) -> None:
    with source.child() as first, source.child() as second:
        assert (first.call(divide, 3, 2), second.call(divide, 1, 4)) == (1.5, 0.25)
        assert first.pid != second.pid != os.getpid()
    with source.child() as child, pytest.raises(ZeroDivisionError):
        child.call(divide, 1, 0)


def test_a_child_that_ends_is_noticed(source: Source) -> None:
    with source.child() as child, pytest.raises(ChildLost):
        child.call(end_at_once)


@needs_fork
@pytest.mark.parametrize("end", ["leave", "stop", "kill the server", "kill the starter"])
def test_nothing_is_left_of_a_child(tmp_path: Path, end: str) -> None:
    mark = tmp_path / "mark"
    code = ("import sys, threading, os\nfrom tests.batch.unwarmed import UnwarmedForks, call_and_forget\n"
            f"forks = UnwarmedForks(); child = forks.child(); threading.Thread(target=call_and_forget, args=(child, {str(mark)!r}), daemon=True).start()\n"
            "print(forks.server.pid, flush=True)\nwhat = sys.stdin.readline().strip()\n"
            "child.kill() if what == 'leave' else forks.stop()\nprint('done', flush=True)\nsys.stdin.readline(); os._exit(0)")
    starter = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        server = int(starter.stdout.readline())
        for _ in range(600):
            if mark.exists():
                break
            time.sleep(0.1)
        child, helper = map(int, mark.read_text().split())
        assert alive(child) and alive(helper)
        if end == "kill the server":
            os.kill(server, signal.SIGKILL)
        elif end == "kill the starter":
            starter.kill()
        else:
            starter.stdin.write(end + "\n")
            starter.stdin.flush()
            assert starter.stdout.readline() == "done\n"
        assert gone(child) and gone(helper)
        if end != "leave":
            assert gone(server)
    finally:
        starter.kill()
        starter.communicate()


@needs_fork
def test_a_fork_server_that_died_is_replaced() -> None:
    forks = UnwarmedForks()
    try:
        forks.server.kill()
        forks.server.wait()
        with forks.child() as child:
            assert child.call(divide, 1, 2) == 0.5
    finally:
        forks.stop()


@needs_fork
def test_a_server_ends_with_its_starter_also_while_it_gets_ready() -> None:
    server = subprocess.Popen([sys.executable, "-m", "baksos_eval.batch.forkserver"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    folder = Path(server.stdout.readline().strip()).parent
    server.stdin.close()
    assert server.wait(60) == 0 and not folder.exists()
    server.stdout.close()


@needs_fork
def test_a_process_with_threads_is_not_forked() -> None:
    code = ("import threading, time, sys\nfrom baksos_eval.batch import forkserver\nforkserver.warm_up = lambda between: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
            "forkserver.main()")
    server = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with children._connect(server.stdout.readline().strip()) as child, pytest.raises(ChildLost):
        child.call(divide, 1, 2)
    assert "more than one thread" in server.communicate(timeout=60)[1]
