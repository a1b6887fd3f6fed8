# SPDX-License-Identifier: Apache-2.0
"""The emulated device: a folder with flash.bin, otp.bin and device.json, and the QEMU that runs it. ./dev run, the tests and the
bench share it.

    with Device(folder) as device:
        device.wait(r"NS: hello", 10)
        device.kill()           # a power cut
        device.start()

Both consoles become one stream of lines, those of UART1 (BL2 and the Secure world) prefixed `S| `; all of it is appended to
FOLDER/console.log. QEMU dies with the thread that started it; that it ended by itself (a lock-up) is a result that wait() reports.
"""
import ctypes
import json
import os
import re
import resource
import selectors
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import common

BOARDS = ("an505", "an521")
FLASH_SIZE, OTP_SIZE, OTP_ADDRESS = 16 << 20, 8192, 0x50
SECURE_PREFIX = "S| "
PR_SET_PDEATHSIG = 1
TAIL_LINES = 40
LIBC = ctypes.CDLL(None, use_errno=True)


class DeviceError(RuntimeError):
    """The device did not do what was waited for; the message ends with its last lines."""


def _prepare_child():
    """In the child, before QEMU: no core files, and an end when the thread that started it ends."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Device:
    """Start and watch one device. `board` and `product` default to what device.json says."""

    def __init__(self, folder, board=None, product=None, network=True):
        self.folder = Path(folder)
        self._board, self._product = board, product
        self.network = network
        self.lines = []
        self._cursor = 0
        self._changed = threading.Condition()
        self._process = self._reader = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()

    def _identity(self, key, given):
        if given is not None:
            return given
        try:
            return json.loads((self.folder / "device.json").read_text())[key]
        except (OSError, ValueError, KeyError) as error:
            raise DeviceError(f"{self.folder}/device.json does not name the {key} ({error})\n"
                              f"  try: build/host/bin/merlon device provision --dir {self.folder} ...") from error

    @property
    def board(self):
        return self._identity("board", self._board)

    @property
    def product(self):
        return self._identity("product", self._product)

    @property
    def serial(self):
        return self._identity("serial", None)

    @property
    def pid(self):
        return self._process.pid if self._process else None

    @property
    def firmware(self):
        """Folder of the images that this device's BL2 comes from."""
        return common.BUILD / f"{self.board}-{self.product}" / "bin"

    def command(self, console_fd, noise, extra=(), icount=False, bl2=None):
        """The QEMU command line. `noise` is the path of the pipe pair without .in and .out."""
        if self.board not in BOARDS:
            raise DeviceError(f"there is no board '{self.board}'")
        kernel = Path(bl2) if bl2 else self.firmware / "bl2.elf"
        for path in (kernel, self.folder / "flash.bin", self.folder / "otp.bin"):
            if not path.is_file():
                raise DeviceError(f"{path}: no such file\n  try: ./dev build {self.board} --product {self.product}, or merlon device provision")
        command = [
            "qemu-system-arm", "-M", f"mps2-{self.board},memory-backend=ram",
            "-object", f"memory-backend-file,id=ram,size={FLASH_SIZE},mem-path={self.folder}/flash.bin,share=on",
            "-kernel", kernel, "-display", "none", "-monitor", "none",
            "-chardev", "stdio,id=nonsecure,signal=off", "-serial", "chardev:nonsecure",
            "-chardev", f"file,id=secure,path=/dev/fd/{console_fd}", "-serial", "chardev:secure",
            "-serial", "null", "-serial", "null",
            "-chardev", f"pipe,id=noise,path={noise}", "-serial", "chardev:noise",
            "-drive", f"if=none,id=otp,file={self.folder}/otp.bin,format=raw,cache=writethrough",
            "-device", f"at24c-eeprom,address={OTP_ADDRESS},rom-size={OTP_SIZE},drive=otp",
            "-nic", "user" if self.network else "none",
        ]
        if icount:
            command += ["-icount", "shift=0,sleep=off"]
        return [str(part) for part in (*command, *extra)]

    def start(self, extra=(), icount=False, seed=None, bl2=None):
        """Power on. `seed`: a file that plays the noise source instead of /dev/urandom; `bl2`: another boot loader."""
        self.kill()
        if not self.folder.is_dir():
            raise DeviceError(f"{self.folder}: there is no such device\n  try: build/host/bin/merlon device provision --dir {self.folder} ...")
        run = self.folder.resolve() / "run"
        run.mkdir(exist_ok=True)
        for name, target in (("noise.in", Path(seed).resolve() if seed else "/dev/urandom"), ("noise.out", "/dev/null")):
            (run / name).unlink(missing_ok=True)
            (run / name).symlink_to(target)
        self.folder = self.folder.resolve()
        reading, writing = os.pipe()
        try:
            command = self.command(writing, run / "noise", extra, icount, bl2)
            with open(run / "qemu.log", "wb") as errors:
                self._process = subprocess.Popen(command, cwd=run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                                                 pass_fds=(writing,), start_new_session=True, preexec_fn=_prepare_child)
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        self._cursor = len(self.lines)
        self._reader = threading.Thread(target=self._read, args=(self._process, reading), daemon=True)
        self._reader.start()

    def kill(self):
        """Cut the power: SIGKILL. Does nothing when the device is off."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        self._reader.join()
        process.stdin.close()
        process.stdout.close()

    def _read(self, process, secure):
        """Collect the lines of both consoles until QEMU ends."""
        rests = {process.stdout.fileno(): b"", secure: b""}
        selector = selectors.DefaultSelector()
        for descriptor in rests:
            selector.register(descriptor, selectors.EVENT_READ)
        with open(self.folder / "console.log", "a", encoding="utf-8") as log:
            while selector.get_map():
                for key, _ in selector.select():
                    data = os.read(key.fd, 65536)
                    if not data:
                        selector.unregister(key.fd)
                    *complete, rests[key.fd] = (rests[key.fd] + data).split(b"\n")
                    if not data and rests[key.fd]:
                        complete.append(rests[key.fd])
                    self._append(complete, SECURE_PREFIX if key.fd == secure else "", log)
        os.close(secure)
        process.wait()
        with self._changed:
            self._changed.notify_all()

    def _append(self, raw_lines, prefix, log):
        lines = [prefix + raw.decode("utf-8", "replace").rstrip("\r") for raw in raw_lines]
        for line in lines:
            log.write(line + "\n")
        log.flush()
        with self._changed:
            self.lines += lines
            self._changed.notify_all()

    def _search(self, pattern):
        """The first match in lines that were not consumed; consumes up to it."""
        for index in range(self._cursor, len(self.lines)):
            match = re.search(pattern, self.lines[index])
            if match:
                self._cursor = index + 1
                return match
        return None

    def poll(self, pattern):
        """As wait(), for lines that are there already; None when there is none."""
        with self._changed:
            return self._search(pattern)

    def wait(self, pattern, timeout_s=10):
        """Wait for a line that matches, and consume the lines up to it. Returns the match."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while True:
                match = self._search(pattern)
                if match:
                    return match
                if not self.is_running() and not self._reader.is_alive():
                    raise DeviceError(f"QEMU ended ({self.exit_status()}) before '{pattern}'\n{self.tail()}\n{self.errors()}")
                rest = deadline - time.monotonic()
                if rest <= 0:
                    raise DeviceError(f"no '{pattern}' within {timeout_s} s; last lines:\n{self.tail()}")
                self._changed.wait(min(rest, 0.5))

    def is_running(self):
        return self._process is not None and self._process.poll() is None

    def exit_status(self):
        """QEMU's exit status when it ended by itself; negative: the signal. None while it runs or when it was killed by kill()."""
        return self._process.poll() if self._process else None

    def errors(self):
        """What QEMU itself said, without the warning that a board without network always gives."""
        try:
            text = (self.folder / "run/qemu.log").read_text(errors="replace")
        except OSError:
            return ""
        return "\n".join(line for line in text.splitlines() if "has no peer" not in line)

    def tail(self):
        return "\n".join(self.lines[-TAIL_LINES:])

    def send(self, text):
        """Type on UART0."""
        self._process.stdin.write(text.encode())
        self._process.stdin.flush()

    def interact(self, output=sys.stdout):
        """Show the consoles on `output` and send what is typed, until QEMU ends or Ctrl-C. Returns exit_status()."""
        shown = self._cursor
        forward = threading.Thread(target=self._forward_input, args=(self._process,), daemon=True)
        forward.start()
        try:
            while True:
                with self._changed:
                    if shown == len(self.lines):
                        if not self.is_running() and not self._reader.is_alive():
                            break
                        self._changed.wait(0.5)
                    fresh, shown = self.lines[shown:], len(self.lines)
                for line in fresh:
                    print(line, file=output, flush=True)
        except KeyboardInterrupt:
            pass
        return self.exit_status()

    @staticmethod
    def _forward_input(process):
        while data := os.read(sys.stdin.fileno(), 4096):
            try:
                process.stdin.write(data)
                process.stdin.flush()
            except (OSError, ValueError):
                return
