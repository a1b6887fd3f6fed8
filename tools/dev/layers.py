# SPDX-License-Identifier: Apache-2.0
"""Who may include whom: docs/architecture.md, section 2, as a table.

CMake enforces it with headers that a target does not see; `./dev lint` reads the sources by this table too, and a test compiles a
forbidden include for each pair of layers.
"""
import re
from pathlib import Path

LEVEL_0 = ("include", "lib")
# Board and product tables are data, generated, and belong to no level.
DATA = ("board", "product")

# Folder: (folders whose headers it may include, third-party libraries). The longest matching folder counts.
ALLOWED = {
    "include": ((), ()),
    "lib": (("include",), ()),
    "hal": (LEVEL_0 + DATA, ()),
    "crypto": (LEVEL_0 + ("hal",), ("mbedtls",)),
    "drivers": (LEVEL_0 + ("hal",) + DATA, ()),
    "arch": (LEVEL_0 + ("hal",) + DATA, ()),
    "boot": (LEVEL_0 + ("hal", "crypto") + DATA, ()),
    "secure": (LEVEL_0 + ("hal",) + DATA, ()),
    "secure/spm/entry": (LEVEL_0 + ("hal", "arch", "secure/spm") + DATA, ()),
    "secure/crypto": (LEVEL_0 + ("hal",) + DATA, ("mbedtls",)),
    "nonsecure": (LEVEL_0 + ("hal",) + DATA, ()),
    "nonsecure/demo": (LEVEL_0 + ("hal", "nonsecure") + DATA, ()),
    "nonsecure/rtos": (LEVEL_0 + ("hal", "arch") + DATA, ()),
    "nonsecure/net": (LEVEL_0 + ("hal",) + DATA, ("lwip", "mbedtls")),
    "images": (LEVEL_0 + ("hal", "crypto", "drivers", "arch", "boot", "secure", "nonsecure") + DATA, ("mbedtls", "lwip")),
    "tools": (LEVEL_0 + ("hal", "crypto", "boot", "drivers/sim") + DATA, ("mbedtls", "libfdt", "yaml", "pkcs11")),
}

THIRD_PARTY = {"mbedtls": "mbedtls", "lwip": "lwip", "netif": "lwip", "libfdt": "libfdt", "yaml": "yaml", "p11-kit": "pkcs11"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+([<"])([^>"]+)[>"]', re.MULTILINE)


def longest(folder, table):
    """The longest prefix of `folder` that is in `table`, or None."""
    parts = Path(folder).parts
    for count in range(len(parts), 0, -1):
        if "/".join(parts[:count]) in table:
            return "/".join(parts[:count])
    return None


def header_owners(root):
    """{first word after merlon/ in an include: the folder that owns these headers}."""
    owners = {name: name for name in DATA}
    for folder in root.glob("*/**/include/merlon/*"):
        if folder.is_dir() and folder.relative_to(root).parts[0] not in ("build", "tests"):
            owners[folder.name] = str(folder.relative_to(root).parents[2])
    return owners


def owner_of(include, owners):
    """The folder or third-party library behind `#include <include>`; None for the C library and for a file beside."""
    parts = include.split("/")
    if parts[0] == "psa":
        return "include"
    if parts[0] == "merlon":
        return "include" if len(parts) == 2 else owners.get(parts[1], f"merlon/{parts[1]}")
    return THIRD_PARTY.get(parts[0].removesuffix(".h"))


def is_allowed(folder, owner):
    """May a file in `folder` include a header of `owner`, a folder or a third-party library?"""
    layer = longest(folder, ALLOWED)
    if layer is None or owner is None or folder == owner or folder.startswith(owner + "/"):
        return True
    folders, libraries = ALLOWED[layer]
    return owner in libraries or longest(owner, folders) is not None or is_same_room(folder, owner)


def is_same_room(folder, owner):
    """Parts of one room see each other: drivers share a folder of helpers, images and tools their own."""
    room = Path(folder).parts[0]
    return room in ("drivers", "images", "tools", "arch") and Path(owner).parts[0] == room
