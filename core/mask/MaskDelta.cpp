// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/MaskDelta.h"

#include "core/base/Error.h"
#include "core/mask/Bytes.h"
#include "core/mask/Compression.h"
#include "core/mask/RunLength.h"

#include <algorithm>
#include <string>
#include <utility>

namespace cellproof::mask {

namespace {

constexpr std::uint8_t kMagic[] = {'C', 'P', 'M', 'D'};
constexpr int kVersion = 1;
constexpr int kLevel = 6;
constexpr std::uint64_t kMaxBytesPerRun = 20; // four numbers of up to five bytes

std::string nameOf(base::Size size)
{
    return std::to_string(size.width) + " x " + std::to_string(size.height);
}

/// Smallest rectangle around the pixels of `region` in which the masks differ.
base::Rect boundsOfDifference(const LabelMask& before, const LabelMask& after, const base::Rect& region)
{
    base::Rect bounds;
    for (int y = region.y; y < region.bottom(); ++y) {
        if (before.sharesRow(after, y))
            continue;
        const CellId* const a = before.row(y) + region.x;
        const CellId* const b = after.row(y) + region.x;
        const CellId* const end = a + region.width;
        if (std::equal(a, end, b))
            continue;
        const int first = int(std::mismatch(a, end, b).first - a);
        int last = region.width - 1;
        while (a[last] == b[last])
            --last;
        bounds = bounds.united({region.x + first, y, last - first + 1, 1});
    }
    return bounds;
}

} // namespace

MaskDelta MaskDelta::between(const LabelMask& before, const LabelMask& after)
{
    return between(before, after, before.rect());
}

MaskDelta MaskDelta::between(const LabelMask& before, const LabelMask& after, base::Rect region)
{
    if (before.size() != after.size())
        throw base::Error("Masks of " + nameOf(before.size()) + " and " + nameOf(after.size()) + " pixels cannot be compared.");
    MaskDelta delta;
    delta.m_size = before.size();
    delta.m_bounds = boundsOfDifference(before, after, region.intersected(before.rect()));
    std::uint32_t skip = 0;
    for (int y = delta.m_bounds.y; y < delta.m_bounds.bottom(); ++y) {
        const CellId* const a = before.row(y);
        const CellId* const b = after.row(y);
        for (int x = delta.m_bounds.x; x < delta.m_bounds.right(); ++x) {
            if (a[x] == b[x]) {
                ++skip;
            } else if (skip == 0 && !delta.m_runs.empty() && delta.m_runs.back().before == a[x] && delta.m_runs.back().after == b[x]) {
                ++delta.m_runs.back().length;
            } else {
                delta.m_runs.push_back({skip, 1, a[x], b[x]});
                skip = 0;
            }
        }
    }
    delta.m_runs.shrink_to_fit();
    return delta;
}

void MaskDelta::apply(LabelMask& mask) const
{
    exchange(mask, &Run::before, &Run::after);
}

void MaskDelta::revert(LabelMask& mask) const
{
    exchange(mask, &Run::after, &Run::before);
}

void MaskDelta::exchange(LabelMask& mask, CellId Run::*expected, CellId Run::*wanted) const
{
    if (isEmpty())
        return;
    if (mask.size() != m_size)
        throw base::Error("A change of a mask of " + nameOf(m_size) + " pixels does not fit a mask of " + nameOf(mask.size()) + ".");
    // Calls visit(where one row's part of a run begins, how many pixels, the run).
    const auto forEachPart = [&](const auto& visit) {
        std::int64_t position = 0;
        for (const Run& run : m_runs) {
            position += run.skip;
            for (std::int64_t left = run.length; left > 0;) {
                const int x = int(position % m_bounds.width);
                const int y = int(position / m_bounds.width);
                const int count = int(std::min<std::int64_t>(left, m_bounds.width - x));
                visit(base::Point{m_bounds.x + x, m_bounds.y + y}, count, run);
                position += count;
                left -= count;
            }
        }
    };
    forEachPart([&, &present = std::as_const(mask)](base::Point start, int count, const Run& run) {
        const CellId* const ids = present.row(start.y) + start.x;
        const CellId* const odd = std::find_if(ids, ids + count, [&](CellId id) { return id != run.*expected; });
        if (odd == ids + count)
            return;
        throw base::Error("A change does not fit this mask: the pixel at column " + std::to_string(start.x + (odd - ids)) + ", row " + std::to_string(start.y) +
                          " belongs to cell " + std::to_string(*odd) + " instead of " + std::to_string(run.*expected) + ".");
    });
    forEachPart([&](base::Point start, int count, const Run& run) { std::fill_n(mask.row(start.y) + start.x, count, run.*wanted); });
}

std::vector<CellId> MaskDelta::touchedIds() const
{
    std::vector<CellId> ids;
    for (const Run& run : m_runs) {
        for (const CellId id : {run.before, run.after}) {
            if (id != 0 && (ids.empty() || ids.back() != id))
                ids.push_back(id);
        }
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

std::int64_t MaskDelta::area() const
{
    std::int64_t area = 0;
    for (const Run& run : m_runs)
        area += run.length;
    return area;
}

std::vector<std::uint8_t> MaskDelta::toBytes() const
{
    ByteWriter runs;
    for (const Run& run : m_runs) {
        runs.put(run.skip);
        runs.put(run.length);
        runs.put(static_cast<std::uint32_t>(run.before));
        runs.put(static_cast<std::uint32_t>(run.after));
    }
    ByteWriter result;
    result.bytes().assign(std::begin(kMagic), std::end(kMagic));
    result.put(kVersion);
    for (const int number : {m_size.width, m_size.height, m_bounds.x, m_bounds.y, m_bounds.width, m_bounds.height})
        result.put(static_cast<std::uint64_t>(number));
    result.put(m_runs.size());
    const std::vector<std::uint8_t> packed = compress(runs.bytes(), kLevel);
    result.bytes().insert(result.bytes().end(), packed.begin(), packed.end());
    return std::move(result.bytes());
}

MaskDelta MaskDelta::fromBytes(std::span<const std::uint8_t> bytes)
{
    try {
        if (bytes.size() < std::size(kMagic) || !std::equal(std::begin(kMagic), std::end(kMagic), bytes.begin()))
            throw base::Error("it is not a change of a label mask");
        ByteReader reader(bytes.subspan(std::size(kMagic)));
        const int version = reader.takeInt();
        if (version != kVersion)
            throw base::Error("it is of version " + std::to_string(version) + ", this program reads up to " + std::to_string(kVersion));
        MaskDelta delta;
        delta.m_size.width = reader.takeInt();
        delta.m_size.height = reader.takeInt();
        if (std::int64_t(delta.m_size.width) * delta.m_size.height > kMaxMaskPixels)
            throw base::Error("a mask of " + nameOf(delta.m_size) + " pixels is not possible");
        base::Rect& bounds = delta.m_bounds;
        bounds.x = reader.takeInt(delta.m_size.width);
        bounds.y = reader.takeInt(delta.m_size.height);
        bounds.width = reader.takeInt(delta.m_size.width - bounds.x);
        bounds.height = reader.takeInt(delta.m_size.height - bounds.y);
        const std::uint64_t pixels = std::uint64_t(bounds.width) * bounds.height;
        const std::uint64_t count = reader.take(pixels);
        if ((pixels == 0) != (count == 0))
            throw base::Error("it has a region without changes");

        const std::vector<std::uint8_t> packed = decompress(reader.rest(), count * kMaxBytesPerRun);
        if (packed.size() < count * 4)
            throw base::Error("it ends too early");
        delta.m_runs.reserve(count);
        ByteReader runs(packed);
        std::uint64_t left = pixels;
        for (std::uint64_t i = 0; i < count; ++i) {
            Run run;
            run.skip = static_cast<std::uint32_t>(runs.take(left));
            left -= run.skip;
            run.length = static_cast<std::uint32_t>(runs.take(left));
            left -= run.length;
            run.before = static_cast<CellId>(static_cast<std::uint32_t>(runs.take(0xffffffffu)));
            run.after = static_cast<CellId>(static_cast<std::uint32_t>(runs.take(0xffffffffu)));
            if (run.length == 0 || run.before == run.after)
                throw base::Error("it holds a run that changes nothing");
            delta.m_runs.push_back(run);
        }
        if (!runs.rest().empty())
            throw base::Error("bytes follow behind its last run");
        return delta;
    } catch (const base::Error& error) {
        throw base::Error(std::string("The stored change of a mask cannot be read: ") + error.what() + ".");
    }
}

} // namespace cellproof::mask
