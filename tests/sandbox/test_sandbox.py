"""The sandbox, tried from inside: real kernels in real bubblewrap, as root and as an ordinary
user."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import InfrastructureError, SandboxUnavailable
from autograder.limits import Limits
from autograder.sandbox.bubblewrap import Sandbox, find_bwrap, find_program
from autograder.sandbox.provisioner import (
    SandboxProvisioner,
    probe_sandbox,
    start_sandboxed_kernel,
    stop_kernel,
)
from autograder.sandbox.runfolder import PREFIX, RunFolder, sweep
from autograder.sandbox.warden import Warden
from tests.conftest import ROOT
from tests.helpers.lab import LAB

MIB = 2**20
SMALL = Limits(memory_bytes=1024 * MIB, processes=64, file_bytes=16 * MIB, home_bytes=24 * MIB)
pytestmark = pytest.mark.skipif(
    shutil.which("bwrap") is None and not os.environ.get("CI"), reason="bubblewrap is not installed"
)


class Namespace:
    """The PID namespace of a process. It is held open: the kernel gives a number that was let go
    to the next namespace, and that may be a sandbox of a test beside this one."""

    def __init__(self, pid: int | str):
        self.handle = os.open(f"/proc/{pid}/ns/pid", os.O_RDONLY)

    def __del__(self):
        os.close(self.handle)

    def is_of(self, pid: int | str) -> bool:
        return os.path.samestat(os.stat(f"/proc/{pid}/ns/pid"), os.fstat(self.handle))

    def processes(self) -> list[int]:
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if self.is_of(entry.name):
                    found.append(int(entry.name))
            except OSError:
                pass
        return found


class Session:
    """One kernel, asked from plain code. `namespace`: its PID namespace, as seen from here."""

    def __init__(self, limits: Limits = SMALL, sandbox: str = "bwrap"):
        self.loop = asyncio.new_event_loop()
        self.km, self.kc = self.loop.run_until_complete(
            start_sandboxed_kernel(limits, sandbox=sandbox, surroundings=LAB)
        )
        self.provisioner = self.km.provisioner
        self.folder = self.provisioner.folder.path
        self.warden = getattr(self.provisioner, "warden", None)
        self.uid = getattr(self.provisioner, "uid", None)
        self.namespace = Namespace(self.warden._init_pid) if self.warden else None

    def ask(self, code: str, timeout: float = 30) -> str:
        """What the code prints, and the name and text of its error."""
        said = []

        def hook(message):
            content = message["content"]
            if message["msg_type"] not in ("stream", "error"):
                return
            said.append(
                content.get("text", "")
                or f"{content.get('ename', '')}: {content.get('evalue', '')}"
            )

        work = self.kc.execute_interactive(
            code, allow_stdin=False, output_hook=hook, timeout=timeout
        )
        self.loop.run_until_complete(work)
        return "".join(said)

    def value(self, code: str, expression: str):
        """The value of an expression after some code, through JSON."""
        said = self.ask(
            f"{code}\nimport json as _json\nprint('<<' + _json.dumps({expression}) + '>>')"
        )
        found = re.search("<<(.*)>>", said, re.DOTALL)
        assert found, said
        return json.loads(found[1])

    def send(self, code: str) -> None:
        """Run code that may end the kernel."""
        self.kc.execute(code)

    def wait_for_death(self, seconds: float = 20) -> None:
        assert self.warden.ended.wait(seconds), "the sandbox is still alive"

    def stop(self) -> float:
        began = time.monotonic()
        self.loop.run_until_complete(stop_kernel(self.km, self.kc))
        self.loop.close()
        return time.monotonic() - began


def assert_nothing_left(session: Session) -> None:
    assert session.namespace.processes() == []
    if os.geteuid() == 0:
        owners = [e.stat().st_uid for e in Path("/proc").glob("[0-9]*") if e.exists()]
        assert session.uid not in owners
    assert not session.folder.exists()
    assert str(session.folder) not in Path("/proc/mounts").read_text()
    assert "/run/ntk" not in Path("/proc/mounts").read_text()


@pytest.fixture(scope="module")
def shared():
    """A kernel for those who only look around."""
    os.environ["NTK_TEST_SECRET"] = "do-not-tell-0815"
    session = Session()
    yield session
    session.stop()
    del os.environ["NTK_TEST_SECRET"]
    assert_nothing_left(session)


@pytest.fixture
def session():
    session = Session()
    yield session
    assert session.stop() < 5
    assert_nothing_left(session)


def test_no_network(shared):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        said = shared.ask(f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)")
        assert "ConnectionRefusedError" in said or "unreachable" in said
    name = f"\0ntk-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        said = shared.ask(f"socket.socket(socket.AF_UNIX).connect({name!r})")
        assert "ConnectionRefusedError" in said
    assert "Address family not supported" in shared.ask("socket.socket(socket.AF_VSOCK)")


def test_sees_nothing_of_the_caller(shared, tmp_path):
    (tmp_path / "gradebook.db").write_text("do-not-tell-0815")
    paths = [
        tmp_path,
        ROOT / "autograder",
        ROOT / "tests",
        ROOT / "source",
        Path(__file__),
        Path.home() / ".cache",
    ]
    assert all(path.exists() for path in (paths[0], paths[1], paths[2], paths[4]))
    code = f"import os; seen = [p for p in {[str(p) for p in paths]!r} if os.path.exists(p)]"
    assert shared.value(code, "seen") == []
    code = (
        "import glob\n"
        "def read(path):\n"
        "    try: return open(path, 'rb').read()\n"
        "    except OSError: return b''\n"
        "told = [p for p in glob.glob('/proc/[0-9]*/environ') if b'0815' in read(p)]\n"
        "told += [k for k, v in os.environ.items() if '0815' in v]"
    )
    assert shared.value(code, "told") == []
    assert (
        shared.value(
            "", "[os.path.exists(p) for p in ('/sys', '/var', '/etc/passwd', '/dev/zero')]"
        )
        == [False] * 4
    )


def test_cannot_import_autograder(shared):
    assert "ModuleNotFoundError" in shared.ask("import autograder")
    assert "ModuleNotFoundError" in shared.ask("import autograder.checks")


def test_an_installed_autograder_is_masked(tmp_path, monkeypatch):
    site = tmp_path / "site-packages"
    (site / "autograder").mkdir(parents=True)
    (site / "autograder" / "__init__.py").write_text("ANSWER = 42\n")
    (site / "ntk_autograder-1.0.dist-info").mkdir()
    (site / "ntk_autograder-1.0.dist-info" / "RECORD").write_text("where the course is\n")
    (site / "__editable___ntk_autograder_1_0_finder.py").write_text(
        "MAPPING = 'where the course is'\n"
    )
    (site / "innocent.py").write_text("ANSWER = 1\n")
    monkeypatch.syspath_prepend(str(site))

    def main():
        look = (
            f"import sys; sys.path.insert(0, {str(site)!r}); import innocent, pathlib\n"
            "try:\n    import autograder\nexcept ModuleNotFoundError: pass\nelse: "
            "sys.exit('imported')\n"
            f"for p in pathlib.Path({str(site)!r}).rglob('*'):\n"
            "    if p.is_file() and 'course' in p.read_text(): sys.exit(f'{p} tells')\n"
            f"try:\n    open({str(site)!r} + '/autograder/__init__.py', 'w')\nexcept OSError: "
            "pass\n"
            "else: sys.exit('writable')\nsys.exit(7)"
        )
        sandbox = Sandbox(
            [sys.executable, "-c", look], SMALL, bwrap=find_bwrap(), binds=[str(site)]
        )
        warden = Warden(sandbox, SMALL)
        assert warden.ended.wait(20)
        return warden.returncode, warden.stderr

    assert main() == (7, "")


def test_helpers_are_readable_and_not_writable(shared):
    code = "import ntk_helpers, pathlib; home = pathlib.Path(ntk_helpers.__file__).parent"
    assert shared.value(code, "str(home)") == "/opt/lab/ntk_helpers"
    inside = shared.value(
        "", "sorted(p.name for p in home.rglob('*') if p.is_file() and len(p.read_bytes()) >= 0)"
    )
    assert "__init__.py" in inside
    assert "OSError" in shared.ask("(home / 'data.py').write_text('')")
    assert "OSError" in shared.ask("(home / 'new.py').write_text('')")


def test_writes_only_in_its_home(shared):
    code = (
        "import sys, os\n"
        "def writable(folder):\n"
        "    try:\n        open(os.path.join(folder, 'x'), 'w').close()\n        return True\n"
        "    except OSError: return False\n"
        "places = ['/', '/usr', '/usr/lib', '/etc', '/opt', '/opt/lab', '/run', '/dev', '/home', "
        "'/root', '/proc',\n"
        "          '/proc/sys/kernel', sys.prefix, sys.base_prefix, os.path.dirname(sys.prefix)]\n"
        "places = [p for p in places if not p.startswith('/tmp/')]  # the sandbox's own"
    )
    assert shared.value(code, "[p for p in places if writable(p)]") == []
    assert shared.value(
        "", "[writable('.'), writable('/tmp'), os.getcwd(), os.environ['HOME']]"
    ) == [
        True,
        True,
        "/home/lab",
        "/home/lab",
    ]


def test_proc_shows_only_its_own(shared):
    pids = shared.value("import os", "[int(p) for p in os.listdir('/proc') if p.isdigit()]")
    assert 1 in pids and len(pids) <= 3


def test_the_first_process_is_of_no_use(shared):
    """An ordinary user's kernel can write into its memory: it has no more than the kernel
    itself."""
    if os.geteuid() == 0:
        assert "PermissionError" in shared.ask("open('/proc/1/mem', 'rb')")
    else:
        limits = "open('/proc/{}/limits').read()"
        assert shared.value("", limits.format(1)) == shared.value("", limits.format("self"))
    status = shared.value(
        "", "dict(l.split(':\\t', 1) for l in open('/proc/1/status').read().splitlines())"
    )
    assert [int(status[name], 16) for name in ("CapEff", "CapPrm", "CapInh")] == [0, 0, 0]
    assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"


def test_no_privilege_and_no_new_namespace(shared):
    status = shared.value(
        "", "dict(l.split(':\\t', 1) for l in open('/proc/self/status').read().splitlines())"
    )
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[name], 16) == 0, name
    assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
    code = (
        "import ctypes, os; libc = ctypes.CDLL(None, use_errno=True)\ndef call(f, *a): return "
        "f(*a), ctypes.get_errno()"
    )
    for what in (
        "libc.unshare, 0x10000000",
        "libc.memfd_create, b'x', 0",
        "libc.ptrace, 0, 0, 0, 0",
    ):
        assert shared.value(code, f"call({what})") == [-1, 1], what
    clone = (
        "libc.syscall, {'x86_64': 56, 'aarch64': 220}[os.uname().machine], 0x10000011, 0, 0, 0, 0"
    )
    assert shared.value(code, f"call({clone})") == [-1, 1]


def test_files_of_the_home_do_not_take_over(shared):
    code = (
        "for name in ('ipykernel_launcher', 'safetensors', 'sitecustomize', 'usercustomize'):\n"
        "    open(name + '.py', 'w').write('raise SystemExit(99)')\n"
        "import safetensors, subprocess, sys\n"
        "run = subprocess.run([sys.executable, '-m', 'ipykernel_launcher', '--version'], "
        "capture_output=True)"
    )
    assert "site-packages" in shared.value(code, "safetensors.__file__")
    assert shared.value("", "run.returncode") == 0


def test_another_kernel_shares_nothing(shared, session):
    session.ask("open('mine', 'w').write('x'); open('/tmp/mine', 'w').write('x')")
    assert shared.value("import os", "[os.path.exists(p) for p in ('mine', '/tmp/mine')]") == [
        False,
        False,
    ]
    assert not session.namespace.is_of(shared.warden._init_pid)
    if os.geteuid() == 0:
        assert session.uid != shared.uid


def test_disk_and_memory_bombs_are_bounded(session):
    code = (
        "def fill(folder):\n"
        "    n = 0\n"
        "    try:\n"
        "        for i in range(1000):\n"
        "            with open(f'{folder}/bomb{i}', 'wb', buffering=0) as f:\n"
        "                for _ in range(8): n += f.write(bytes(2**20))\n"
        "    except OSError as e: return n / 2**20, e.errno\n"
        "try: open('big', 'wb').write(bytes(20 * 2**20)); big = 'written'\n"
        "except OSError as e: big = e.errno\n"
        "import os; os.remove('big')"
    )
    assert session.value(code, "big") == 27  # EFBIG: 16 MiB is the limit of a file
    for folder in (".", "/tmp", "/dev/shm", "/run/ntk"):
        written, reason = session.value("", f"fill({folder!r})")
        assert reason == 28 and written <= 24  # ENOSPC
    assert "MemoryError" in session.ask("x = bytearray(4 * 2**30)")
    # shared: counted nowhere
    assert "Cannot allocate memory" in session.ask("import mmap; mmap.mmap(-1, 2**20)")
    assert session.ask("print('still here')") == "still here\n"


def test_memory_bomb_in_many_processes(session):
    code = (
        "import os, time\n"
        "for _ in range(8):\n"
        "    if os.fork() == 0:\n"
        "        x = b'x' * (300 * 2**20)\n"
        "        time.sleep(60)\n"
    )
    session.send(code)
    session.wait_for_death()
    assert "1024 MiB of memory" in session.warden.ended_because


def test_file_bomb(session):
    session.send(
        "import os\nfor i in range(10**9):\n"
        "    os.mkdir(str(i))\n    os.chdir(str(i))\n    for j in range(999): os.mknod(str(j))\n  "
        "  os.chdir('..')"
    )
    session.wait_for_death()
    assert "files" in session.warden.ended_because


def test_fork_bomb_is_bounded(session):
    code = (
        "import os, time, signal\n"
        "children = []\n"
        "try:\n"
        "    while len(children) < 2000:\n"
        "        pid = os.fork()\n"
        "        if pid == 0: time.sleep(100)\n"
        "        children.append(pid)\n"
        "except BlockingIOError: pass"
    )
    assert 10 < session.value(code, "len(children)") < 64
    assert len(session.namespace.processes()) < 70
    session.send("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass")
    time.sleep(0.5)


def test_a_detached_process_dies_with_the_kernel(session):
    code = (
        "import os, sys, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork(): os._exit(0)\n"
        "    import signal\n"
        "    for s in (1, 2, 15): signal.signal(s, signal.SIG_IGN)\n"
        "    time.sleep(600)\n"
        "time.sleep(0.2)"
    )
    session.ask(code)
    assert len(session.namespace.processes()) >= 3


@pytest.mark.parametrize("death", ["os._exit(3)", "os.kill(os.getpid(), 11)"])
def test_a_dead_kernel_takes_everything_with_it(death, session):
    session.send(
        "import os, time\nif os.fork() == 0:\n    os.setsid(); time.sleep(600)\ntime.sleep(0.1); "
        f"{death}"
    )
    session.wait_for_death()
    assert session.namespace.processes() == []
    assert session.loop.run_until_complete(session.km.is_alive()) is False


@pytest.mark.alone
def test_a_kernel_that_ignores_everything_is_stopped_at_once(session):
    session.send(
        "import signal\nfor s in (1, 2, 15): signal.signal(s, signal.SIG_IGN)\nwhile True: pass"
    )
    time.sleep(0.3)
    assert session.stop() < 1
    session.stop = lambda: 0.0


def test_the_kernel_cannot_redirect_the_grader(session, tmp_path):
    with socket.socket(socket.AF_UNIX) as trap:
        trap.bind(str(tmp_path / "trap"))
        trap.listen()
        code = (
            f"import os\nfor i in range(1, 6): os.remove(f'/run/ntk/k-{{i}}'); "
            f"os.symlink({str(tmp_path / 'trap')!r}, f'/run/ntk/k-{{i}}')"
        )
        session.ask(code)
        for link in session.folder.glob("k-*"):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(link))
        trap.settimeout(0.2)
        with pytest.raises(TimeoutError):
            trap.accept()


def test_a_huge_output_does_not_reach_the_grader():
    def peak() -> float:
        return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024

    session = Session(Limits())
    try:
        Path("/proc/self/clear_refs").write_text("5")  # reset the peak
        before = peak()
        request = session.kc.execute("print('x' * (150 * 2**20), flush=True)")

        async def answered():
            while (await session.kc.get_shell_msg(timeout=60))["parent_header"][
                "msg_id"
            ] != request:
                continue
            await asyncio.sleep(1)

        session.loop.run_until_complete(answered())
        assert peak() - before < 100
    finally:
        session.stop()


def test_a_kernel_outlives_the_thread_that_asked_for_it():
    box = {}

    def start():
        box["km"], box["kc"] = asyncio.run(start_sandboxed_kernel(SMALL))

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    warden = box["km"].provisioner.warden
    assert not warden.ended.wait(0.5)
    asyncio.run(stop_kernel(box["km"], box["kc"]))
    assert warden.ended.is_set()


@pytest.fixture
def short_folder():
    """A folder for temporary files that is this test's alone, with a path that is short enough for
    sockets: other graders sweep /tmp."""
    with tempfile.TemporaryDirectory(prefix="ntk-") as folder:
        yield Path(folder)


def test_the_death_of_the_grader_ends_the_sandbox_and_its_folder_is_swept(short_folder):
    script = (
        "import asyncio, os, time\n"
        "from autograder.limits import Limits\n"
        "from autograder.sandbox.provisioner import start_sandboxed_kernel\n"
        "async def main():\n"
        "    km, kc = await start_sandboxed_kernel(Limits())\n"
        "    pid = km.provisioner.warden._init_pid\n"
        "    print(pid, km.provisioner.folder.path, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())"
    )
    env = os.environ | {"TMPDIR": str(short_folder)}
    grader = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=env
    )
    pid, folder = grader.stdout.readline().split()
    namespace = Namespace(pid)
    assert Path(folder).parent == short_folder and namespace.processes()
    assert sweep(Path(folder).parent) == [] or Path(folder).exists()
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    grader.stdout.close()
    deadline = time.monotonic() + 5
    while namespace.processes() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert namespace.processes() == []
    assert Path(folder) in sweep(Path(folder).parent)
    assert not Path(folder).exists()


def test_sweep_leaves_others_alone(tmp_path):
    mine = RunFolder()
    (tmp_path / f"{PREFIX}link").symlink_to(ROOT)
    (tmp_path / "other").mkdir()
    assert mine.path not in sweep(mine.path.parent)
    assert sweep(tmp_path) == [] and (ROOT / "autograder").exists()
    mine.remove()
    mine.remove()
    assert not mine.path.exists()


def test_any_jupyter_tool_can_use_it_through_a_kernelspec(tmp_path, monkeypatch):
    from importlib.metadata import EntryPoint

    import nbformat
    from jupyter_client.provisioning import KernelProvisionerFactory
    from nbclient import NotebookClient

    spec = {
        "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "lab",
        "language": "python",
        "metadata": {
            "kernel_provisioner": {
                "provisioner_name": "ntk-sandbox",
                "config": {"memory_bytes": 777 * MIB, "home_bytes": 8 * MIB},
            }
        },
    }
    (tmp_path / "kernels" / "lab").mkdir(parents=True)
    (tmp_path / "kernels" / "lab" / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    factory = KernelProvisionerFactory.instance()
    entry = EntryPoint(
        "ntk-sandbox", "autograder.sandbox.provisioner:SandboxProvisioner", factory.GROUP_NAME
    )
    monkeypatch.setitem(factory.provisioners, "ntk-sandbox", entry)
    code = "import os, resource; print(os.getcwd(), resource.getrlimit(resource.RLIMIT_DATA)[0])"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    client = NotebookClient(notebook, kernel_name="lab", timeout=60)
    client.execute()
    assert notebook.cells[0].outputs[0].text == f"/home/lab {777 * MIB}\n"
    assert client.km is None  # nbclient has ended it


def test_restart(session):
    session.ask("open('old', 'w').close()")

    async def restart():
        await session.km.restart_kernel(now=True)
        await session.kc.wait_for_ready(timeout=30)

    first = session.namespace
    session.loop.run_until_complete(restart())
    assert first.processes() == []
    session.namespace = Namespace(session.provisioner.warden._init_pid)
    assert session.value("import os", "os.path.exists('old')") is False


def test_errors_are_infrastructure_errors_in_one_line():
    with pytest.raises(SandboxUnavailable, match="apt-get install bubblewrap") as caught:
        find_program("ntk-no-such-program", "bubblewrap")
    assert "\n" not in str(caught.value)
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec

    async def main(bwrap):
        spec = KernelSpec(argv=["python"], display_name="x", language="python")
        km = AsyncKernelManager()
        km._kernel_spec = spec
        km.log.disabled = True
        km.provisioner = SandboxProvisioner(kernel_id="x", kernel_spec=spec, parent=km, bwrap=bwrap)
        try:
            await km.start_kernel()
        finally:
            await km.cleanup_resources()
            km.log.disabled = False

    for bwrap, words in (
        ("/no/such/bwrap", "No such file"),
        (shutil.which("false"), "ended without a word"),
    ):
        with pytest.raises(InfrastructureError, match=words) as caught:
            asyncio.run(main(bwrap))
        assert "\n" not in str(caught.value)


def test_the_probe_passes_here():
    probe_sandbox()


def test_too_little_for_a_kernel_is_our_error():
    with pytest.raises(InfrastructureError):
        asyncio.run(start_sandboxed_kernel(replace(SMALL, memory_bytes=2 * MIB)))


def test_none_is_a_plain_kernel_with_a_clean_environment(monkeypatch):
    monkeypatch.setenv("NTK_TEST_SECRET", "do-not-tell-0815")
    session = Session(sandbox="none")
    try:
        assert session.value("import os", "'NTK_TEST_SECRET' in os.environ") is False
        assert session.value("", "os.getcwd()") == str(session.folder / "home")
        assert session.value("import ntk_helpers, sys", "sys.flags.safe_path") is True
    finally:
        assert session.stop() < 5
    assert not session.folder.exists()


# What does not depend on who runs it.
ONCE = (
    "test_a_kernel_that_ignores_everything_is_stopped_at_once",
    "test_a_huge_output_does_not_reach_the_grader",
    "test_a_kernel_outlives_the_thread_that_asked_for_it",
    "test_sweep_leaves_others_alone",
    "test_any_jupyter_tool_can_use_it_through_a_kernelspec",
    "test_restart",
    "test_errors_are_infrastructure_errors_in_one_line",
    "test_too_little_for_a_kernel_is_our_error",
    "test_none_is_a_plain_kernel_with_a_clean_environment",
    "test_all_of_this_as_an_ordinary_user",
)


def test_all_of_this_as_an_ordinary_user(tmp_path):
    """Run this file again without privileges. Closed folders on the way to the interpreter are
    opened up in a mount namespace of the run's own, which shows nothing else of them."""
    if os.geteuid() != 0:
        return  # everything above has just run without privileges
    needed = [Path(sys.base_prefix).resolve(), Path(sys.prefix), ROOT]
    work = Path(tempfile.mkdtemp(prefix="ntk-user-", dir="/tmp"))
    words = [shutil.which("bwrap"), "--dev-bind", "/", "/"]
    closed = {top for path in needed if (top := closed_ancestor(path))}
    for top in closed:
        words += ["--perms", "0755", "--tmpfs", str(top)]
        for path in (path for path in needed if path.is_relative_to(top)):
            for parent in [p for p in reversed(path.parents) if p != top and p.is_relative_to(top)]:
                words += ["--perms", "0755", "--dir", str(parent)]
            words += ["--ro-bind", str(path), str(path)]
    uid = 60999
    os.chown(work, uid, uid)
    words += ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--inh-caps=-all"]
    words += [
        "--bounding-set=-all",
        sys.executable,
        "-P",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    words += ["--basetemp", str(work / "t"), "-o", "addopts=", str(Path(__file__))]
    words += [
        word
        for name in ONCE
        for word in ("--deselect", f"{Path(__file__).relative_to(ROOT)}::{name}")
    ]
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(work),
        "TMPDIR": str(work),
        "PYTHONPATH": str(ROOT),
    }
    env |= {name: os.environ[name] for name in ("CI",) if name in os.environ}
    try:
        run = subprocess.run(
            words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False
        )
        assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-3000:]
        assert re.search(r"\d+ passed", run.stdout) and "skipped" not in run.stdout, run.stdout
        assert not list(work.glob(f"{PREFIX}*"))
    finally:
        shutil.rmtree(work)


def closed_ancestor(path: Path) -> Path | None:
    """The topmost folder on the way to `path` that others may not pass."""
    return next(
        (p for p in [*reversed(path.parents), path] if p.stat().st_mode & 0o005 != 0o005), None
    )
