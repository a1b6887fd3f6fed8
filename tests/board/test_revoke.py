# SPDX-License-Identifier: Apache-2.0
"""A signed command revokes a key of the emulated device; what that key signed is refused from then on."""
import json

import maker as makers
import pytest

BOOT_S = 20


@pytest.mark.claim("key.revoke", "functional")
def test_a_command_revokes_a_key(workshop):
    maker = workshop.maker
    old, new = maker.key("older"), maker.key()
    device = workshop.device(older=[old])
    command = workshop.folder / "revoke.cmd"
    makers.merlon("key", "revoke", "-k", new, "--revoke", makers.merlon("key", "public", "-k", old, "--format", "hash").strip(), "-o", command)
    makers.merlon("device", "flash", "--dir", device.folder, "--command", command)
    device.start()
    device.wait(r"BL2: REVOKED \(118\): key 0 is revoked, by the holder of key 1", BOOT_S)
    device.wait("BL2: START", BOOT_S)
    device.kill()
    shown = json.loads(makers.merlon("device", "show", "--dir", device.folder, "--json"))
    assert [key["revoked"] for key in shown["keys"]] == [True, False]
    maker.flash(device.folder, workshop.images(key=old))
    device.start()
    device.wait(r"BL2: image 0 refused: KEY_REVOKED \(27\)", BOOT_S)
