# SPDX-License-Identifier: Apache-2.0
"""The device's TLS and HTTP code (https_get) against nginx and openssl with certificates of every kind."""
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
from origin import NGINX, Origin, free_port, make_ca, make_server, openssl

HTTPS_GET = Path(__file__).resolve().parents[3] / "build/host/bin/https_get"
BODY = bytes(range(256)) * 1000
REFUSED, BROKEN, TIMED_OUT, BAD_ARGUMENT = -149, -145, -248, -135
pytestmark = pytest.mark.skipif(not NGINX.exists(), reason="./dev setup unpacks nginx")


def get(port, ca, name, path="/file.bin", timeout_ms=5000, *span):
    """Run https_get; return its lines as {word: [numbers]}."""
    result = subprocess.run([HTTPS_GET, *map(str, (port, ca, name, path, timeout_ms, *span))], stdout=subprocess.PIPE, text=True, timeout=60)
    return {words[0]: [int(number) for number in words[1:]] for words in map(str.split, result.stdout.splitlines())}


@pytest.fixture
def make_origin(tmp_path):
    running = []

    def make(name="server", extensions=(), ca=None, **options):
        origin = Origin(tmp_path / name, **options)
        make_ca(origin.certs)
        make_server(origin.certs, origin.server_name, extensions)
        origin.root.mkdir(parents=True)
        (origin.root / "file.bin").write_bytes(BODY)
        origin.start()
        running.append(origin)
        return origin

    yield make
    for origin in running:
        origin.stop()


@pytest.mark.claim("net.tls", "functional")
def test_reads_a_file_and_a_range(make_origin):
    origin = make_origin()
    whole = get(origin.port, origin.ca_der, origin.server_name)
    assert whole["connect"] == [0] and whole["exchange"] == [0, 200, len(BODY)] and whole["body"][:2] == [0, len(BODY)]
    part = get(origin.port, origin.ca_der, origin.server_name, "/file.bin", 5000, 1000, 1999)
    assert part["exchange"] == [0, 206, 1000]
    total = 0
    for byte in BODY[1000:2000]:
        total = (total * 31 + byte) % 1000003
    assert part["body"] == [0, 1000, total]


@pytest.mark.claim("ota.origin", "attack")
def test_another_ca_is_refused(make_origin, tmp_path):
    origin = make_origin()
    make_ca(tmp_path / "other", name="Merlon test CA")   # the same name, another key
    assert get(origin.port, tmp_path / "other/ca.der", origin.server_name) == {"connect": [REFUSED]}


@pytest.mark.claim("ota.origin", "attack")
@pytest.mark.parametrize("name", ["other.example", "updates.merlon.example.evil.example", "merlon.example", "10.0.2.2"])
def test_another_name_is_refused(make_origin, name):
    origin = make_origin()
    assert get(origin.port, origin.ca_der, name) == {"connect": [REFUSED]}


@pytest.mark.claim("ota.origin", "attack")
@pytest.mark.parametrize("extension", ["extendedKeyUsage=clientAuth", "keyUsage=critical,keyEncipherment", "subjectAltName=DNS:other.example"])
def test_certificate_for_another_use_is_refused(make_origin, extension):
    origin = make_origin(extensions=[extension])
    assert get(origin.port, origin.ca_der, origin.server_name) == {"connect": [REFUSED]}


@pytest.mark.claim("ota.origin", "attack")
def test_certificate_by_a_server_certificate_is_refused(make_origin):
    """Whoever holds a server certificate of the CA signs another one with it."""
    origin = make_origin()
    origin.stop()
    certs = origin.certs
    for end in ("pem", "key"):
        (certs / f"server.{end}").rename(certs / f"middle.{end}")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={origin.server_name}",
            "-keyout", certs / "server.key", "-out", certs / "server.csr")
    openssl("x509", "-req", "-in", certs / "server.csr", "-CA", certs / "middle.pem", "-CAkey", certs / "middle.key", "-CAcreateserial",
            "-days", 10, "-extfile", certs / "server.ext", "-out", certs / "server.pem")
    with open(certs / "server.pem", "a", encoding="ascii") as chain:
        chain.write((certs / "middle.pem").read_text())
    origin.start()
    assert get(origin.port, origin.ca_der, origin.server_name) == {"connect": [REFUSED]}


@pytest.mark.claim("net.tls", "attack")
def test_older_protocol_is_refused(make_origin):
    origin = make_origin(protocols="TLSv1.2")
    result = get(origin.port, origin.ca_der, origin.server_name)
    assert result["connect"][0] < 0 and "exchange" not in result


@pytest.mark.claim("net.tls.time", "functional")
def test_validity_period_is_not_checked(make_origin):
    """The device has no trusted time and says so (tls_stream.h): an expired certificate is taken. This test keeps the page honest."""
    origin = make_origin()
    origin.stop()
    certs = origin.certs
    openssl("x509", "-req", "-in", certs / "server.csr", "-CA", certs / "ca.pem", "-CAkey", certs / "ca.key", "-CAcreateserial",
            "-days", "-1", "-extfile", certs / "server.ext", "-out", certs / "server.pem")
    origin.start()
    assert get(origin.port, origin.ca_der, origin.server_name)["body"][:2] == [0, len(BODY)]


@pytest.mark.claim("net.tls", "malformed")
@pytest.mark.parametrize("content", [b"", b"\x30", b"\x30\x82\xff\xff" + bytes(100), bytes(500)])
def test_bad_ca_is_refused(tmp_path, content):
    (tmp_path / "ca.der").write_bytes(content)
    assert get(1, tmp_path / "ca.der", "name.example") == {"connect": [BAD_ARGUMENT]}


class Middle(threading.Thread):
    """Passes bytes to the origin and, after `limit` bytes of answers, cuts the line."""

    def __init__(self, port, limit):
        super().__init__(daemon=True)
        self.target, self.limit = port, limit
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        client, _ = self.listener.accept()
        server = socket.create_connection(("127.0.0.1", self.target))
        threading.Thread(target=self.forward, args=(client, server), daemon=True).start()
        passed = 0
        while passed < self.limit:
            data = server.recv(min(4096, self.limit - passed))
            if not data:
                break
            client.sendall(data)
            passed += len(data)
        client.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def forward(source, target):
        try:
            while data := source.recv(4096):
                target.sendall(data)
        except OSError:
            pass


@pytest.mark.claim("net.tls", "attack")
@pytest.mark.parametrize("limit", [0, 100, 600, 40000, 150000])
def test_cut_connection_is_an_error(make_origin, limit):
    origin = make_origin()
    result = get(Middle(origin.port, limit).port, origin.ca_der, origin.server_name)
    assert BROKEN in (result["connect"][0], result.get("exchange", [0])[0], result.get("body", [0])[0]), result


@pytest.mark.claim("net.deadline", "attack")
def test_silent_peer_ends_in_time(make_origin):
    origin = make_origin()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        result = get(silent.getsockname()[1], origin.ca_der, origin.server_name, "/file.bin", 300)
        assert result == {"connect": [TIMED_OUT]} and time.monotonic() - started < 5


@pytest.mark.claim("net.deadline", "attack")
def test_slow_server_ends_in_time(make_origin):
    origin = make_origin(rate="4k")
    started = time.monotonic()
    result = get(origin.port, origin.ca_der, origin.server_name, "/file.bin", 1500)
    assert result["exchange"][0] == 0 and result["body"][0] == TIMED_OUT and time.monotonic() - started < 6


@pytest.mark.claim("net.deadline", "functional")
def test_nobody_there(make_origin):
    origin = make_origin()
    assert get(free_port(), origin.ca_der, origin.server_name)["connect"] == [-130]
