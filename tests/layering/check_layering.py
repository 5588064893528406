#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails on every include that points up, and on Qt, LibTorch and OpenCV where they have no place.
usage: check_layering.py SOURCE_FOLDER"""
import pathlib
import re
import sys

# From the bottom up; a module may include itself and what lies below, and the siblings named in SIBLINGS.
LAYERS = [
    {"core/base"},
    {"core/image"},
    {"core/mask"},
    {"core/annotation", "core/measure", "core/metrics", "core/nn"},
    {"core/exchange", "core/store", "core/learning", "core/classification", "core/segmentation", "core/jobs", "core/simulate"},
    {"core/pipeline"},
    {"ui/canvas", "ui/charts", "ui/commands"},
    {"ui/session"},
    {"ui/models", "ui/tools"},
    {"ui/panels", "ui/dialogs"},
    {"ui/window"},
    {"app/cli", "app/gui"},
    {"app/render"},
]
RANK = {module: rank for rank, layer in enumerate(LAYERS) for module in layer}
QT_CORE_MODULES = {"core/store", "core/exchange", "core/jobs"}
QT_CORE_HEADERS = {"QString", "QStringList", "QVariant", "QByteArray", "QDateTime", "QHash", "QSqlDatabase", "QSqlError", "QSqlQuery", "QSysInfo", "QTimeZone", "QtGlobal"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def module_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else None


def faults_of(path, text):
    module = module_of(path)
    if module not in RANK:
        yield 0, "module %s is not in the layers of this check" % module
        return
    header = path.endswith(".h")
    # A header whose class comment says so is for its module's .cpp files alone.
    private = "for .cpp files" in text.lower() or "only inside" in text.lower()
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(r"\bcv::(imshow|namedWindow|waitKey)\b", line):
            yield number, "OpenCV's highgui is not used"
        match = INCLUDE.match(line)
        if not match:
            continue
        quoted, name = match.group(1) == '"', match.group(2)
        if quoted:
            target = module_of(name)
            if target is None or target not in RANK:
                yield number, "%s is not the path of a module from the source folder" % name
            elif target != module and RANK[target] >= RANK[module]:
                yield number, "%s must not include %s" % (module, name)
            continue
        if name.startswith("opencv2/highgui"):
            yield number, "OpenCV's highgui is not used"
        if re.match(r"(torch|ATen|c10)/", name) and (module != "core/nn" or header):
            yield number, "LibTorch stays in the .cpp files of core/nn"
        if header and not private and re.match(r"(opencv2/|spng\.h|tiff|turbojpeg\.h|nlohmann/|zlib\.h|qcustomplot\.h)", name) and module not in {"app/cli"} and path != "ui/charts/PlotLibrary.h":
            yield number, "%s stays out of public headers" % name
        if name == "qcustomplot.h" and not path.startswith("ui/charts/"):
            yield number, "QCustomPlot stays in ui/charts"
        if re.match(r"Q[A-Z]|Qt", name) and module.startswith("core/"):
            if module not in QT_CORE_MODULES:
                yield number, "%s is free of Qt" % module
            elif name not in QT_CORE_HEADERS:
                yield number, "core uses Qt Core and Qt Sql only (%s)" % name
        if re.match(r"Q(Widget|Application|Painter|Pixmap|Image)$", name) and module == "app/cli":
            yield number, "the command line is free of Qt Gui"


def main():
    root = pathlib.Path(sys.argv[1])
    count = faults = 0
    for folder in ("core", "ui", "app"):
        for file in sorted((root / folder).rglob("*")):
            if file.suffix not in {".h", ".cpp"}:
                continue
            count += 1
            path = file.relative_to(root).as_posix()
            text = file.read_text(encoding="utf-8")
            found = list(faults_of(path, text))
            if re.search(r"\b(slots|signals|emit|foreach)\b\s*[:(]", text) and path != "ui/charts/PlotLibrary.h":
                found.append((0, "Qt keywords are not used (QT_NO_KEYWORDS)"))
            if path == "app/gui/main.cpp" and len(text.splitlines()) >= 100:
                found.append((0, "main.cpp stays under 100 lines"))
            if len(text.splitlines()) > 800:
                found.append((0, "more than 800 lines: look for the second subject"))
            for line, fault in found:
                faults += 1
                print("%s:%d: %s" % (path, line, fault))
    assert count > 50, "the check looked at %d files only" % count
    # The check must be able to fail.
    assert list(faults_of("core/mask/X.cpp", '#include "core/store/Project.h"')), "an arrow that points up was not seen"
    assert list(faults_of("core/image/X.h", "#include <opencv2/core.hpp>")), "OpenCV in a public header was not seen"
    assert list(faults_of("core/mask/X.cpp", "#include <torch/torch.h>")), "LibTorch outside core/nn was not seen"
    assert list(faults_of("core/annotation/X.h", "#include <QString>")), "Qt in core was not seen"
    print("%d files, %d faults" % (count, faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
