// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/exchange/ArchiveFolder.h"
#include "core/mask/LabelMask.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cellproof::exchange {

/// Writes a mask as grey PNG `<path>.png` whose values are ids: 8 bit where all are up to 255, else 16 bit. Where an id is over
/// 65,535 this holds the lower 16 bits of each, and `<path>-high.png` the bits above. From any thread; what is written is appended to `entries`.
/// Throws Error, Cancelled.
void writeArchivedMask(const ArchiveWriter& archive, const std::string& path, const mask::LabelMask& mask, std::vector<ArchiveWriter::Entry>& entries,
                       const base::CancelToken& cancel);

/// Reads such a mask, which has to be of `size`. Throws Error, Cancelled.
[[nodiscard]] mask::LabelMask readArchivedMask(const ArchiveReader& archive, const std::string& path, base::Size size, const base::CancelToken& cancel);

} // namespace cellproof::exchange
