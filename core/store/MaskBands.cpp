// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/MaskBands.h"

#include "core/base/Error.h"
#include "core/base/Threads.h"
#include "core/mask/MaskCodec.h"
#include "core/store/Documents.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace cellproof::store {

namespace {

/// A band as formats 1 and 2 have it: one mask, its rows of the cells above its rows of the nuclei.
void copyBand(const mask::LabelMask& both, int first, int count, Masks& masks)
{
    for (int y = 0; y < 2 * count; ++y) {
        const mask::CellId* const row = both.row(y);
        const mask::CellId* const end = row + both.width();
        if (const mask::CellId* const start = std::find_if(row, end, [](mask::CellId id) { return id != 0; }); start != end)
            std::copy(start, end, (y < count ? masks.cells.row(first + y) : masks.nuclei.row(first + y - count)) + (start - row));
    }
}

bool isBackground(const mask::LabelMask& mask, int first, int count)
{
    for (int y = first; y < first + count; ++y) {
        if (std::any_of(mask.row(y), mask.row(y) + mask.width(), [](mask::CellId id) { return id != 0; }))
            return false;
    }
    return true;
}

bool shareRows(const mask::LabelMask& a, const mask::LabelMask& b, int first, int count)
{
    for (int y = first; y < first + count; ++y) {
        if (!a.sharesRow(b, y))
            return false;
    }
    return true;
}

std::vector<PackedBand> pack(const Masks& masks, const std::vector<int>& firstRows)
{
    std::vector<PackedBand> bands(firstRows.size());
    base::parallelFor(firstRows.size(), [&](std::size_t i) {
        const int first = firstRows[i];
        const int count = std::min(kMaskBandRows, masks.cells.height() - first);
        bands[i].number = first / kMaskBandRows;
        if (!isBackground(masks.cells, first, count) || !isBackground(masks.nuclei, first, count))
            bands[i].content = toByteArray(mask::pairToBytes(masks.cells, masks.nuclei, first, count));
    });
    return bands;
}

} // namespace

std::vector<PackedBand> packMasks(const Masks& before, const Masks& after)
{
    // Masks of another size share nothing.
    const bool comparable = before.cells.size() == after.cells.size();
    std::vector<int> firstRows;
    for (int first = 0; first < after.cells.height(); first += kMaskBandRows) {
        const int count = std::min(kMaskBandRows, after.cells.height() - first);
        if (!comparable || !shareRows(before.cells, after.cells, first, count) || !shareRows(before.nuclei, after.nuclei, first, count))
            firstRows.push_back(first);
    }
    return pack(after, firstRows);
}

void saveBands(Database& database, qint64 field, const std::vector<PackedBand>& bands)
{
    for (const PackedBand& band : bands) {
        if (band.content.isEmpty())
            database.run(QStringLiteral("DELETE FROM mask_band WHERE field = ? AND band = ?"), {field, band.number});
        else
            database.run(QStringLiteral("INSERT INTO mask_band (field, band, content) VALUES (?, ?, ?)"
                                        " ON CONFLICT (field, band) DO UPDATE SET content = excluded.content"),
                         {field, band.number, band.content});
    }
}

Masks loadMasks(Database& database, qint64 field, base::Size size)
{
    Masks masks{mask::LabelMask(size), mask::LabelMask(size)};
    std::vector<std::pair<int, QByteArray>> bands; // first row, content
    QSqlQuery rows = database.run(QStringLiteral("SELECT band, content FROM mask_band WHERE field = ?"), {field});
    while (rows.next()) {
        const qint64 band = rows.value(0).toLongLong();
        if (band < 0 || band > (size.height - 1) / kMaskBandRows)
            throw base::Error("its masks are of another size than the field");
        bands.emplace_back(static_cast<int>(band) * kMaskBandRows, rows.value(1).toByteArray());
    }
    base::parallelFor(bands.size(), [&](std::size_t i) {
        const auto& [first, content] = bands[i];
        const int count = std::min(kMaskBandRows, size.height - first);
        if (mask::isLabelMask(asBytes(content)))
            copyBand(mask::labelMaskFromBytes(asBytes(content), base::Size{size.width, 2 * count}), first, count, masks);
        else
            mask::pairFromBytes(asBytes(content), masks.cells, masks.nuclei, first, count);
    });
    return masks;
}

void saveMasks(Database& database, qint64 field, const Masks& masks)
{
    std::vector<int> firstRows;
    for (int first = 0; first < masks.cells.height(); first += kMaskBandRows)
        firstRows.push_back(first);
    saveBands(database, field, pack(masks, firstRows));
}

} // namespace cellproof::store
