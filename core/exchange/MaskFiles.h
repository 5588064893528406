// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/mask/LabelMask.h"

#include <filesystem>
#include <string>

namespace cellproof::exchange {

/// Greatest id that a mask file can hold.
inline constexpr mask::CellId kMaxMaskFileId = 65535;

/// Writes a mask as 16-bit grey PNG: the pixel's value is the cell's id. Throws Error naming the file where the mask is
/// empty, an id is negative or over 65,535, or the file cannot be written; Cancelled.
void writeMaskFile(const std::filesystem::path& path, const mask::LabelMask& mask, const base::CancelToken& cancel = {});

/// Writes `<id>_cellmask.png` and `<id>_nucleimask.png` into a folder, which is made where it is missing, in the manner of
/// HPA-Cell-Segmentation: the same value in both is the same cell. Throws Error as writeMaskFile(), where the masks
/// differ in size, and where the id cannot be part of a file's name.
void writeMaskPair(const std::filesystem::path& folder, const std::string& id, const mask::LabelMask& cells, const mask::LabelMask& nuclei,
                   const base::CancelToken& cancel = {});

/// Reads a mask from a grey image of 8 or 16 bit in any format that images are read in; its values are the ids. Throws
/// Error naming the file and the reason where it cannot be read or is no grey image; Cancelled.
[[nodiscard]] mask::LabelMask readMaskFile(const std::filesystem::path& path, const base::CancelToken& cancel = {});

} // namespace cellproof::exchange
