// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/Matching.h"

#include "core/base/Error.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace cellproof::mask {

namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

/// A candidate among the cells that are left; `right` counts the cells of the second mask.
struct Edge
{
    std::size_t right = 0;
    double weight = 0.0;
    std::size_t candidate = 0; ///< place in the list of candidates
};

/// The assignment of greatest weight, not necessarily of most pairs, between left and right vertices. Returns for each left vertex its
/// edge, or -1. Shortest augmenting paths one left vertex after another; each has a right vertex of its own of weight 0, so
/// that it may also stay alone, and all are assigned.
std::vector<std::ptrdiff_t> assign(const std::vector<std::vector<Edge>>& edges, std::size_t rightCount)
{
    const std::size_t leftCount = edges.size();
    const std::size_t alone = rightCount; // the right vertex of left vertex i alone is alone + i
    std::vector<double> leftPotential(leftCount, 0.0);
    std::vector<double> rightPotential(rightCount + leftCount, 0.0);
    std::vector<std::ptrdiff_t> owner(rightCount + leftCount, -1);
    std::vector<std::ptrdiff_t> chosen(leftCount, -1);
    std::vector<double> distance(rightCount + leftCount, kInfinite);
    std::vector<std::pair<std::size_t, std::ptrdiff_t>> cameFrom(rightCount + leftCount); // left vertex and its edge
    std::vector<bool> settled(rightCount + leftCount, false);
    // Costs are 1 - weight, none of which is negative.
    for (std::size_t start = 0; start < leftCount; ++start) {
        using Entry = std::pair<double, std::size_t>;
        std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
        std::vector<std::size_t> seen;
        std::vector<std::pair<std::size_t, double>> reached; // left vertices with their distance
        const auto relax = [&](std::size_t left, double base) {
            reached.emplace_back(left, base);
            const auto look = [&](std::size_t right, double cost, std::ptrdiff_t edge) {
                const double to = base + std::max(0.0, cost - leftPotential[left] - rightPotential[right]);
                if (settled[right] || to >= distance[right])
                    return;
                if (distance[right] == kInfinite)
                    seen.push_back(right);
                distance[right] = to;
                cameFrom[right] = {left, edge};
                queue.emplace(to, right);
            };
            for (std::size_t i = 0; i < edges[left].size(); ++i)
                look(edges[left][i].right, 1.0 - edges[left][i].weight, static_cast<std::ptrdiff_t>(i));
            look(alone + left, 1.0, -1);
        };
        relax(start, 0.0);
        std::size_t end = 0;
        while (true) {
            const auto [far, right] = queue.top();
            queue.pop();
            if (settled[right])
                continue;
            settled[right] = true;
            if (owner[right] < 0) {
                end = right;
                break;
            }
            relax(static_cast<std::size_t>(owner[right]), far);
        }
        const double length = distance[end];
        for (const auto& [left, at] : reached)
            leftPotential[left] += length - at;
        for (const std::size_t right : seen) {
            if (settled[right])
                rightPotential[right] -= length - distance[right];
        }
        for (std::size_t right = end;;) {
            const auto [left, edge] = cameFrom[right];
            const std::ptrdiff_t before = chosen[left];
            owner[right] = static_cast<std::ptrdiff_t>(left);
            chosen[left] = edge;
            if (left == start)
                break;
            right = before < 0 ? alone + left : edges[left][static_cast<std::size_t>(before)].right;
        }
        for (const std::size_t right : seen) {
            distance[right] = kInfinite;
            settled[right] = false;
        }
    }
    return chosen;
}

/// Of each cell of one side the cell of the other that it lies mostly in.
using Wholes = std::map<CellId, Overlap>;

Relation relationOf(CellId id, std::int64_t area, const std::vector<Overlap>& overlaps, const Wholes& wholes,
                    const std::map<CellId, std::vector<CellId>>& divided, const MatchingOptions& options)
{
    std::int64_t covered = 0;
    for (const Overlap& overlap : overlaps)
        covered += overlap.pixels;
    if (divided.contains(id))
        return Relation::Divided;
    if (wholes.contains(id))
        return Relation::Inside;
    return static_cast<double>(covered) < options.covered * static_cast<double>(area) || covered == 0 ? Relation::Alone : Relation::Changed;
}

void keepSeveral(std::map<CellId, std::vector<CellId>>& parts)
{
    std::erase_if(parts, [](const auto& entry) { return entry.second.size() < 2; });
}

} // namespace

OverlapTable overlapsOf(const LabelMask& before, const LabelMask& after)
{
    if (before.size() != after.size())
        throw base::Error("The masks differ in size, so their cells cannot be compared.");
    std::unordered_map<std::uint64_t, std::int64_t> counts;
    const auto add = [&](CellId a, CellId b, std::int64_t pixels) {
        if (a > 0 || b > 0)
            counts[std::uint64_t(std::max(a, 0)) << 32 | std::uint64_t(std::max(b, 0))] += pixels;
    };
    for (int y = 0; y < before.height(); ++y) {
        const CellId* const a = before.row(y);
        const CellId* const b = after.row(y);
        for (int x = 0; x < before.width();) {
            const int first = x;
            const CellId idA = a[x];
            const CellId idB = b[x];
            while (++x < before.width() && a[x] == idA && b[x] == idB) {
            }
            add(idA, idB, x - first);
        }
    }
    OverlapTable table;
    for (const auto& [key, pixels] : counts) {
        const auto a = static_cast<CellId>(key >> 32);
        const auto b = static_cast<CellId>(key & 0xffffffffU);
        if (a > 0)
            table.before[a] += pixels;
        if (b > 0)
            table.after[b] += pixels;
        if (a > 0 && b > 0)
            table.overlaps.push_back({a, b, pixels});
    }
    std::ranges::sort(table.overlaps, {}, [](const Overlap& o) { return std::pair(o.before, o.after); });
    return table;
}

Matching matchCells(const OverlapTable& table, const MatchingOptions& options)
{
    Matching result;
    std::vector<CellMatch> candidates;
    std::set<CellId> takenBefore;
    std::set<CellId> takenAfter;
    Wholes wholeOfBefore;
    Wholes wholeOfAfter;
    std::map<CellId, std::vector<Overlap>> ofBefore;
    std::map<CellId, std::vector<Overlap>> ofAfter;
    for (const Overlap& overlap : table.overlaps) {
        const std::int64_t areaBefore = table.before.at(overlap.before);
        const std::int64_t areaAfter = table.after.at(overlap.after);
        const std::int64_t together = areaBefore + areaAfter - overlap.pixels;
        const double iou = static_cast<double>(overlap.pixels) / static_cast<double>(together);
        const CellMatch pair = {overlap.before, overlap.after, overlap.pixels, iou};
        if (iou >= options.smallestIou && 2 * overlap.pixels > together) {
            result.matches.push_back(pair);
            takenBefore.insert(overlap.before);
            takenAfter.insert(overlap.after);
        } else if (iou >= options.smallestIou) {
            candidates.push_back(pair);
        }
        const auto counts = [&](std::int64_t whole) { return static_cast<double>(overlap.pixels) >= options.smallestPart * static_cast<double>(whole); };
        if (2 * overlap.pixels > areaBefore) {
            wholeOfBefore[overlap.before] = overlap;
            if (counts(areaAfter))
                result.merges[overlap.after].push_back(overlap.before);
        }
        if (2 * overlap.pixels > areaAfter) {
            wholeOfAfter[overlap.after] = overlap;
            if (counts(areaBefore))
                result.splits[overlap.before].push_back(overlap.after);
        }
        ofBefore[overlap.before].push_back(overlap);
        ofAfter[overlap.after].push_back(overlap);
    }
    keepSeveral(result.splits);
    keepSeveral(result.merges);

    std::map<CellId, std::size_t> lefts;
    std::map<CellId, std::size_t> rights;
    std::vector<std::vector<Edge>> edges;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const CellMatch& pair = candidates[i];
        if (takenBefore.contains(pair.before) || takenAfter.contains(pair.after))
            continue;
        const std::size_t left = lefts.try_emplace(pair.before, lefts.size()).first->second;
        const std::size_t right = rights.try_emplace(pair.after, rights.size()).first->second;
        edges.resize(lefts.size());
        edges[left].push_back({right, pair.iou, i});
    }
    const std::vector<std::ptrdiff_t> chosen = assign(edges, rights.size());
    for (std::size_t left = 0; left < chosen.size(); ++left) {
        if (chosen[left] >= 0)
            result.matches.push_back(candidates[edges[left][static_cast<std::size_t>(chosen[left])].candidate]);
    }
    std::ranges::sort(result.matches, {}, &CellMatch::before);
    for (const CellMatch& match : result.matches) {
        takenBefore.insert(match.before);
        takenAfter.insert(match.after);
    }

    const auto greatestFirst = [](std::vector<Overlap> overlaps) {
        std::ranges::sort(overlaps, {}, [](const Overlap& o) { return std::tuple(-o.pixels, o.before, o.after); });
        return overlaps;
    };
    for (const auto& [id, area] : table.before) {
        if (!takenBefore.contains(id)) {
            std::vector<Overlap> overlaps = greatestFirst(ofBefore[id]);
            const Relation relation = relationOf(id, area, overlaps, wholeOfBefore, result.splits, options);
            result.before[id] = {relation, std::move(overlaps)};
        }
    }
    for (const auto& [id, area] : table.after) {
        if (!takenAfter.contains(id)) {
            std::vector<Overlap> overlaps = greatestFirst(ofAfter[id]);
            const Relation relation = relationOf(id, area, overlaps, wholeOfAfter, result.merges, options);
            result.after[id] = {relation, std::move(overlaps)};
        }
    }
    return result;
}

Matching matchCells(const LabelMask& before, const LabelMask& after, const MatchingOptions& options)
{
    return matchCells(overlapsOf(before, after), options);
}

} // namespace cellproof::mask
