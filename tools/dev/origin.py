# SPDX-License-Identifier: Apache-2.0
"""The update server of tests and of ./dev run: nginx on a free loopback port, over HTTPS, with certificates made on the spot.

    with Origin(folder) as origin:
        origin.publish("1.1.0", {0: Path("secure.bin"), 1: Path("nonsecure.bin")})
        origin.reports("merlon-0001")       # what the device has told, in order
        origin.requests()                   # what it has asked for

A guest reaches it at 10.0.2.2, QEMU's name for the host; `ca` and `server_name` go into the device's factory data. Everything lies
in the folder: certs/, root/ (catalogue.json, images/, reports/), access.log, error.log.
"""
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import common

NGINX = common.BUILD / "deps/nginx/usr/sbin/nginx"
GUEST_HOST = "10.0.2.2"
SERVER_NAME = "updates.merlon.example"
START_S = 10

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log notice;
events {{ worker_connections 64; }}
http {{
	log_format requests escape=json '{{"method":"$request_method","path":"$uri","status":$status,"range":"$http_range","sent":$body_bytes_sent}}';
	access_log {folder}/access.log requests;
	client_body_temp_path {folder}/temporary/body;
	proxy_temp_path {folder}/temporary/proxy;
	fastcgi_temp_path {folder}/temporary/fastcgi;
	uwsgi_temp_path {folder}/temporary/uwsgi;
	scgi_temp_path {folder}/temporary/scgi;
	keepalive_timeout 75s;
	etag off;
	server {{
		listen 127.0.0.1:{port} ssl;
		ssl_certificate {folder}/certs/server.pem;
		ssl_certificate_key {folder}/certs/server.key;
		ssl_protocols {protocols};
		ssl_session_tickets off;
		root {folder}/root;
		limit_rate {rate};
		location /reports/ {{
			client_max_body_size 4k;
			dav_methods PUT;
			create_full_put_path on;
		}}
	}}
}}
"""


def openssl(*words):
    result = subprocess.run(["openssl", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode != 0:
        raise RuntimeError(f"openssl {words[0]}: {result.stdout.strip()}")


def make_ca(folder, name="Merlon test CA"):
    """A CA with a P-256 key: ca.pem, ca.der, ca.key."""
    folder.mkdir(parents=True, exist_ok=True)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 3650, "-subj", f"/CN={name}",
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            "-keyout", folder / "ca.key", "-out", folder / "ca.pem")
    openssl("x509", "-in", folder / "ca.pem", "-outform", "DER", "-out", folder / "ca.der")


def make_server(folder, server_name, extensions=(), days=825):
    """A server certificate by the CA in the folder: server.pem, server.key."""
    lines = [f"subjectAltName=DNS:{server_name}", "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
             "extendedKeyUsage=serverAuth"]
    names = {line.split("=")[0] for line in extensions}
    (folder / "server.ext").write_text("\n".join([line for line in lines if line.split("=")[0] not in names] + list(extensions)) + "\n")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={server_name}",
            "-keyout", folder / "server.key", "-out", folder / "server.csr")
    openssl("x509", "-req", "-in", folder / "server.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-CAcreateserial",
            "-days", days, "-extfile", folder / "server.ext", "-out", folder / "server.pem")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Origin:
    """One server in one folder. It may be stopped and started again: the port and the certificates stay."""

    def __init__(self, folder, server_name=SERVER_NAME, rate="0", protocols="TLSv1.3"):
        self.folder = Path(folder).resolve()
        self.server_name = server_name
        self.rate, self.protocols = rate, protocols
        self.certs, self.root = self.folder / "certs", self.folder / "root"
        self.ca, self.ca_der = self.certs / "ca.pem", self.certs / "ca.der"
        self.port = free_port()
        self._process = None

    @property
    def url(self):
        return f"https://{GUEST_HOST}:{self.port}"

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.stop()
        if not self.ca.exists():
            make_ca(self.certs)
            make_server(self.certs, self.server_name)
        (self.root / "images").mkdir(parents=True, exist_ok=True)
        (self.root / "reports").mkdir(exist_ok=True)
        (self.folder / "temporary").mkdir(exist_ok=True)
        configuration = self.folder / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(folder=self.folder, port=self.port, rate=self.rate, protocols=self.protocols))
        with open(self.folder / "nginx.out", "ab") as output:
            self._process = subprocess.Popen([str(NGINX), "-p", str(self.folder), "-e", str(self.folder / "error.log"), "-c", str(configuration)],
                                             stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
        self._wait()

    def _wait(self):
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        text = (self.folder / "error.log").read_text(errors="replace") if (self.folder / "error.log").exists() else ""
        self.stop()
        raise RuntimeError(f"nginx does not answer on port {self.port}\n{text}\n  try: read {self.folder}/nginx.out")

    def stop(self):
        process, self._process = self._process, None
        if process is None:
            return
        try:
            os.killpg(process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        process.wait()

    def publish(self, version, images):
        """Offer a set: {component: signed image file}. The version of each image is read from its header."""
        entries = []
        for component, path in sorted(images.items()):
            data = Path(path).read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            name = f"{component}-{digest[:16]}.bin"
            (self.root / "images" / name).write_bytes(data)
            entries.append({"component": component, "version": image_version(data), "path": f"/images/{name}", "size": len(data), "sha256": digest})
        self.write_catalogue({"format": 1, "version": version, "images": entries})

    def write_catalogue(self, catalogue):
        """Whole at once: a device that looks meanwhile sees the old one or the new one."""
        fresh = self.root / "catalogue.new"
        fresh.write_text(json.dumps(catalogue))
        fresh.replace(self.root / "catalogue.json")

    def withdraw(self):
        (self.root / "catalogue.json").unlink(missing_ok=True)

    def reports(self, serial):
        """All reports of a device, in the order of their numbers."""
        found = []
        for path in (self.root / "reports" / serial).glob("*.json"):
            found.append((int(path.stem), json.loads(path.read_text())))
        return [report for _, report in sorted(found, key=lambda item: item[0])]

    def requests(self):
        """What was asked for: [{method, path, status, range, sent}]."""
        try:
            return [json.loads(line) for line in (self.folder / "access.log").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def ranges(self, component=None):
        """(first, last) of each range that was answered, of all images or of one component's."""
        wanted = "/images/" if component is None else f"/images/{component}-"
        found = []
        for request in self.requests():
            match = re.fullmatch(r"bytes=(\d+)-(\d+)", request["range"])
            if match and request["path"].startswith(wanted) and request["status"] == 206:
                found.append((int(match[1]), int(match[2])))
        return found

    def clear(self):
        """Forget reports and requests, not the certificates. Only while stopped."""
        shutil.rmtree(self.root, ignore_errors=True)
        (self.folder / "access.log").unlink(missing_ok=True)


def image_version(data):
    """major.minor.revision+build of an MCUboot header (docs/format/image.md)."""
    major, minor = data[20], data[21]
    revision, build = int.from_bytes(data[22:24], "little"), int.from_bytes(data[24:28], "little")
    return f"{major}.{minor}.{revision}+{build}"
