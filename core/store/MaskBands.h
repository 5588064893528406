// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/FieldAnnotation.h"
#include "core/mask/LabelMask.h"
#include "core/store/Database.h"

#include <QByteArray>

#include <vector>

// How the masks of a field lie in the table mask_band: in bands of rows, so that an edit writes only the bands that it
// changed (docs/decisions/2026-11-20-masks-in-bands.md). The content of a band is that of mask::pairToBytes(), or, where it has not
// been changed since a program of format 1 or 2 wrote it, one packed mask, the rows of the cells above those of the nuclei.
// Only inside core/store.
namespace cellproof::store {

/// Rows of a band; the last one of a field may have fewer. Part of the format.
inline constexpr int kMaskBandRows = 128;
static_assert(kMaskBandRows % mask::LabelMask::kBandRows == 0); // several threads may read bands of one mask

/// The masks of a field. Copies are cheap.
struct Masks
{
    mask::LabelMask cells;
    mask::LabelMask nuclei;

    [[nodiscard]] static Masks of(const annotation::FieldAnnotation& field) { return {field.cellMask(), field.nucleusMask()}; }
};

/// Reads the masks of a field of `size`; bands that are not there are background. Throws Error where a band is damaged.
[[nodiscard]] Masks loadMasks(Database& database, qint64 field, base::Size size);

/// Writes the bands of a field that has none stored.
void saveMasks(Database& database, qint64 field, const Masks& masks);

/// A band made ready to be written; empty where it is all background.
struct PackedBand
{
    int number = 0;
    QByteArray content;
};

/// The bands in which two states of the masks of a field differ, `before` being the masks from which `after` was made by changing a copy:
/// rows that both share are not looked at. Needs no database, so it may run on any thread.
[[nodiscard]] std::vector<PackedBand> packMasks(const Masks& before, const Masks& after);

/// Writes bands in the place of those that are stored.
void saveBands(Database& database, qint64 field, const std::vector<PackedBand>& bands);

} // namespace cellproof::store
