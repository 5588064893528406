#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an archive of a project as somebody would who has nothing but Python, and compares it with what cellproof-cli says otherwise.
usage: check_archive.py CELLPROOF_CLI PROJECT ARCHIVE MASKS, where MASKS is what `export masks` wrote. Exit code 77 where numpy or PIL is absent."""
import hashlib
import json
import pathlib
import subprocess
import sys

try:
    import numpy
    from PIL import Image
except ImportError as error:
    print(error)
    sys.exit(77)


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def mask_of(folder, name):
    values = numpy.array(Image.open(folder / (name + ".png"))).astype(numpy.int64)
    high = folder / (name + "-high.png")
    return values + 65536 * numpy.array(Image.open(high)).astype(numpy.int64) if high.exists() else values


def main():
    cli, project, archive, masks = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
    info = json.loads(subprocess.run([cli, "info", project, "--json"], check=True, capture_output=True).stdout)
    about = load(archive / "project.json")
    assert about["format"] == "cellproof-archive" and about["formatVersion"] == 1
    assert about["scheme"]["name"] == info["scheme"] and about["pixelSize"] == info["pixelSize"]
    listed = dict(reversed(line.split("  ", 1)) for line in (archive / "manifest-sha256.txt").read_text(encoding="utf-8").splitlines())
    present = {str(path.relative_to(archive)) for path in archive.rglob("*") if path.is_file()}
    assert present == set(listed) | {"manifest-sha256.txt"}, present ^ set(listed)
    for path, digest in listed.items():
        assert hashlib.sha256((archive / path).read_bytes()).hexdigest() == digest, path

    names = {entry["id"]: entry["name"] for entry in about["scheme"]["classes"]}
    assert [field["id"] for field in about["fields"]] == [field["id"] for field in info["fields"]]
    total = reviewed = 0
    for field, told in zip(about["fields"], info["fields"]):
        folder = archive / field["folder"]
        record = load(folder / "field.json")
        for key in ("id", "state", "failure", "width", "height", "pixelSize", "cells"):
            assert record[key] == told[key], (field["id"], key)
        assert [entry["class"] for entry in record["weakLabels"]] == told["weakLabels"]
        assert list(record["channels"]) == told["channels"]
        history = folder / "history.jsonl"
        edits = [json.loads(line) for line in history.read_text(encoding="utf-8").splitlines()] if history.exists() else []
        assert len(edits) == record["edits"] and sum(edit["applied"] for edit in edits) == record["appliedEdits"]
        if not record["cells"]:
            continue
        content = load(folder / "cells.json")
        cells, nuclei = mask_of(folder, "cells"), mask_of(folder, "nuclei")
        assert cells.shape == nuclei.shape == (record["height"], record["width"])
        assert (cells == numpy.array(Image.open(masks / (field["id"] + "_cellmask.png")))).all()
        assert (nuclei == numpy.array(Image.open(masks / (field["id"] + "_nucleimask.png")))).all()
        assert set(numpy.unique(cells)) - {0} == {cell["id"] for cell in content["cells"]}
        for cell in content["cells"]:
            rows, columns = numpy.nonzero(cells == cell["id"])
            bounds = cell["bounds"]
            assert (columns.min(), rows.min()) == (bounds["x"], bounds["y"])
            assert (numpy.ptp(columns) + 1, numpy.ptp(rows) + 1) == (bounds["width"], bounds["height"])
            assert len(rows) == cell["area"] and (nuclei == cell["id"]).sum() == cell["nucleusArea"]
            assert cell["id"] < content["nextCellId"] == record["nextCellId"]
            assert content["provenances"][cell["maskProvenance"]]["source"] in ("model", "person")
            for label in cell["labels"]:
                assert label["name"] == names[label["class"]]
            total += 1
            reviewed += cell["review"] != "unreviewed"
    assert (total, reviewed) == (info["cells"], info["reviewed"]) and total > 0
    print("%d fields, %d cells agree" % (len(about["fields"]), total))


if __name__ == "__main__":
    main()
