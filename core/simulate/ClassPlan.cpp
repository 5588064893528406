// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/ClassPlan.h"

#include <array>

namespace cellproof::simulate {

namespace {

constexpr std::uint64_t kOrderStream = 101;
constexpr std::uint64_t kFieldStream = 102;

/// Pairs that could not be told apart when one cell shows both.
constexpr std::array<std::pair<int, int>, 6> kMasked = {{{2, 3}, {0, 4}, {8, 10}, {6, 16}, {7, 15}, {12, 15}}};

bool isSeenInMitosis(int c)
{
    constexpr int reticulum = 6, actin = 9, centrosome = 12, plasmaMembrane = 13, mitochondria = 14, cytosol = 16, vesicles = 17;
    for (const int seen : {reticulum, actin, centrosome, plasmaMembrane, mitochondria, cytosol, vesicles, kNegative})
        if (c == seen)
            return true;
    return false;
}

bool goTogether(int a, int b)
{
    if (a == b || a == kNegative || b == kNegative || b == kMitoticSpindle)
        return false;
    if (a == kMitoticSpindle)
        return b == 0 || b == kMicrotubules || isSeenInMitosis(b);
    return std::ranges::none_of(kMasked, [a, b](const auto& pair) { return (pair.first == a && pair.second == b) || (pair.first == b && pair.second == a); });
}

} // namespace

std::vector<int> classesOfField(std::span<const int> allowed, std::uint64_t seed, int index)
{
    std::vector<int> classes(allowed.begin(), allowed.end());
    if (classes.empty())
        for (int i = 0; i < kClassCount; ++i)
            classes.push_back(i);
    std::ranges::sort(classes);
    classes.erase(std::unique(classes.begin(), classes.end()), classes.end());

    Random order(seed, kOrderStream);
    std::vector<int> shuffled = classes;
    for (int i = int(shuffled.size()) - 1; i > 0; --i)
        std::swap(shuffled[std::size_t(i)], shuffled[std::size_t(order.below(i + 1))]);
    const int main = shuffled[std::size_t(index) % shuffled.size()];

    Random random(seed, kFieldStream, std::uint64_t(index));
    std::vector<int> partners;
    for (const int other : classes)
        if (goTogether(main, other))
            partners.push_back(other);
    std::vector<int> result{main};
    if (!partners.empty() && (main == kMitoticSpindle || random.chance(0.4)))
        result.push_back(partners[std::size_t(random.below(int(partners.size())))]);
    return result;
}

bool seenInMitosis(std::span<const int> classes)
{
    return std::ranges::all_of(classes, isSeenInMitosis);
}

std::vector<int> classesOfCell(std::span<const int> field, bool mitotic, Random& random)
{
    std::vector<int> possible;
    for (const int c : field)
        if (c == kMitoticSpindle ? mitotic : (!mitotic || isSeenInMitosis(c)))
            possible.push_back(c);
    if (possible.empty() || (possible.front() != kMitoticSpindle && random.chance(0.09)))
        return {kNegative};
    if (possible.size() > 1 && random.chance(0.22))
        possible = {possible[std::size_t(random.below(2))]};
    if (mitotic && field.front() == kMitoticSpindle && possible.front() != kMitoticSpindle)
        possible.insert(possible.begin(), kMitoticSpindle);
    std::ranges::sort(possible);
    return possible;
}

std::vector<int> weakLabelsOf(std::span<const SimulatedCell> cells)
{
    std::vector<int> labels;
    for (const SimulatedCell& cell : cells)
        labels.insert(labels.end(), cell.classes.begin(), cell.classes.end());
    std::ranges::sort(labels);
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    if (labels.size() > 1 && labels.back() == kNegative)
        labels.pop_back();
    return labels;
}

} // namespace cellproof::simulate
