// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/MaskCodec.h"

#include "core/base/Error.h"
#include "core/mask/Bytes.h"
#include "core/mask/Compression.h"
#include "core/mask/RowCoder.h"
#include "core/mask/RunLength.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>
#include <zlib.h>

namespace cellproof::mask {

namespace {

constexpr std::uint8_t kMagic[] = {'C', 'P', 'L', 'M'};
constexpr int kVersion = 1;
constexpr std::uint8_t kPairVersion = 2;
constexpr std::size_t kPairHeader = 5;

/// A run of equal ids up to, not including, column `end`.
struct Run
{
    int end;
    CellId id;
};

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

void checkPair(const LabelMask& cells, const LabelMask& nuclei, int first, int count)
{
    if (cells.size() != nuclei.size() || cells.isEmpty() || first < 0 || count < 1 || count > cells.height() - first)
        throw base::Error("Masks of " + nameOf(cells.size()) + " and " + nameOf(nuclei.size()) + " pixels have no rows " + std::to_string(first) + " to " +
                          std::to_string(std::int64_t(first) + count - 1) + " in common.");
}

/// CRC-32 of the bytes and of the size that they are to be read with.
std::uint32_t checksum(std::span<const std::uint8_t> bytes, base::Size size)
{
    std::array<std::uint8_t, 8> numbers;
    for (unsigned i = 0; i < 4; ++i) {
        numbers[i] = static_cast<std::uint8_t>(static_cast<std::uint32_t>(size.width) >> (8 * i));
        numbers[4 + i] = static_cast<std::uint8_t>(static_cast<std::uint32_t>(size.height) >> (8 * i));
    }
    const uLong sum = crc32_z(0, numbers.data(), numbers.size());
    return static_cast<std::uint32_t>(crc32_z(sum, bytes.data(), bytes.size()));
}

/// Codes the rows of a pair in turn, one of the cells and one of the nuclei; where the nuclei are `inside`, only whether a
/// pixel is of one. `visit(y, isNuclei, rows)` gives or takes a row.
template <class Coder, class Visit>
void codePair(Coder& coder, int width, int count, bool& inside, const Visit& visit)
{
    const auto model = std::make_unique<RowModel>();
    RowCoder<Coder> cells(*model, width);
    RowCoder<Coder> nuclei(*model, width);
    Probability once;
    inside = coder.bit(once, inside);
    for (int y = 0; y < count; ++y) {
        for (RowCoder<Coder>* const rows : {&cells, &nuclei}) {
            if (y > 0)
                rows->nextRow();
            if constexpr (!Coder::kReads)
                visit(y, rows == &nuclei, *rows);
            rows->code(coder);
            if constexpr (Coder::kReads)
                visit(y, rows == &nuclei, *rows);
        }
    }
}

} // namespace

std::vector<std::uint8_t> pairToBytes(const LabelMask& cells, const LabelMask& nuclei, int first, int count)
{
    checkPair(cells, nuclei, first, count);
    CellId signs = 0;
    CellId elsewhere = 0; // not 0 where a nucleus lies outside of its cell
    for (int y = first; y < first + count; ++y) {
        const CellId* const cellRow = cells.row(y);
        const CellId* const nucleusRow = nuclei.row(y);
        for (int x = 0; x < cells.width(); ++x) {
            signs |= cellRow[x] | nucleusRow[x];
            elsewhere |= nucleusRow[x] & -CellId(nucleusRow[x] != cellRow[x]);
        }
    }
    if (signs < 0)
        throw base::Error("A mask holds a negative id and cannot be stored.");
    bool inside = elsewhere == 0;
    BitWriter writer;
    codePair(writer, cells.width(), count, inside, [&](int y, bool isNuclei, RowCoder<BitWriter>& rows) {
        const CellId* const ids = (isNuclei ? nuclei : cells).row(first + y);
        if (isNuclei && inside)
            std::transform(ids, ids + cells.width(), rows.row(), [](CellId id) { return CellId(id != 0); });
        else
            std::copy_n(ids, cells.width(), rows.row());
    });
    const std::vector<std::uint8_t> packed = writer.finish();
    std::vector<std::uint8_t> bytes = {kPairVersion};
    const std::uint32_t sum = checksum(packed, {cells.width(), count});
    for (int shift = 0; shift < 32; shift += 8)
        bytes.push_back(static_cast<std::uint8_t>(sum >> shift));
    bytes.insert(bytes.end(), packed.begin(), packed.end());
    return bytes;
}

void pairFromBytes(std::span<const std::uint8_t> bytes, LabelMask& cells, LabelMask& nuclei, int first, int count)
{
    checkPair(cells, nuclei, first, count);
    try {
        if (bytes.size() < kPairHeader || bytes[0] != kPairVersion)
            throw base::Error("it is no pair of masks that this program knows");
        const std::span<const std::uint8_t> packed = bytes.subspan(kPairHeader);
        std::uint32_t sum = 0;
        for (unsigned i = 0; i < 4; ++i)
            sum |= std::uint32_t(bytes[1 + i]) << (8 * i);
        if (sum != checksum(packed, {cells.width(), count}))
            throw base::Error("it is damaged or of another size than the field");
        BitReader reader(packed);
        bool inside = false;
        codePair(reader, cells.width(), count, inside, [&](int y, bool isNuclei, RowCoder<BitReader>& rows) {
            const auto [start, end] = rows.used();
            if (start >= end)
                return; // background costs no memory
            const CellId* const row = rows.row();
            CellId* const ids = (isNuclei ? nuclei : cells).row(first + y);
            if (!isNuclei || !inside) {
                std::copy(row + start, row + end, ids + start);
                return;
            }
            const CellId* const cellIds = std::as_const(cells).row(first + y);
            std::transform(row + start, row + end, cellIds + start, ids + start, [](CellId in, CellId cell) { return in != 0 ? cell : 0; });
        });
    } catch (const base::Error& error) {
        throw base::Error(std::string("The stored masks cannot be read: ") + error.what() + ".");
    }
}

bool isLabelMask(std::span<const std::uint8_t> bytes)
{
    return bytes.size() >= std::size(kMagic) && std::equal(std::begin(kMagic), std::end(kMagic), bytes.begin());
}

LabelMask labelMaskFromBytes(std::span<const std::uint8_t> bytes, std::optional<base::Size> expected)
{
    try {
        if (!isLabelMask(bytes))
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
