// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/CorrectionEdit.h"
#include "core/annotation/MaskEdit.h"
#include "core/mask/Correct.h"
#include "core/mask/Repair.h"
#include "tests/core/mask/Masks.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <map>
#include <utility>
#include <vector>

// What one gesture costs, and beside it, named ...Plain, what it costs to copy the masks before it and to compare them pixel by
// pixel after it; dabPlain is that for every gesture that changes one mask.
namespace {

using namespace cellproof;

constexpr double kBrush = 40;

/// A field of range(0) pixels a side with about range(1) cells and a nucleus in each; made once.
const annotation::FieldAnnotation& fieldFor(const benchmark::State& state)
{
    static std::map<std::pair<int, int>, annotation::FieldAnnotation> fields;
    const int side = int(state.range(0));
    const int cells = int(state.range(1));
    annotation::FieldAnnotation& field = fields[{side, cells}];
    if (!field.size().isEmpty())
        return field;
    field = annotation::FieldAnnotation(base::Size{side, side});
    mask::LabelMask cellMask = testing::confluentMask({side, side}, cells, 1);
    mask::LabelMask nuclei({side, side});
    for (const auto& [id, extent] : mask::extentsOf(cellMask)) {
        const base::Rect& b = extent.bounds;
        for (int y = b.y + b.height / 3; y < b.bottom() - b.height / 3; ++y) {
            for (int x = b.x + b.width / 4; x < b.right() - b.width / 4; ++x) {
                if (cellMask.at({x, y}) == id && std::abs(x - b.x - b.width / 2) > b.width / 16)
                    nuclei.set({x, y}, id);
            }
        }
    }
    const mask::PairChange repair = mask::repairPair(cellMask, nuclei, 1);
    repair.cells.apply(cellMask);
    repair.nuclei.apply(nuclei);
    annotation::replaceSegmentation(field, cellMask, nuclei, {})->apply(field);
    return field;
}

mask::CellId middleCell(const annotation::FieldAnnotation& field)
{
    const base::Point middle = {field.size().width / 2, field.size().height / 2};
    mask::CellId nearest = 0;
    double least = 1e18;
    for (const auto& [id, cell] : field.cells()) {
        const double d = std::hypot(cell.bounds.x + cell.bounds.width / 2.0 - middle.x, cell.bounds.y + cell.bounds.height / 2.0 - middle.y);
        if (d < least) {
            least = d;
            nearest = id;
        }
    }
    return nearest;
}

/// Where the dabs of a stroke of 100 are: 3 pixels apart, slanting across the middle.
std::vector<base::Position> strokeIn(const annotation::FieldAnnotation& field)
{
    std::vector<base::Position> places;
    for (int i = 0; i < 100; ++i)
        places.push_back({field.size().width / 2.0 + (i - 50) * 2.6, field.size().height / 2.0 + (i - 50) * 1.5});
    return places;
}

mask::PairChange strokeOn(const annotation::FieldAnnotation& field)
{
    mask::PairEditor editor(annotation::pairMasksOf(field));
    const std::vector<base::Position> places = strokeIn(field);
    const mask::CellId id = middleCell(field);
    for (std::size_t i = 1; i < places.size(); ++i)
        editor.paint(mask::brushRegion(places[i - 1], places[i], kBrush), id, mask::Part::Cell, true);
    return editor.finish(mask::Pieces::BecomeCells, 16);
}

void sizesAndCells(benchmark::internal::Benchmark* benchmark)
{
    benchmark->ArgNames({"side", "cells"})->ArgsProduct({{512, 2048, 3072}, {10, 100, 1000}})->Unit(benchmark::kMicrosecond);
}

/// The first dab of a gesture: rows are copied that the document shares.
void firstDab(benchmark::State& state)
{
    const annotation::FieldAnnotation& field = fieldFor(state);
    const mask::PairMasks masks = annotation::pairMasksOf(field);
    const mask::CellId id = field.nextId(); // a new cell, so that every pixel under the brush changes
    const base::Position middle = {field.size().width / 2.0, field.size().height / 2.0};
    for (auto _ : state) {
        state.PauseTiming();
        {
            mask::PairEditor editor(masks);
            state.ResumeTiming();
            benchmark::DoNotOptimize(editor.paint(mask::brushRegion(middle, middle, kBrush), id, mask::Part::Cell, true));
            state.PauseTiming();
        }
        state.ResumeTiming();
    }
}
BENCHMARK(firstDab)->Apply(sizesAndCells);

/// A dab in the middle of a gesture, on average over a stroke.
void dab(benchmark::State& state)
{
    const annotation::FieldAnnotation& field = fieldFor(state);
    const mask::PairMasks masks = annotation::pairMasksOf(field);
    const mask::CellId id = field.nextId();
    const std::vector<base::Position> places = strokeIn(field);
    mask::PairEditor editor(masks);
    std::size_t i = 1;
    for (auto _ : state) {
        benchmark::DoNotOptimize(editor.paint(mask::brushRegion(places[i - 1], places[i], kBrush), id, mask::Part::Cell, true));
        if (++i == places.size()) {
            i = 1;
            state.PauseTiming();
            editor.abandon();
            state.ResumeTiming();
        }
    }
}
BENCHMARK(dab)->Apply(sizesAndCells);

void dabPlain(benchmark::State& state)
{
    const annotation::FieldAnnotation& field = fieldFor(state);
    const mask::CellId id = middleCell(field);
    const base::Position middle = {field.size().width / 2.0, field.size().height / 2.0};
    for (auto _ : state) {
        mask::LabelMask after = field.cellMask();
        after.detach();
        const mask::Region region = mask::brushRegion(middle, middle, kBrush);
        for (const mask::Span& span : region.spans())
            std::fill(after.row(span.y) + span.first, after.row(span.y) + span.end, id);
        benchmark::DoNotOptimize(mask::MaskDelta::between(field.cellMask(), after));
    }
}
BENCHMARK(dabPlain)->Apply(sizesAndCells);

/// From press to the change that release hands over.
void stroke(benchmark::State& state)
{
    const annotation::FieldAnnotation& field = fieldFor(state);
    for (auto _ : state)
        benchmark::DoNotOptimize(strokeOn(field));
}
BENCHMARK(stroke)->Apply(sizesAndCells);

/// What release adds.
void finish(benchmark::State& state)
{
    const annotation::FieldAnnotation& field = fieldFor(state);
    const mask::PairMasks masks = annotation::pairMasksOf(field);
    const mask::CellId id = middleCell(field);
    const std::vector<base::Position> places = strokeIn(field);
    for (auto _ : state) {
        state.PauseTiming();
        {
            mask::PairEditor editor(masks);
            for (std::size_t i = 1; i < places.size(); ++i)
                editor.paint(mask::brushRegion(places[i - 1], places[i], kBrush), id, mask::Part::Cell, true);
            state.ResumeTiming();
            benchmark::DoNotOptimize(editor.finish(mask::Pieces::BecomeCells, 16));
            state.PauseTiming();
        }
        state.ResumeTiming();
    }
}
BENCHMARK(finish)->Apply(sizesAndCells);

/// A stroke from corner to corner over every cell in its way, with release.
void longStroke(benchmark::State& state)
{
    const annotation::FieldAnnotation& field = fieldFor(state);
    const double side = field.size().width;
    for (auto _ : state) {
        mask::PairEditor editor(annotation::pairMasksOf(field));
        const mask::CellId id = editor.newId();
        for (int i = 0; i < 100; ++i)
            editor.paint(mask::brushRegion({side * i / 100, side * i / 100}, {side * (i + 1) / 100, side * (i + 1) / 100}, kBrush), id, mask::Part::Cell, true);
        benchmark::DoNotOptimize(editor.finish(mask::Pieces::BecomeCells, 16));
    }
}
BENCHMARK(longStroke)->Apply(sizesAndCells);

/// Release after a dab on a cell that is as large as the field: what finish() takes at most.
void finishOnCellOfWholeField(benchmark::State& state)
{
    const int side = int(state.range(0));
    mask::LabelMask cells({side, side});
    for (int y = 1; y < side - 1; ++y)
        std::fill_n(cells.row(y) + 1, side - 2, 1);
    const mask::LabelMask nuclei({side, side});
    const mask::BoundsOf bounds = [side](mask::CellId) { return base::Rect{1, 1, side - 2, side - 2}; };
    for (auto _ : state) {
        mask::PairEditor editor(cells, nuclei, 2, bounds);
        editor.erase(mask::brushRegion({side / 2.0, 0}, {side / 2.0, 0}, kBrush), 1, mask::Part::Cell);
        benchmark::DoNotOptimize(editor.finish(mask::Pieces::BecomeCells, 16));
    }
}
BENCHMARK(finishOnCellOfWholeField)->ArgName("side")->Arg(512)->Arg(2048)->Arg(3072)->Unit(benchmark::kMicrosecond);

void correctMasks(benchmark::State& state)
{
    const annotation::FieldAnnotation& field = fieldFor(state);
    const mask::PairChange change = strokeOn(field);
    for (auto _ : state)
        benchmark::DoNotOptimize(annotation::correctMasks(field, change, "Paint", {}));
}
BENCHMARK(correctMasks)->Apply(sizesAndCells);

void correctMasksPlain(benchmark::State& state)
{
    const annotation::FieldAnnotation& field = fieldFor(state);
    const mask::PairChange change = strokeOn(field);
    for (auto _ : state) {
        mask::LabelMask cells = field.cellMask();
        mask::LabelMask nuclei = field.nucleusMask();
        cells.detach();
        nuclei.detach();
        change.cells.apply(cells);
        change.nuclei.apply(nuclei);
        benchmark::DoNotOptimize(annotation::measureCells(cells, nuclei));
        benchmark::DoNotOptimize(mask::MaskDelta::between(field.cellMask(), cells));
        benchmark::DoNotOptimize(mask::MaskDelta::between(field.nucleusMask(), nuclei));
    }
}
BENCHMARK(correctMasksPlain)->Apply(sizesAndCells);

/// Taking a stroke back and making it again, while somebody holds the masks shown.
void undoAndRedo(benchmark::State& state)
{
    annotation::FieldAnnotation field = fieldFor(state);
    const auto edit = annotation::correctMasks(field, strokeOn(field), "Paint", {});
    edit->apply(field);
    for (auto _ : state) {
        const auto shown = field.sharedCellMask();
        edit->revert(field);
        edit->apply(field);
    }
}
BENCHMARK(undoAndRedo)->Apply(sizesAndCells);

void undoAndRedoPlain(benchmark::State& state)
{
    annotation::FieldAnnotation field = fieldFor(state);
    const annotation::FieldAnnotation before = field;
    annotation::correctMasks(field, strokeOn(field), "Paint", {})->apply(field);
    for (auto _ : state) {
        for (const annotation::FieldAnnotation* const one : {&before, &std::as_const(field)}) {
            mask::LabelMask cells = one->cellMask();
            mask::LabelMask nuclei = one->nucleusMask();
            cells.detach();
            nuclei.detach();
            benchmark::DoNotOptimize(cells);
            benchmark::DoNotOptimize(nuclei);
        }
    }
}
BENCHMARK(undoAndRedoPlain)->Apply(sizesAndCells);

template <typename Correct>
void correction(benchmark::State& state, Correct&& correct)
{
    const annotation::FieldAnnotation& field = fieldFor(state);
    const mask::CellId id = middleCell(field);
    bool changed = true;
    for (auto _ : state) {
        const mask::PairChange change = correct(annotation::pairMasksOf(field), id, *field.cell(id));
        changed = changed && !change.isEmpty();
    }
    if (!changed)
        state.SkipWithError("nothing was changed");
}

mask::CellId besideOf(const mask::PairMasks& masks, mask::CellId id)
{
    return masks.bounds(id + 1).isEmpty() ? id - 1 : id + 1;
}

void splitByLine(benchmark::State& state)
{
    correction(state, [](const mask::PairMasks& masks, mask::CellId id, const annotation::Cell& cell) {
        const base::Rect& b = cell.bounds;
        return mask::splitByLine(masks, id, {{b.x + b.width / 2.0, double(b.y)}, {b.x + b.width / 2.0 + 2, double(b.bottom())}}, mask::Part::Cell);
    });
}
BENCHMARK(splitByLine)->Apply(sizesAndCells);

void splitByNuclei(benchmark::State& state)
{
    correction(state, [](const mask::PairMasks& masks, mask::CellId id, const annotation::Cell&) { return mask::splitByNuclei(masks, id); });
}
BENCHMARK(splitByNuclei)->Apply(sizesAndCells);

void merge(benchmark::State& state)
{
    correction(state, [](const mask::PairMasks& masks, mask::CellId id, const annotation::Cell&) {
        return mask::merge(masks, {id, besideOf(masks, id)}, 2000);
    });
}
BENCHMARK(merge)->Apply(sizesAndCells);

void grow(benchmark::State& state)
{
    correction(state,
               [](const mask::PairMasks& masks, mask::CellId id, const annotation::Cell&) { return mask::grow(masks, {id}, 1, mask::Part::Cell, false); });
}
BENCHMARK(grow)->Apply(sizesAndCells);

void smooth(benchmark::State& state)
{
    correction(state, [](const mask::PairMasks& masks, mask::CellId id, const annotation::Cell&) { return mask::smooth(masks, {id}, 5, mask::Part::Both); });
}
BENCHMARK(smooth)->Apply(sizesAndCells);

/// A ring is painted and its inside filled, as finish() does it.
void fill(benchmark::State& state)
{
    correction(state, [](const mask::PairMasks& masks, mask::CellId id, const annotation::Cell& cell) {
        mask::PairEditor editor(masks);
        const base::Position middle = {cell.bounds.x + cell.bounds.width / 2.0, cell.bounds.y + cell.bounds.height / 2.0};
        editor.erase(mask::brushRegion(middle, middle, std::min(cell.bounds.width, cell.bounds.height) / 2.0), id, mask::Part::Both);
        return editor.finish(mask::Pieces::BecomeCells);
    });
}
BENCHMARK(fill)->Apply(sizesAndCells);

void repairPair(benchmark::State& state)
{
    const annotation::FieldAnnotation& field = fieldFor(state);
    for (auto _ : state)
        benchmark::DoNotOptimize(mask::repairPair(field.cellMask(), field.nucleusMask(), field.nextId()));
}
BENCHMARK(repairPair)->Apply(sizesAndCells);

} // namespace
