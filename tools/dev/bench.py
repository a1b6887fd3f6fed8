# SPDX-License-Identifier: Apache-2.0
"""./dev bench: sizes, instruction counts and swap costs, beside the peers' figures: build/bench/report.md and report.json.

Sizes come from ELF files and link maps. Instructions are counted one by one by a plugin of QEMU (tools/qemu_count), which notes when
the core enters a function: the images that are measured are the images that run. QEMU runs with -icount, so that polling does not
depend on the host; noise comes from a seed file.
"""
import argparse
import csv
import json
import random
import re
import shutil
import statistics
import struct
import subprocess
import sys
from dataclasses import asdict, dataclass

import common
import elf
from device import Device
from maker import HEADER_SIZE, NAMES, NONSECURE, SECURE, Maker

FOLDER = common.BUILD / "bench"
BOARD = "an521"
PLUGIN = common.BUILD / "host/lib/libqemu_count.so"
WAIT_S = 120
NS_SPOKE = r"^(?!S\| )"   # a line of the Non-secure console
SEED_SIZE = 1 << 20
# Bytes: what the promise of the boot supposes; a build that is shorter is padded.
BOOT_SIZES = {"secure": 110_000, "nonsecure": 150_000}
VERIFY = r"p256_verify|\w*p256_ecdsa_verify"   # the signature check of BL2, whichever is linked
NOISE = r"noise_source_read|read_tested"
FIRST_CALLS = ("attest.token",)   # measured before anything else of the services
CODE = (".text", ".rodata")
BUDGETS = {"size.bl2.text": 15_000, "size.bl2.ram": 8000, "boot.reset_to_jump": 20_000_000,
           "boot.reset_to_ns_main": 65_000_000, "call.version": 90, "call.empty.sfn": 400, "its.set32": 13_000, "its.get32": 3_200,
           "ps.set32": 300_000, "ps.get32": 50_000,
           "attest.token": 8_000_000, "attest.token.first": 9_000_000}
# Promises that are not kept yet, and where each stands: ./dev bench names them and fails, the tests see that none gets worse.
BROKEN = {"size.bl2.text": 18_400}


@dataclass
class Metric:
    name: str
    product: str
    value: float
    unit: str
    peer: float = None
    peer_name: str = None


def size_metrics(product, board=BOARD):
    """Sizes of the images of one build."""
    folder = common.BUILD / f"{board}-{product}" / "bin"
    partition_manager = r"merlon_(spm|arch)\w*\.a|merlon_spm_entry\.dir"
    spm_state = elf.symbols(folder / "secure.elf", "bBdD")["spm"]   # owned by the composition root
    values = {
        "size.bl2.text": elf.text_size(folder / "bl2.elf"),
        "size.bl2.ram": elf.ram_size(folder / "bl2.elf", with_stack=False),
        "size.secure.text": elf.text_size(folder / "secure.elf"),
        "size.secure.ram": elf.ram_size(folder / "secure.elf", with_stack=True),
        "size.spm.text": elf.objects_size(folder / "secure.map", partition_manager, CODE),
        "size.spm.ram": elf.objects_size(folder / "secure.map", partition_manager, (".data", ".bss")) + spm_state[1] - spm_state[0],
        "size.nonsecure.text": elf.text_size(folder / "nonsecure.elf"),
    }
    return [Metric(name, product, value, "bytes") for name, value in values.items()]


def boot_loader_size(product, board=BOARD):
    """The boot loader of a product of which nothing else is measured."""
    preset = f"{board}-{product}"
    common.build(preset, ["image_bl2"])
    return [Metric("size.bl2.text", product, elf.text_size(common.BUILD / preset / "bin/bl2.elf"), "bytes")]


class Counted:
    """What the plugin noted during one run of a device: entries of marks, in order."""

    def __init__(self, path, names):
        self.names, self.rows = names, []
        for line in path.read_text(encoding="utf-8").splitlines():
            name, *numbers = line.split()
            if len(numbers) == len(names) + 1:
                self.rows.append((name, *map(int, numbers)))

    def first(self, name, after=0):
        """Instructions executed when `name` was first entered at or after `after`."""
        return next(row[1] for row in self.rows if row[0] == name and row[1] >= after)

    def spans(self, begin, end):
        """Instructions from each entry of `begin` to the entry of `end` that follows it."""
        started = None
        for name, executed, *_ in self.rows:
            if name == begin and started is None:
                started = executed
            elif name == end and started is not None:
                yield executed - started
                started = None

    def waits(self, begin, end, wait, work):
        """For each of spans(begin, end): the instructions from entries of `wait` to the entry of `work` that follows."""
        waited = started = None
        for name, executed, *_ in self.rows:
            if name == begin and waited is None:
                waited, started = 0, None
            elif waited is not None and name == wait:
                started = executed
            elif waited is not None and name == work and started is not None:
                waited, started = waited + executed - started, None
            elif name == end and waited is not None:
                yield waited
                waited = None

    def inside(self, name, until):
        """Instructions inside `name` until `until` was first entered."""
        row = next(row for row in self.rows if row[0] == until)
        return row[2 + self.names.index(name)]


def count(folder, marks, done, lines=None, timeout_s=WAIT_S):
    """Run the device once until its console says `done`. `marks`: {name: (start, end)}; `lines` gets what the consoles said."""
    out = (FOLDER / "count.txt").resolve()
    out.unlink(missing_ok=True)
    seed = FOLDER / "noise.seed"
    seed.write_bytes(random.Random(1).randbytes(SEED_SIZE))
    words = [f"mark={name}:{start:x}:{end:x}" for name, (start, end) in marks.items()]
    device = Device(folder, network=False)
    device.start(extra=["-plugin", ",".join([str(PLUGIN), f"out={out}", *words])], icount=True, seed=seed)
    try:
        device.wait(done, timeout_s)
    finally:
        device.kill()
    if lines is not None:
        lines += device.lines
    return Counted(out, list(marks))


def padded(maker, names):
    """Let the maker take copies of the build's images that are as long as the promise of the boot supposes."""
    folder = FOLDER / f"padded-{maker.product}"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.bin").write_bytes((maker.firmware / f"{name}.bin").read_bytes().ljust(BOOT_SIZES.get(name, 0), b"\xff"))
    maker.firmware = folder


def device_for(product, nonsecure="nonsecure", firmware=None):
    """A device with both images that has booted once, so that what is measured is a later boot; and its images."""
    folder = FOLDER / f"device-{product}-{nonsecure}"
    shutil.rmtree(folder, ignore_errors=True)
    maker = Maker(FOLDER / "images", BOARD, product)
    maker.firmware = firmware or maker.firmware
    padded(maker, ("secure", nonsecure))
    maker.provision(folder, "bench")
    images = {SECURE: maker.sign(SECURE, "1.0.0", 1), NONSECURE: maker.sign(NONSECURE, "1.0.0", 1, firmware=nonsecure)}
    maker.flash(folder, images)
    with Device(folder, network=False) as device:
        device.wait(NS_SPOKE, WAIT_S)
    return folder, images


def matching(functions, pattern):
    """The functions whose name matches, as marks; link-time optimisation gives some a suffix."""
    found = {name: place for name, place in functions.items() if re.fullmatch(pattern, name)}
    if not found:
        raise RuntimeError(f"bench: no function is called {pattern}")
    return found


def hashed_size(image):
    """Bytes of a signed image that its hash covers: header, payload and protected TLVs."""
    header_size, protected_size, payload_size = struct.unpack_from("<HHI", image.read_bytes(), 8)
    return header_size + payload_size + protected_size


def boot_metrics(product):
    """Counts of a later boot of the product's own images, from reset to Non-secure main."""
    folder = common.BUILD / f"{BOARD}-{product}" / "bin"
    bl2, secure, nonsecure = (elf.functions(folder / f"{name}.elf") for name in ("bl2", "secure", "nonsecure"))
    check, digest, judge = matching(bl2, VERIFY), matching(bl2, r"\w*sha256\w*"), matching(bl2, r"image_judge")
    noise = matching(secure, NOISE)
    marks = {"jump": secure["start_reset"], "main": nonsecure["main"], **check, **digest, **judge, **noise}
    device, images = device_for(product)
    counted = count(device, marks, NS_SPOKE)
    started = counted.first(next(iter(check)))
    waited = sum(counted.spans("noise_source_read", "read_tested"))
    hashed = sum(map(hashed_size, images.values()))
    per_byte = sum(counted.inside(name, "jump") for name in digest) / hashed
    # Images may be longer than the promise supposes by now: what it says is for those sizes.
    beyond = max(0, hashed - sum(BOOT_SIZES.values()) - len(images) * HEADER_SIZE)
    values = {
        "boot.reset_to_jump": counted.first("jump") - round(per_byte * beyond),
        "boot.reset_to_ns_main": counted.first("main") - waited,
        "boot.signature_check": counted.first("image_judge", after=started) - started,
        "boot.hash_per_byte": per_byte,
        "boot.noise_wait": waited,
    }
    return [Metric(name, product, value, "instructions") for name, value in values.items()]


def call_metrics(product, nonsecure="bench_nonsecure", firmware=None):
    """Counts of calls from bare-metal Non-secure code, each between the marks bench_begin and bench_end."""
    functions = elf.functions((firmware or common.BUILD / f"{BOARD}-{product}" / "bin") / f"{nonsecure}.elf")
    marks = {name: functions[name] for name in ("bench_begin", "bench_end")}
    marks.update(matching(elf.functions(common.BUILD / f"{BOARD}-{product}" / "bin/secure.elf"), NOISE))
    lines = []
    device, _ = device_for(product, nonsecure, firmware)
    counted = count(device, marks, r"bench (failed )?done \d+", lines)
    if any(line.startswith(("failed ", "bench failed")) for line in lines):
        raise RuntimeError("bench: " + "; ".join(line for line in lines if "failed" in line))
    waits = counted.waits("bench_begin", "bench_end", "noise_source_read", "read_tested")
    spans = (span - wait for span, wait in zip(counted.spans("bench_begin", "bench_end"), waits))
    medians = {}
    for line in lines:
        if line.startswith("measured "):
            _, name, repeats = line.split()
            first, *steady = [next(spans) for _ in range(int(repeats))]
            medians[name] = statistics.median(steady)
            if name in FIRST_CALLS:
                medians[f"{name}.first"] = first
    frame = medians.pop("nothing")
    return [Metric(name, product, value - frame, "instructions") for name, value in medians.items()]


def partition_metrics(product):
    """Calls of partitions that answer at once (tests/partitions), in an image of their own: what is left is the partition manager."""
    folder, name = common.BUILD / f"{BOARD}-{product}-calls", f"{BOARD}-{product}"
    partitions = ";".join(str(common.ROOT / "tests/partitions" / partition) for partition in ("bench_ipc", "bench_sfn"))
    common.run_quiet(["cmake", "--preset", name, "-B", folder, f"-DMERLON_OUTSIDE={partitions}"], common.BUILD / f"log/{name}-calls.configure.log")
    common.run_quiet(["cmake", "--build", folder, "--target", "image_secure", "image_bench_calls"], common.BUILD / f"log/{name}-calls.build.log")
    return call_metrics(product, "bench_calls", folder / "bin")


def swap_metrics(product):
    """What an upgrade costs for each sector that moves, counted by the simulator; the dearer of both images."""
    program = common.BUILD / "host/tests/test_boot_boot"
    output = subprocess.run([program, "swap_costs_what_swap_offset_costs"], capture_output=True, text=True, check=True).stdout
    rows = re.findall(r"swap: (\d+) sectors, (\d+) erases, (\d+) bytes programmed, (\d+) per sector", output)
    count, erases, programmed, sector = map(int, max(rows[:len(NAMES)], key=lambda row: int(row[1])))
    return [Metric("swap.erases_per_sector", product, erases / count, "count"),
            Metric("swap.programs_per_sector", product, programmed // sector / count, "count")]


def add_peers(metrics):
    """Put the measured figure of a peer beside each metric that has one."""
    with open(common.ROOT / "evidence/peers.csv", encoding="utf-8", newline="") as table:
        peers = {row["metric"]: row for row in csv.DictReader(table)}
    for metric in metrics:
        if metric.name in peers:
            metric.peer, metric.peer_name = float(peers[metric.name]["value"]), peers[metric.name]["peer"]


def number(value):
    return "" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")


def write_report(metrics):
    """Write report.json, as docs/bench.md says, and report.md for people."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    commit = subprocess.run(["git", "describe", "--always", "--dirty", "--tags"], cwd=common.ROOT, capture_output=True, text=True)
    toolchain = subprocess.run(["arm-none-eabi-gcc", "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    report = {"commit": commit.stdout.strip(), "toolchain": toolchain, "metrics": [asdict(metric) for metric in metrics]}
    (FOLDER / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    rows = [f"# Figures of {report['commit']}", "", f"{BOARD}, {toolchain}", "",
            "| metric | product | Merlon | unit | peer | which |", "|---|---|--:|---|--:|---|"]
    rows += [f"| {metric.name} | {metric.product} | {number(metric.value)} | {metric.unit} | {number(metric.peer)} | "
             f"{metric.peer_name or ''} |" for metric in metrics]
    (FOLDER / "report.md").write_text("\n".join(rows) + "\n", encoding="utf-8")


def over_budget(metrics):
    """The metrics that break a promise."""
    return [metric for metric in metrics if metric.name in BUDGETS and metric.value > BUDGETS[metric.name]]


def worse(metrics):
    """Of the metrics that break a promise: those that are not known to, or that got worse."""
    return [metric for metric in over_budget(metrics) if metric.value > BROKEN.get(metric.name, 0)]


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--product", default="default", help="a folder in products/")
    product = parser.parse_args().product
    common.firmware(BOARD, product)
    FOLDER.mkdir(parents=True, exist_ok=True)
    metrics = size_metrics(product) + boot_metrics(product) + call_metrics(product) + swap_metrics(product)
    metrics += boot_loader_size("overwrite") + boot_loader_size("xip")
    metrics += partition_metrics(product)
    add_peers(metrics)
    write_report(metrics)
    common.say((FOLDER / "report.md").read_text(encoding="utf-8"))
    for metric in over_budget(metrics):
        print(f"bench: {metric.name} is {number(metric.value)}, promised are {number(BUDGETS[metric.name])}", file=sys.stderr)
    sys.exit(1 if over_budget(metrics) else 0)


if __name__ == "__main__":
    main()
