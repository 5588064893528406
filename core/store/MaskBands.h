// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/FieldAnnotation.h"
#include "core/mask/LabelMask.h"
#include "core/store/Database.h"

// How the masks of a field lie in the table mask_band: in bands of rows, so that an edit writes only the bands that it
// changed (docs/decisions/2026-11-20-masks-in-bands.md). The content of a band is one packed mask, its rows of the cells
// above its rows of the nuclei. Only inside core/store.
namespace cellproof::store {

/// Rows of a band; the last one of a field may have fewer. Part of the format.
inline constexpr int kMaskBandRows = 128;

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

/// Writes the bands that differ from what is stored. `before` are the masks as stored, from which `after` was made by
/// changing a copy: rows that both share are not looked at.
void saveMasks(Database& database, qint64 field, const Masks& before, const Masks& after);

} // namespace cellproof::store
