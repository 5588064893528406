// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/simulate/Scene.h"

#include <span>

namespace cellproof::simulate {

/// Numbers of the 2021 scheme that have rules of their own.
inline constexpr int kNucleoli = 2;
inline constexpr int kFibrillarCenter = 3;
inline constexpr int kGolgi = 7;
inline constexpr int kMicrotubules = 10;
inline constexpr int kMitoticSpindle = 11;
inline constexpr int kCentrosome = 12;
inline constexpr int kAggresome = 15;
inline constexpr int kNegative = 18;

/// The classes that the protein of field `index` has: one, or two that go together, from `allowed` (empty = all), the
/// main one first. Negative comes alone.
[[nodiscard]] std::vector<int> classesOfField(std::span<const int> allowed, std::uint64_t seed, int index);

/// Whether dividing cells still show all of these patterns, as those of the cytoplasm do.
[[nodiscard]] bool seenInMitosis(std::span<const int> classes);

/// The classes of one cell: mostly all of the field's, sometimes one of two or none (Negative). Mitotic Spindle is
/// for dividing cells only.
[[nodiscard]] std::vector<int> classesOfCell(std::span<const int> field, bool mitotic, Random& random);

/// Union over the cells, ascending; Negative only where nothing else is.
[[nodiscard]] std::vector<int> weakLabelsOf(std::span<const SimulatedCell> cells);

} // namespace cellproof::simulate
