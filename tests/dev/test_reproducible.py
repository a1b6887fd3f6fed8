# SPDX-License-Identifier: Apache-2.0
"""The same sources give the same bytes in another folder."""
import common
import negative
import pytest

GENERATORS = ("boardgen", "productgen", "spmgen")


@pytest.mark.slow
@pytest.mark.claim("tree.reproducible", "property")
def test_another_folder_gives_the_same_images():
    copy = negative.Scratch(folder=common.BUILD / "reproducible/another/folder")
    for preset, targets in (("host", GENERATORS), ("an521-default", ("image_bl2", "image_secure"))):
        error = copy.build(preset, *targets)
        assert error is None, error
    for name in ("bl2.bin", "secure.bin"):
        here, there = (root / "an521-default/bin" / name for root in (common.BUILD, copy.folder / "build"))
        assert here.read_bytes() == there.read_bytes(), f"{name} depends on the folder"
