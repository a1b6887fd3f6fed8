# SPDX-License-Identifier: Apache-2.0
"""What is promised holds in every run and not only when somebody measures; what does not hold yet is named and gets no worse."""
import bench
import common
import pytest


@pytest.mark.claim("bench.budget", "property")
@pytest.mark.parametrize("preset", ["an521-default", "an521-demo"])
def test_bl2_fits_its_budget(preset):
    board, product = preset.split("-")
    if not (common.BUILD / preset / "bin/bl2.elf").is_file():
        common.build(preset)
    metrics = bench.size_metrics(product, board)
    assert {"size.bl2.text", "size.bl2.ram"} <= {metric.name for metric in metrics}
    assert not bench.worse(metrics)
    broken = {metric.name for metric in bench.over_budget(metrics)}
    assert set(bench.BROKEN) <= broken, "a promise is kept now: take it out of bench.BROKEN"


@pytest.mark.slow
@pytest.mark.claim("bench.budget", "property")
def test_the_boot_fits_its_budget(tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    metrics = bench.boot_metrics("default")
    assert "boot.reset_to_ns_main" in {metric.name for metric in metrics}
    assert not bench.worse(metrics)


@pytest.mark.claim("bench.budget", "property")
def test_a_broken_promise_is_seen():
    limit = bench.BUDGETS["size.bl2.text"]
    assert not bench.over_budget([bench.Metric("size.bl2.text", "default", limit, "bytes")])
    assert bench.over_budget([bench.Metric("size.bl2.text", "default", limit + 1, "bytes")])
    known = bench.BROKEN["size.bl2.text"]
    assert not bench.worse([bench.Metric("size.bl2.text", "default", known, "bytes")])
    assert bench.worse([bench.Metric("size.bl2.text", "default", known + 1, "bytes")])
    assert bench.worse([bench.Metric("size.bl2.ram", "default", bench.BUDGETS["size.bl2.ram"] + 1, "bytes")])


@pytest.mark.claim("bench.budget", "property")
def test_peers_stand_beside_the_figures(tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    metrics = [bench.Metric("size.bl2.text", "default", 12345, "bytes"), bench.Metric("none.such", "default", 1.5, "ratio")]
    bench.add_peers(metrics)
    assert metrics[0].peer > 0 and metrics[0].peer_name and metrics[1].peer is None
    bench.write_report(metrics)
    assert "| size.bl2.text | default | 12,345 | bytes |" in (tmp_path / "report.md").read_text()
