// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/MaskCodec.h"

#include "core/base/Error.h"
#include "core/mask/Bytes.h"
#include "core/mask/Compression.h"
#include "core/mask/RunLength.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace cellproof::mask {

namespace {

constexpr std::uint8_t kMagic[] = {'C', 'P', 'L', 'M'};
constexpr int kVersion = 1;
constexpr int kLevel = 3; // the shifts are mostly zeros: higher levels gain a few percent at several times the time

/// A run of equal ids up to, not including, column `end`.
struct Run
{
    int end;
    CellId id;
};

/// First column after `x` whose id differs from that of column `x`.
int endOfRun(const CellId* row, int x, int width)
{
    const CellId id = row[x];
    constexpr int kBlock = 16;
    while (x + kBlock <= width) {
        CellId differs = 0;
        for (int i = 0; i < kBlock; ++i)
            differs |= row[x + i] ^ id;
        if (differs != 0)
            break;
        x += kBlock;
    }
    while (x < width && row[x] == id)
        ++x;
    return x;
}

std::string nameOf(base::Size size)
{
    return std::to_string(size.width) + " x " + std::to_string(size.height);
}

/// Reads the rows and hands on each run; every number is checked.
template <typename Receiver>
void readRows(std::span<const std::uint8_t> packed, base::Size size, Receiver&& receive)
{
    ByteReader reader(packed);
    std::vector<Run> above, row;
    for (int y = 0; y < size.height; ++y) {
        // 0: the same cells as in the row above, shifted; else the number of runs that follow.
        const int count = reader.takeInt(size.width);
        row.clear();
        int start = 0;
        const std::size_t runs = count == 0 ? above.size() : std::size_t(count);
        for (std::size_t i = 0; i < runs; ++i) {
            Run run = {size.width, 0};
            if (count == 0) {
                run = above[i];
                if (i + 1 < runs)
                    run.end = static_cast<int>(std::int64_t(run.end) + reader.takeSigned(size.width));
            } else {
                run.id = reader.takeInt();
                if (i + 1 < runs)
                    run.end = start + reader.takeInt(size.width);
            }
            if (run.end <= start || run.end > size.width)
                throw base::Error("the runs of row " + std::to_string(y) + " do not fit its width");
            receive(y, start, run);
            start = run.end;
            row.push_back(run);
        }
        if (start != size.width)
            throw base::Error("row " + std::to_string(y) + " is not complete");
        std::swap(above, row);
    }
    if (!reader.rest().empty())
        throw base::Error("bytes follow behind its last row");
}

} // namespace

std::vector<std::uint8_t> toBytes(const LabelMask& mask)
{
    if (std::int64_t(mask.width()) * mask.height() > kMaxMaskPixels)
        throw base::Error("A mask of " + nameOf(mask.size()) + " pixels is too large to be stored.");
    ByteWriter rows;
    std::vector<Run> above, row;
    for (int y = 0; y < mask.height(); ++y) {
        const CellId* const ids = mask.row(y);
        row.clear();
        for (int x = 0; x < mask.width();) {
            const int end = endOfRun(ids, x, mask.width());
            if (ids[x] < 0)
                throw base::Error("The mask holds the negative id " + std::to_string(ids[x]) + " and cannot be stored.");
            row.push_back({end, ids[x]});
            x = end;
        }
        const bool sameCells = y > 0 && std::equal(row.begin(), row.end(), above.begin(), above.end(), [](const Run& a, const Run& b) { return a.id == b.id; });
        rows.put(sameCells ? 0 : row.size());
        int start = 0;
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (!sameCells)
                rows.put(static_cast<std::uint64_t>(row[i].id));
            if (i + 1 < row.size()) {
                if (sameCells)
                    rows.putSigned(row[i].end - above[i].end);
                else
                    rows.put(static_cast<std::uint64_t>(row[i].end - start));
            }
            start = row[i].end;
        }
        std::swap(above, row);
    }
    ByteWriter result;
    result.bytes().assign(std::begin(kMagic), std::end(kMagic));
    result.put(kVersion);
    result.put(static_cast<std::uint64_t>(mask.width()));
    result.put(static_cast<std::uint64_t>(mask.height()));
    result.put(rows.bytes().size());
    const std::vector<std::uint8_t> packed = compress(rows.bytes(), kLevel);
    result.bytes().insert(result.bytes().end(), packed.begin(), packed.end());
    return std::move(result.bytes());
}

LabelMask labelMaskFromBytes(std::span<const std::uint8_t> bytes, std::optional<base::Size> expected)
{
    try {
        if (bytes.size() < std::size(kMagic) || !std::equal(std::begin(kMagic), std::end(kMagic), bytes.begin()))
            throw base::Error("it is not a label mask");
        ByteReader reader(bytes.subspan(std::size(kMagic)));
        const int version = reader.takeInt();
        if (version != kVersion)
            throw base::Error("it is of version " + std::to_string(version) + ", this program reads up to " + std::to_string(kVersion));
        const int width = reader.takeInt();
        const int height = reader.takeInt();
        const base::Size size = {width, height};
        if (std::int64_t(width) * height > kMaxMaskPixels || (width == 0) != (height == 0))
            throw base::Error("a mask of " + nameOf(size) + " pixels is not possible");
        if (expected && *expected != size)
            throw base::Error("it has " + nameOf(size) + " pixels, but the field has " + nameOf(*expected));
        const std::uint64_t count = reader.take(std::uint64_t(width) * height * 10 + std::uint64_t(height) * 5);
        const std::vector<std::uint8_t> rows = decompress(reader.rest(), count);
        if (rows.size() != count)
            throw base::Error("it ends too early");
        readRows(rows, size, [](int, int, const Run&) {});
        LabelMask mask(size);
        readRows(rows, size, [&](int y, int start, const Run& run) { std::fill(mask.row(y) + start, mask.row(y) + run.end, run.id); });
        return mask;
    } catch (const base::Error& error) {
        throw base::Error(std::string("The stored label mask cannot be read: ") + error.what() + ".");
    }
}

} // namespace cellproof::mask
