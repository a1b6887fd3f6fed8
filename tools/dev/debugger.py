# SPDX-License-Identifier: Apache-2.0
"""A debugger on a device that was started with ARGUMENTS: breakpoints, registers, and memory as the stopped core sees it.

Speaks the GDB remote serial protocol with QEMU: the part of it that ./dev run and tests need.
"""
import os
import socket
import time

ARGUMENTS = ["-S", "-chardev", "socket,id=gdb,path=gdb,server=on,wait=off", "-gdb", "chardev:gdb"]


class Debugger:
    def __init__(self, folder, timeout_s=20):
        """`folder`: the device's. The socket is reached through a descriptor: its path may be too long for a socket's name."""
        descriptor = os.open(folder / "run", os.O_PATH)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(timeout_s)
        deadline = time.monotonic() + timeout_s
        try:
            while True:
                try:
                    self._socket.connect(f"/proc/self/fd/{descriptor}/gdb")
                    break
                except (FileNotFoundError, ConnectionRefusedError):
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.02)
        finally:
            os.close(descriptor)
        self._buffer = b""
        self.ask("qSupported:multiprocess+")
        self.ask("qXfer:features:read:target.xml:0,fff")   # without it, register packets stay unanswered

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def _byte(self):
        if not self._buffer:
            self._buffer = self._socket.recv(65536)
            if not self._buffer:
                raise ConnectionError("QEMU closed the debugger's connection")
        first, self._buffer = self._buffer[:1], self._buffer[1:]
        return first

    def _send(self, text):
        data = text.encode()
        self._socket.sendall(b"$%s#%02x" % (data, sum(data) & 0xff))

    def go(self):
        """Let the device run, and do not wait for it to stop."""
        self._send("c")

    def watch(self, address):
        """Stop the device when it writes the word at `address`."""
        assert self.ask(f"Z2,{address:x},4") == "OK"

    def stop_at(self, address):
        """After go(): stop the device, and let it run on until the instruction at `address` is next: wait_stop()."""
        self._socket.sendall(b"\x03")
        assert self._answer().startswith("T02")
        assert self.ask(f"Z1,{address & ~1:x},2") == "OK"
        self.go()

    def wait_stop(self, timeout_s):
        """After go(): wait until the device has stopped."""
        self._socket.settimeout(timeout_s)
        assert self._answer().startswith("T05")

    def ask(self, text):
        """Send one packet and return the answer's text."""
        self._send(text)
        return self._answer()

    def _answer(self):
        while self._byte() != b"$":
            pass
        answer = b""
        while (byte := self._byte()) != b"#":
            answer += byte
        self._byte(), self._byte()
        self._socket.sendall(b"+")
        return answer.decode("latin-1")

    def run_to(self, address):
        """Go on until the instruction at `address` is next."""
        assert self.ask(f"Z1,{address & ~1:x},2") == "OK"
        assert self.ask("c").startswith("T05")
        assert self.ask(f"z1,{address & ~1:x},2") == "OK"

    def memory(self, address, size):
        answer = self.ask(f"m{address:x},{size:x}")
        assert not answer.startswith("E"), f"memory at {address:#x}: {answer}"
        return bytes.fromhex(answer)

    def registers(self):
        """r0 to r15."""
        raw = bytes.fromhex(self.ask("g"))
        return [int.from_bytes(raw[4 * i:4 * i + 4], "little") for i in range(16)]

    def set_register(self, number, value):
        """r0 to r15; 13 is the stack pointer in use."""
        assert self.ask(f"P{number:x}={value.to_bytes(4, 'little').hex()}") == "OK"
