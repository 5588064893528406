// SPDX-License-Identifier: GPL-3.0-or-later
// What it costs that every stroke is in the project file when the gesture ends. Files lie in CELLPROOF_BENCH_FOLDER,
// else in the temporary folder; in /dev/shm flushing costs nothing, which leaves the work of the processor.
#include "core/annotation/MaskEdit.h"
#include "core/mask/MaskCodec.h"
#include "core/store/Project.h"
#include "tests/core/mask/Masks.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <unistd.h>

namespace {

using namespace cellproof;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int kStrokes = 200;
constexpr int kDiameter = 40;
constexpr int kLength = 60; // pixels that the brush is moved

const annotation::Provenance kModel{annotation::Source::Model, "classical", "1", 1000};
const annotation::Provenance kPerson{annotation::Source::Person, "Ada", {}, 2000};

/// A field of range(0) pixels a side with range(1) cells, and strokes on cell after cell.
struct Field
{
    annotation::FieldAnnotation start;
    std::shared_ptr<const annotation::Edit> segmentation;
    std::vector<std::shared_ptr<const annotation::Edit>> strokes;
    annotation::FieldAnnotation end;
};

/// The innermost pixels of each cell.
mask::LabelMask nucleiOf(const mask::LabelMask& cells)
{
    mask::LabelMask nuclei(cells.size());
    for (const auto& [id, extent] : mask::extentsOf(cells)) {
        const base::Rect inner = extent.bounds.grown(-std::min(extent.bounds.width, extent.bounds.height) / 3);
        for (int y = inner.y; y < inner.bottom(); ++y) {
            for (int x = inner.x; x < inner.right(); ++x) {
                if (cells.at({x, y}) == id)
                    nuclei.set({x, y}, id);
            }
        }
    }
    return nuclei;
}

/// Moves the brush along the right border of a cell: over the background, or, where it was there before, as an eraser.
std::shared_ptr<const annotation::Edit> strokeOn(const annotation::FieldAnnotation& field, const annotation::Cell& cell, const base::Rect& bounds, bool erase)
{
    mask::LabelMask after = field.cellMask();
    const int x0 = bounds.right() - 1;
    const int y0 = bounds.y + bounds.height / 2 - kLength / 2;
    constexpr int radius = kDiameter / 2;
    const base::Rect region = base::Rect{x0 - radius, y0 - radius, kDiameter + 1, kLength + kDiameter}.intersected(after.rect());
    annotation::Cell changed = cell;
    for (int y = region.y; y < region.bottom(); ++y) {
        const int off = std::max({y0 - y, y - (y0 + kLength), 0});
        for (int x = region.x; x < region.right(); ++x) {
            if ((x - x0) * (x - x0) + off * off <= radius * radius && after.at({x, y}) == (erase ? cell.id : 0)) {
                after.set({x, y}, erase ? 0 : cell.id);
                changed.area += erase ? -1 : 1;
            }
        }
    }
    changed.maskProvenance = kPerson;
    return std::make_shared<annotation::MaskEdit>("Paint cell " + std::to_string(cell.id), mask::MaskDelta::between(field.cellMask(), after, region),
                                                  mask::MaskDelta(), std::map<mask::CellId, annotation::MaskEdit::Change>{{cell.id, {cell, changed}}});
}

const Field& fieldFor(int side, int cells)
{
    static std::map<std::pair<int, int>, Field> fields;
    Field& field = fields[{side, cells}];
    if (!field.strokes.empty())
        return field;
    mask::LabelMask mask = testing::confluentMask({side, side}, cells, 1);
    mask::LabelMask nuclei = nucleiOf(mask);
    annotation::FieldAnnotation document(base::Size{side, side});
    field.segmentation = annotation::replaceSegmentation(document, std::move(mask), std::move(nuclei), kModel);
    field.segmentation->apply(document);
    field.start = document;
    std::vector<mask::CellId> ids;
    for (const auto& [id, cell] : document.cells())
        ids.push_back(id);
    for (int i = 0; i < kStrokes; ++i) {
        // Far from each other, as a person goes through a field.
        const annotation::Cell& cell = *document.cell(ids[std::size_t(i) * 7 % ids.size()]);
        auto stroke = strokeOn(document, cell, field.start.cell(cell.id)->bounds, i / int(ids.size()) % 2 == 1);
        stroke->apply(document);
        field.strokes.push_back(std::move(stroke));
    }
    field.end = document;
    return field;
}

const Field& fieldFor(const benchmark::State& state)
{
    return fieldFor(int(state.range(0)), int(state.range(1)));
}

fs::path benchFolder()
{
    const char* const given = std::getenv("CELLPROOF_BENCH_FOLDER");
    return (given && *given ? fs::path(given) : fs::temp_directory_path()) / ("cellproof-bench-" + std::to_string(::getpid()));
}

/// A project with the segmented field, which goes with this.
struct BenchProject
{
    fs::path folder = benchFolder();
    store::Project project;

    explicit BenchProject(const Field& field) : project((fs::create_directories(folder), store::Project::create(folder / "p.cellproof", {})))
    {
        image::FieldFiles files;
        files.id = "a";
        project.addFields({files});
        project.setFieldContent(0, {field.start.size(), 0.08, {}, {}});
        project.apply(0, field.segmentation);
    }
    BenchProject(const BenchProject&) = delete;
    BenchProject& operator=(const BenchProject&) = delete;
    ~BenchProject() { fs::remove_all(folder); }
};

/// Runs `step` once for each stroke and reports the middle and the slow end of its times.
template <typename Step>
void timeEach(benchmark::State& state, Step step)
{
    std::vector<double> times;
    for (int i = 0; i < kStrokes; ++i) {
        const auto start = Clock::now();
        step(std::size_t(i));
        times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    std::ranges::sort(times);
    state.SetIterationTime(times[kStrokes / 2] / 1000);
    state.counters["p99_ms"] = times[kStrokes * 99 / 100];
    state.counters["max_ms"] = times.back();
}

void sizesAndCells(benchmark::internal::Benchmark* benchmark)
{
    benchmark->ArgNames({"side", "cells"})->ArgsProduct({{512, 2048, 3072}, {10, 100, 1000}})->Unit(benchmark::kMillisecond);
}

/// The time shown is the median of kStrokes calls.
void sizesAndCellsOnce(benchmark::internal::Benchmark* benchmark)
{
    sizesAndCells(benchmark);
    benchmark->Iterations(1)->UseManualTime();
}

void storeApplyStroke(benchmark::State& state)
{
    const Field& field = fieldFor(state);
    for (auto _ : state) {
        BenchProject p(field);
        timeEach(state, [&](std::size_t i) { p.project.apply(0, field.strokes[i]); });
    }
}
BENCHMARK(storeApplyStroke)->Apply(sizesAndCellsOnce);

void storeUndoStroke(benchmark::State& state)
{
    const Field& field = fieldFor(state);
    for (auto _ : state) {
        BenchProject p(field);
        for (const auto& stroke : field.strokes)
            p.project.apply(0, stroke);
        timeEach(state, [&](std::size_t) { p.project.undo(0); });
    }
}
BENCHMARK(storeUndoStroke)->Apply(sizesAndCellsOnce);

void storeRedoStroke(benchmark::State& state)
{
    const Field& field = fieldFor(state);
    for (auto _ : state) {
        BenchProject p(field);
        for (const auto& stroke : field.strokes)
            p.project.apply(0, stroke);
        for (std::size_t i = 0; i < field.strokes.size(); ++i)
            p.project.undo(0);
        timeEach(state, [&](std::size_t) { p.project.redo(0); });
    }
}
BENCHMARK(storeRedoStroke)->Apply(sizesAndCellsOnce);

/// The part of it that happens in memory.
void storeApplyInMemory(benchmark::State& state)
{
    const Field& field = fieldFor(state);
    for (auto _ : state) {
        annotation::FieldAnnotation document = field.start;
        timeEach(state, [&](std::size_t i) {
            const annotation::FieldAnnotation shown = document;
            field.strokes[i]->apply(document);
        });
    }
}
BENCHMARK(storeApplyInMemory)->Apply(sizesAndCellsOnce);

/// The part of it that packs the edit for the history.
void storePackEdit(benchmark::State& state)
{
    const Field& field = fieldFor(state);
    std::size_t bytes = 0;
    for (auto _ : state)
        timeEach(state, [&](std::size_t i) { bytes += field.strokes[i]->toBytes().size(); });
    state.counters["bytes"] = double(bytes) / kStrokes;
}
BENCHMARK(storePackEdit)->Apply(sizesAndCellsOnce);

/// What undo pays for edits that are not held in memory.
void storeUnpackEdit(benchmark::State& state)
{
    const Field& field = fieldFor(state);
    std::vector<std::vector<std::uint8_t>> packed;
    for (const auto& stroke : field.strokes)
        packed.push_back(stroke->toBytes());
    for (auto _ : state)
        timeEach(state, [&](std::size_t i) { benchmark::DoNotOptimize(annotation::Edit::fromBytes("mask", packed[i])); });
}
BENCHMARK(storeUnpackEdit)->Apply(sizesAndCellsOnce);

/// The plain way: all of both masks for each stroke.
void storePackWholeMasks(benchmark::State& state)
{
    const Field& field = fieldFor(state);
    std::size_t bytes = 0;
    for (auto _ : state)
        bytes = mask::pairToBytes(field.start.cellMask(), field.start.nucleusMask(), 0, field.start.size().height).size();
    state.counters["bytes"] = double(bytes);
}
BENCHMARK(storePackWholeMasks)->Apply(sizesAndCells);

/// The masks that a stroke touches, cut into bands of range(1) rows: packing one band (the median of all), and what all take.
void storePackBand(benchmark::State& state)
{
    const Field& field = fieldFor(3072, 1000);
    const int rows = int(state.range(0));
    const mask::LabelMask& whole = field.start.cellMask();
    std::size_t bytes = 0;
    for (auto _ : state) {
        int first = 0;
        timeEach(state, [&](std::size_t) {
            bytes += mask::pairToBytes(whole, field.start.nucleusMask(), first, std::min(rows, whole.height() - first)).size();
            first = first + rows < whole.height() ? first + rows : 0;
        });
    }
    state.counters["bytes_of_masks"] = double(bytes) / kStrokes * ((whole.height() + rows - 1) / rows);
}
BENCHMARK(storePackBand)->ArgName("rows")->RangeMultiplier(2)->Range(16, 512)->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);

/// Reading a field with strokes in its history: what showing it costs where it is not in memory.
void storeLoadField(benchmark::State& state)
{
    const Field& field = fieldFor(state);
    BenchProject p(field);
    for (const auto& stroke : field.strokes)
        p.project.apply(0, stroke);
    for (auto _ : state) {
        store::Project again = store::Project::open(p.project.path());
        benchmark::DoNotOptimize(again.annotation(0));
    }
    state.counters["file_bytes"] = double(fs::file_size(p.project.path()));
}
BENCHMARK(storeLoadField)->Apply(sizesAndCells);

/// Flushing 16 KiB alone: what a disk asks for each commit at least.
void storeFlushAlone(benchmark::State& state)
{
    const fs::path folder = benchFolder();
    fs::create_directories(folder);
    const int file = ::open((folder / "flush").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    const std::vector<char> bytes(16384, 'x');
    for (auto _ : state)
        timeEach(state, [&](std::size_t i) {
            if (::pwrite(file, bytes.data(), bytes.size(), off_t(i * bytes.size())) < 0 || ::fdatasync(file) != 0)
                state.SkipWithError("cannot be written");
        });
    ::close(file);
    fs::remove_all(folder);
}
BENCHMARK(storeFlushAlone)->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);

} // namespace
