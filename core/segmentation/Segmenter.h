// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Progress.h"
#include "core/image/Image.h"
#include "core/mask/LabelMask.h"

#include <string>
#include <vector>

namespace cellproof::segmentation {

/// Cells and nuclei of one field, paired: the same id in both masks is the same cell, ids run from 1 without gaps in
/// the raster order of each cell's first pixel. Every cell is one 4-connected piece without holes and has a nucleus;
/// a nucleus (one or several pieces, without holes) lies inside its cell. Cells at the border of the field are kept.
struct Segmentation
{
    mask::LabelMask cells;
    mask::LabelMask nuclei;
    std::string method;               ///< name() of the segmenter
    std::string version;              ///< changes whenever the same input could give other masks
    std::string options;              ///< the options used, as a JSON object
    std::vector<std::string> notices; ///< sentences for the user about what was missing or doubtful
};

/// Finds the cells and nuclei of a field. Implementations are immutable and may be used by several threads at once.
class Segmenter
{
public:
    virtual ~Segmenter() = default;

    /// A short stable name for files and lists, for instance "classical".
    [[nodiscard]] virtual std::string name() const = 0;

    /// Masks of the image's size. The same image and options give the same masks, whatever the number of threads. A
    /// field without cells gives masks of background only. Throws base::Error where a needed channel is missing and
    /// base::Cancelled, within 50 ms, once `cancel` is set.
    [[nodiscard]] virtual Segmentation segment(const image::Image& image, const base::CancelToken& cancel, const base::Progress& progress) const = 0;

protected:
    Segmenter() = default;
    Segmenter(const Segmenter&) = default;
    Segmenter& operator=(const Segmenter&) = default;
};

} // namespace cellproof::segmentation
