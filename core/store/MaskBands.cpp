// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/MaskBands.h"

#include "core/base/Error.h"
#include "core/mask/MaskCodec.h"
#include "core/store/Documents.h"

#include <algorithm>
#include <string>

namespace cellproof::store {

namespace {

/// Copies rows into a mask of background; false where they are background too.
bool copyRows(const mask::LabelMask& from, int first, int count, mask::LabelMask& to, int place)
{
    bool any = false;
    for (int y = 0; y < count; ++y) {
        const mask::CellId* const row = from.row(first + y);
        const mask::CellId* const end = row + from.width();
        if (const mask::CellId* const start = std::find_if(row, end, [](mask::CellId id) { return id != 0; }); start != end) {
            std::copy(start, end, to.row(place + y) + (start - row));
            any = true;
        }
    }
    return any;
}

bool shareRows(const mask::LabelMask& a, const mask::LabelMask& b, int first, int count)
{
    for (int y = first; y < first + count; ++y) {
        if (!a.sharesRow(b, y))
            return false;
    }
    return true;
}

void saveBand(Database& database, qint64 field, const Masks& masks, int first, int count)
{
    const int number = first / kMaskBandRows;
    mask::LabelMask band({masks.cells.width(), 2 * count});
    const bool hasCells = copyRows(masks.cells, first, count, band, 0);
    const bool hasNuclei = copyRows(masks.nuclei, first, count, band, count);
    if (hasCells || hasNuclei)
        database.run(QStringLiteral("INSERT INTO mask_band (field, band, content) VALUES (?, ?, ?)"
                                    " ON CONFLICT (field, band) DO UPDATE SET content = excluded.content"),
                     {field, number, toByteArray(mask::toBytes(band))});
    else
        database.run(QStringLiteral("DELETE FROM mask_band WHERE field = ? AND band = ?"), {field, number});
}

} // namespace

Masks loadMasks(Database& database, qint64 field, base::Size size)
{
    Masks masks{mask::LabelMask(size), mask::LabelMask(size)};
    QSqlQuery rows = database.run(QStringLiteral("SELECT band, content FROM mask_band WHERE field = ?"), {field});
    while (rows.next()) {
        const qint64 band = rows.value(0).toLongLong();
        if (band < 0 || band > (size.height - 1) / kMaskBandRows)
            throw base::Error("its masks are of another size than the field");
        const int first = static_cast<int>(band) * kMaskBandRows;
        const int count = std::min(kMaskBandRows, size.height - first);
        const QByteArray content = rows.value(1).toByteArray();
        const mask::LabelMask both = mask::labelMaskFromBytes(asBytes(content), base::Size{size.width, 2 * count});
        copyRows(both, 0, count, masks.cells, first);
        copyRows(both, count, count, masks.nuclei, first);
    }
    return masks;
}

void saveMasks(Database& database, qint64 field, const Masks& masks)
{
    for (int first = 0; first < masks.cells.height(); first += kMaskBandRows)
        saveBand(database, field, masks, first, std::min(kMaskBandRows, masks.cells.height() - first));
}

void saveMasks(Database& database, qint64 field, const Masks& before, const Masks& after)
{
    for (int first = 0; first < after.cells.height(); first += kMaskBandRows) {
        const int count = std::min(kMaskBandRows, after.cells.height() - first);
        if (!shareRows(before.cells, after.cells, first, count) || !shareRows(before.nuclei, after.nuclei, first, count))
            saveBand(database, field, after, first, count);
    }
}

} // namespace cellproof::store
