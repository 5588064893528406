// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/Correct.h"

#include "core/base/Error.h"
#include "core/mask/DistanceTransform.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string>
#include <utility>

namespace cellproof::mask {

namespace {

/// One number for each pixel of a shape: kOutside for those that are not its own, 0 for those not yet given to a part, else
/// the number of the part, from 1.
struct Plan
{
    static constexpr int kOutside = -1;

    explicit Plan(const base::Rect& around) : rect(around.grown(1)), parts(std::size_t(rect.width) * std::size_t(rect.height), kOutside) {}

    [[nodiscard]] std::size_t at(int x, int y) const { return std::size_t(y - rect.y) * std::size_t(rect.width) + std::size_t(x - rect.x); }

    void put(const std::vector<Span>& spans, int value)
    {
        for (const Span& span : spans)
            std::fill_n(parts.begin() + std::ptrdiff_t(at(span.first, span.y)), span.end - span.first, value);
    }

    /// The pixels of each part; the first entry is those that were given to none.
    [[nodiscard]] std::vector<Region> regions(int count) const
    {
        std::vector<std::vector<Span>> spans(std::size_t(count) + 1);
        for (int y = rect.y; y < rect.bottom(); ++y) {
            const int* const row = parts.data() + at(rect.x, y);
            for (int x = 0; x < rect.width;) {
                const int start = x;
                while (x < rect.width && row[x] == row[start])
                    ++x;
                if (row[start] != kOutside)
                    spans[std::size_t(row[start])].push_back({y, rect.x + start, rect.x + x});
            }
        }
        std::vector<Region> result;
        for (std::vector<Span>& list : spans)
            result.emplace_back(std::move(list));
        return result;
    }

    /// Gives pixels that have no part to the nearest one, in steps over 4 neighbours.
    void absorbRest()
    {
        const int stride = rect.width;
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (parts[i] > 0)
                open.push_back(i);
        }
        for (std::size_t next = 0; next < open.size(); ++next) {
            const std::size_t here = open[next];
            for (const int step : {-stride, -1, 1, stride}) {
                const std::size_t there = here + std::size_t(std::ptrdiff_t(step));
                if (parts[there] == 0) {
                    parts[there] = parts[here];
                    open.push_back(there);
                }
            }
        }
    }

    base::Rect rect; ///< one pixel more on each side than the shape has, all of them outside
    std::vector<int> parts;
};

/// Gives all pixels inside to the nearest part on a way inside: Dijkstra over 8 neighbours with lengths 5 and 7. A step over
/// a corner needs one of the two pixels beside it.
void spreadParts(Plan& plan)
{
    constexpr int kStraight = 5;
    constexpr int kOver = 7;
    const std::ptrdiff_t stride = plan.rect.width;
    std::vector<int> distances(plan.parts.size(), std::numeric_limits<int>::max());
    std::array<std::vector<std::size_t>, kOver + 1> buckets; // by distance, in a ring
    std::size_t left = 0;
    for (std::size_t i = 0; i < plan.parts.size(); ++i) {
        if (plan.parts[i] <= 0)
            continue;
        distances[i] = 0;
        // Only the rim of a part spreads.
        const auto isOpen = [&](std::ptrdiff_t step) { return plan.parts[i + std::size_t(step)] == 0; };
        if (isOpen(-1) || isOpen(1) || isOpen(-stride) || isOpen(stride) || isOpen(-stride - 1) || isOpen(-stride + 1) || isOpen(stride - 1) ||
            isOpen(stride + 1)) {
            buckets[0].push_back(i);
            ++left;
        }
    }
    std::vector<std::size_t> now;
    for (int distance = 0; left > 0; ++distance) {
        now.clear();
        now.swap(buckets[std::size_t(distance) % buckets.size()]);
        left -= now.size();
        for (const std::size_t here : now) {
            if (distances[here] != distance)
                continue;
            const auto reach = [&](std::ptrdiff_t step, int length) {
                const std::size_t there = here + std::size_t(step);
                if (plan.parts[there] == Plan::kOutside || distances[there] <= distance + length)
                    return;
                distances[there] = distance + length;
                plan.parts[there] = plan.parts[here];
                buckets[std::size_t(distance + length) % buckets.size()].push_back(there);
                ++left;
            };
            const auto isInside = [&](std::ptrdiff_t step) { return plan.parts[here + std::size_t(step)] != Plan::kOutside; };
            const std::array<bool, 4> beside = {isInside(-stride), isInside(1), isInside(stride), isInside(-1)};
            reach(-stride, kStraight);
            reach(1, kStraight);
            reach(stride, kStraight);
            reach(-1, kStraight);
            if (beside[0] || beside[3])
                reach(-stride - 1, kOver);
            if (beside[0] || beside[1])
                reach(-stride + 1, kOver);
            if (beside[2] || beside[3])
                reach(stride - 1, kOver);
            if (beside[2] || beside[1])
                reach(stride + 1, kOver);
        }
    }
}

/// The pixels of a plan without a part, the highest first, in steps of 1/32; in raster order within a step.
std::vector<std::size_t> fromHighest(const Plan& plan, const std::vector<float>& heights)
{
    const auto stepOf = [&](std::size_t i) { return std::size_t(heights[i] * 32); };
    std::vector<std::size_t> starts(stepOf(std::size_t(std::max_element(heights.begin(), heights.end()) - heights.begin())) + 2, 0);
    for (std::size_t i = 0; i < plan.parts.size(); ++i) {
        if (plan.parts[i] == 0)
            ++starts[stepOf(i)];
    }
    std::size_t count = 0;
    for (std::size_t step = starts.size(); step-- > 0;)
        count += std::exchange(starts[step], count);
    std::vector<std::size_t> order(count);
    for (std::size_t i = 0; i < plan.parts.size(); ++i) {
        if (plan.parts[i] == 0)
            order[starts[stepOf(i)]++] = i;
    }
    return order;
}

/// The lobes of a nucleus, numbered as parts of a plan: one for each maximum of its distance transform that is parted from any
/// higher one by a saddle lower by a fifth of it and by one pixel at least. Pixels are taken from the highest down and go
/// to the lobe they touch.
Plan lobesOf(const Region& nucleus)
{
    constexpr double kDepth = 0.2;
    Plan plan(nucleus.bounds());
    plan.put(nucleus.spans(), 0);
    const std::vector<float> heights = distancesInside(nucleus, plan.rect);
    const std::vector<std::size_t> order = fromHighest(plan, heights);
    std::vector<int> parents = {0}; // of lobes, from 1
    std::vector<float> peaks = {0};
    const auto rootOf = [&](int lobe) {
        while (parents[std::size_t(lobe)] != lobe)
            lobe = parents[std::size_t(lobe)];
        return lobe;
    };
    const int stride = plan.rect.width;
    for (const std::size_t here : order) {
        int highest = 0;
        for (const int step : {-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1}) {
            const int part = plan.parts[here + std::size_t(std::ptrdiff_t(step))];
            if (part <= 0)
                continue;
            const int lobe = rootOf(part);
            if (highest == 0 || lobe == highest) {
                highest = lobe;
                continue;
            }
            const int lower = std::max(lobe, highest); // lobes are made from the highest down
            highest = std::min(lobe, highest);
            const float peak = peaks[std::size_t(lower)];
            if (peak - heights[here] < std::max(1.0, kDepth * peak))
                parents[std::size_t(lower)] = highest;
        }
        if (highest == 0) {
            highest = int(parents.size());
            parents.push_back(highest);
            peaks.push_back(heights[here]);
        }
        plan.parts[here] = highest;
    }
    // The highest lobe of all becomes part 1, and so on.
    std::vector<int> numbers(parents.size(), 0);
    int count = 0;
    for (std::size_t i = 1; i < parents.size(); ++i)
        numbers[i] = parents[i] == int(i) ? ++count : numbers[std::size_t(rootOf(int(i)))];
    for (int& part : plan.parts)
        part = part > 0 ? numbers[std::size_t(part)] : part;
    return plan;
}

/// The parts of a shape around seeds inside it, each in one 4-connected piece, all pixels given away.
std::vector<Region> territories(const Region& shape, const std::vector<Region>& seeds)
{
    Plan plan(shape.bounds());
    plan.put(shape.spans(), 0);
    for (std::size_t i = 0; i < seeds.size(); ++i)
        plan.put(seeds[i].spans(), int(i) + 1);
    spreadParts(plan);
    // Ways over corners may leave pixels behind.
    const std::vector<Region> spread = plan.regions(int(seeds.size()));
    plan.put(shape.spans(), 0);
    for (std::size_t i = 0; i < seeds.size(); ++i) {
        const Span& seed = seeds[i].spans().front();
        for (const Region& piece : piecesOf(spread[i + 1])) {
            if (piece.contains({seed.first, seed.y}))
                plan.put(piece.spans(), int(i) + 1);
        }
    }
    plan.absorbRest();
    std::vector<Region> result = plan.regions(int(seeds.size()));
    result.erase(result.begin());
    return result;
}

/// Makes cells of the parts of a cell; the largest keeps the id.
PairChange takeApart(PairEditor& editor, CellId id, const std::vector<Region>& parts)
{
    const auto largest = std::ranges::max_element(parts, {}, &Region::area);
    for (auto part = parts.begin(); part != parts.end(); ++part) {
        if (part != largest)
            editor.paint(*part, editor.newId(id), Part::Cell, true);
    }
    return editor.finish(Pieces::BecomeCells);
}

Region regionOf(const Shape& shape)
{
    std::vector<Span> spans;
    for (const Shape::Part& piece : shape.pieces)
        spans.insert(spans.end(), piece.spans.begin(), piece.spans.end());
    return Region(std::move(spans));
}

/// The nuclei of a cell, as far as they lie inside it: masks from elsewhere may not keep the pair rules.
std::vector<Region> nucleiIn(const Region& cell, const PairEditor& editor, CellId id, const base::Rect& bounds)
{
    const Region all = regionOf(shapeOf(editor.nuclei(), id, bounds));
    return piecesOf(all.without(all.without(cell)));
}

/// Where a line goes on from its end, straight, as long as that lies in a region.
std::optional<base::Position> prolonged(const std::vector<base::Position>& line, const Region& inside)
{
    constexpr double kFar = 4; // nearer positions tell little of a direction drawn by hand
    const base::Position end = line.back();
    const auto pixelOf = [](base::Position p) { return base::Point{int(std::floor(p.x)), int(std::floor(p.y))}; };
    if (!inside.contains(pixelOf(end)))
        return std::nullopt;
    base::Position from = line.front();
    for (auto p = line.rbegin(); p != line.rend(); ++p) {
        if (std::hypot(end.x - p->x, end.y - p->y) >= kFar) {
            from = *p;
            break;
        }
    }
    const double length = std::hypot(end.x - from.x, end.y - from.y);
    if (length == 0)
        return std::nullopt;
    const base::Position step = {(end.x - from.x) / length / 2, (end.y - from.y) / length / 2};
    base::Position p = end;
    while (inside.contains(pixelOf(p)))
        p = {p.x + step.x, p.y + step.y};
    return p;
}

Region cutAlong(std::vector<base::Position> line, const Region& inside)
{
    std::erase_if(line, [](base::Position p) { return !(std::abs(p.x) <= kRegionReach && std::abs(p.y) <= kRegionReach); });
    if (line.size() < 2)
        return {};
    const std::optional<base::Position> behind = prolonged(line, inside);
    std::reverse(line.begin(), line.end());
    if (const std::optional<base::Position> before = prolonged(line, inside))
        line.push_back(*before);
    std::reverse(line.begin(), line.end());
    if (behind)
        line.push_back(*behind);
    std::vector<Span> spans;
    for (std::size_t i = 1; i < line.size(); ++i) {
        const Region way = brushRegion(line[i - 1], line[i], 0);
        spans.insert(spans.end(), way.spans().begin(), way.spans().end());
    }
    return Region(std::move(spans));
}

/// What of a shape is beside a cut, in 4-connected parts; slivers are left out.
std::vector<Region> partsBeside(const Region& shape, const Region& cut)
{
    std::vector<Region> parts = piecesOf(shape.without(cut));
    const std::int64_t sliver = std::max<std::int64_t>(4, shape.area() / 200);
    std::erase_if(parts, [&](const Region& part) { return part.area() < sliver; });
    return parts;
}

} // namespace

PairChange splitByLine(const PairMasks& masks, CellId id, const std::vector<base::Position>& line, Part part)
{
    PairEditor editor(masks);
    if (id <= 0)
        return {};
    const base::Rect bounds = editor.boundsOf(id);
    if (part == Part::Nucleus) {
        for (const Shape::Part& piece : shapeOf(editor.nuclei(), id, bounds).pieces) {
            const Region nucleus(piece.spans);
            const std::vector<Region> parts = partsBeside(nucleus, cutAlong(line, nucleus));
            if (parts.size() < 2)
                continue;
            Region gone = nucleus;
            for (const Region& kept : parts)
                gone = gone.without(kept);
            editor.erase(gone, id, Part::Nucleus);
        }
        return editor.finish(Pieces::BecomeCells);
    }
    const Region cell = regionOf(shapeOf(editor.cells(), id, bounds));
    const std::vector<Region> parts = partsBeside(cell, cutAlong(line, cell));
    if (parts.size() < 2)
        return {};
    Plan plan(cell.bounds());
    plan.put(cell.spans(), 0);
    for (std::size_t i = 0; i < parts.size(); ++i)
        plan.put(parts[i].spans(), int(i) + 1);
    plan.absorbRest();
    std::vector<Region> whole = plan.regions(int(parts.size()));
    whole.erase(whole.begin());
    return takeApart(editor, id, whole);
}

PairChange splitByNuclei(const PairMasks& masks, CellId id)
{
    PairEditor editor(masks);
    if (id <= 0)
        return {};
    const base::Rect bounds = editor.boundsOf(id);
    const Region cell = regionOf(shapeOf(editor.cells(), id, bounds));
    std::vector<Region> nuclei = nucleiIn(cell, editor, id, bounds);
    const auto leaveOutDebris = [&] {
        std::int64_t largest = 0;
        for (const Region& nucleus : nuclei)
            largest = std::max(largest, nucleus.area());
        std::erase_if(nuclei, [&](const Region& nucleus) { return nucleus.area() * 10 < largest; });
    };
    leaveOutDebris();
    if (nuclei.size() == 1) {
        const Plan lobes = lobesOf(nuclei.front());
        nuclei = lobes.regions(*std::max_element(lobes.parts.begin(), lobes.parts.end()));
        leaveOutDebris();
    }
    if (nuclei.size() < 2)
        return {};
    return takeApart(editor, id, territories(cell, nuclei));
}

PairChange giveNucleus(const PairMasks& masks, base::Point inNucleus, CellId to)
{
    const CellId id = masks.nuclei.atOrBackground(inNucleus);
    PairEditor editor(masks);
    if (id <= 0 || id == to || to <= 0 || to >= masks.nextId || editor.boundsOf(to).isEmpty())
        return {};
    const base::Rect bounds = editor.boundsOf(id);
    const Region cell = regionOf(shapeOf(editor.cells(), id, bounds));
    const std::vector<Region> nuclei = nucleiIn(cell, editor, id, bounds);
    const auto chosen = std::ranges::find_if(nuclei, [&](const Region& nucleus) { return nucleus.contains(inNucleus); });
    if (chosen == nuclei.end())
        return {};
    const std::vector<Region> parts = territories(cell, nuclei);
    if (parts.size() == 1)
        editor.merge(id, to);
    else
        editor.paint(parts[std::size_t(chosen - nuclei.begin())], to, Part::Cell, true);
    if (shapeOf(editor.cells(), to, editor.boundsOf(to)).pieces.size() > 1)
        throw base::Error("Cells " + std::to_string(id) + " and " + std::to_string(to) + " do not touch there.");
    return editor.finish(Pieces::BecomeCells);
}

} // namespace cellproof::mask
