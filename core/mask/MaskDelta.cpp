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

/// Smallest rectangle around the pixels of `spans` in which the masks differ.
base::Rect boundsOfDifference(const LabelMask& before, const LabelMask& after, const std::vector<Span>& spans)
{
    base::Rect bounds;
    for (const Span& span : spans) {
        const CellId* const a = before.row(span.y);
        const CellId* const b = after.row(span.y);
        const CellId* const end = a + span.end;
        const CellId* const odd = std::mismatch(a + span.first, end, b + span.first).first;
        if (odd == end)
            continue;
        const int first = int(odd - a);
        int last = span.end - 1;
        while (a[last] == b[last])
            --last;
        bounds = bounds.united({first, span.y, last - first + 1, 1});
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
    region = region.intersected(before.rect());
    std::vector<Span> spans;
    for (int y = region.y; y < region.bottom(); ++y)
        spans.push_back({y, region.x, region.right()});
    return between(before, after, Region(std::move(spans)));
}

MaskDelta MaskDelta::between(const LabelMask& before, const LabelMask& after, const Region& region)
{
    if (before.size() != after.size())
        throw base::Error("Masks of " + nameOf(before.size()) + " and " + nameOf(after.size()) + " pixels cannot be compared.");
    std::vector<Span> spans;
    for (const Span& span : region.spans()) {
        const Span inside = {span.y, std::max(span.first, 0), std::min(span.end, before.width())};
        if (span.y >= 0 && span.y < before.height() && inside.first < inside.end && !before.sharesRow(after, span.y))
            spans.push_back(inside);
    }
    MaskDelta delta;
    delta.m_size = before.size();
    delta.m_bounds = boundsOfDifference(before, after, spans);
    std::int64_t reached = 0; // what the runs cover so far, counted through the bounds
    for (const Span& span : spans) {
        const CellId* const a = before.row(span.y);
        const CellId* const b = after.row(span.y);
        const std::int64_t rowStart = std::int64_t(span.y - delta.m_bounds.y) * delta.m_bounds.width - delta.m_bounds.x;
        for (int x = span.first; x < span.end; ++x) {
            if (a[x] == b[x])
                continue;
            const auto skip = static_cast<std::uint32_t>(rowStart + x - reached);
            if (skip == 0 && !delta.m_runs.empty() && delta.m_runs.back().before == a[x] && delta.m_runs.back().after == b[x])
                ++delta.m_runs.back().length;
            else
                delta.m_runs.push_back({skip, 1, a[x], b[x]});
            reached = rowStart + x + 1;
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

template <typename Visit>
void MaskDelta::forEachPart(const Visit& visit) const
{
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
}

void MaskDelta::exchange(LabelMask& mask, CellId Run::*expected, CellId Run::*wanted) const
{
    if (isEmpty())
        return;
    if (mask.size() != m_size)
        throw base::Error("A change of a mask of " + nameOf(m_size) + " pixels does not fit a mask of " + nameOf(mask.size()) + ".");
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

std::map<CellId, base::Rect> MaskDelta::gained() const
{
    std::map<CellId, base::Rect> result;
    forEachPart([&](base::Point start, int count, const Run& run) {
        if (run.after == 0)
            return;
        base::Rect& rect = result[run.after];
        rect = rect.united({start.x, start.y, count, 1});
    });
    return result;
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
