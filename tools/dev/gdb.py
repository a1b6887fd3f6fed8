# SPDX-License-Identifier: Apache-2.0
"""A small client for QEMU's gdb stub: breakpoints, memory and registers, for measuring without touching what is measured."""
import socket
import time


class GdbError(Exception):
    """The stub refused, or did not answer in time."""


class Gdb:
    """A connection to a stub on a Unix socket. QEMU started with -S waits until resume()."""

    def __init__(self, path, timeout_s=20):
        self.socket = socket.socket(socket.AF_UNIX)
        self.buffer = b""
        end = time.monotonic() + timeout_s
        while True:
            try:
                self.socket.connect(str(path))
                break
            except OSError:
                if time.monotonic() > end:
                    raise GdbError(f"nobody listens at {path}") from None
                time.sleep(0.02)
        self.ask("qSupported:xmlRegisters=arm")
        # The stub serves registers only after its description of them was read.
        self.ask("qXfer:features:read:target.xml:0,ffb")

    def close(self):
        self.socket.close()

    def send(self, text):
        checksum = sum(text.encode()) & 0xff
        self.socket.sendall(f"${text}#{checksum:02x}".encode())

    def receive(self, timeout_s):
        """The next packet; acknowledgements are skipped."""
        end = time.monotonic() + timeout_s
        while True:
            start = self.buffer.find(b"$")
            stop = self.buffer.find(b"#", start)
            if start >= 0 and 0 <= stop <= len(self.buffer) - 3:
                packet = self.buffer[start + 1:stop].decode("latin-1")
                self.buffer = self.buffer[stop + 3:]
                self.socket.sendall(b"+")
                return packet
            self.socket.settimeout(max(end - time.monotonic(), 0.001))
            try:
                data = self.socket.recv(65536)
            except TimeoutError:
                raise GdbError(f"no answer within {timeout_s} s") from None
            if not data:
                raise GdbError("the stub closed the connection")
            self.buffer += data

    def ask(self, text, timeout_s=20):
        self.send(text)
        answer = self.receive(timeout_s)
        if answer.startswith("E"):
            raise GdbError(f"{text.split(':')[0]}: {answer}")
        return answer

    def breakpoint(self, address):
        self.ask(f"Z0,{address:x},2")

    def clear(self, address):
        self.ask(f"z0,{address:x},2")

    def resume(self, timeout_s):
        """Run until a breakpoint is hit."""
        self.ask("c", timeout_s)

    def word(self, address):
        """One word of memory as the core sees it now."""
        return int.from_bytes(bytes.fromhex(self.ask(f"m{address:x},4")), "little")

    def register(self, number):
        """One of r0 to r15."""
        return int.from_bytes(bytes.fromhex(self.ask(f"p{number:x}")), "little")
