// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/FieldAnnotation.h"
#include "core/annotation/SegmentationEdit.h"
#include "core/base/CancelToken.h"
#include "core/base/Progress.h"
#include "core/image/FieldSource.h"
#include "core/segmentation/Segmenter.h"
#include "core/store/Project.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cellproof::pipeline {

/// The segmenter of that name ("classical"). Throws Error for another name, listing those there are.
[[nodiscard]] std::shared_ptr<const segmentation::Segmenter> makeSegmenter(const std::string& method);

/// A field read and segmented: a value made on a worker thread, still to be stored.
struct SegmentedField
{
    store::FieldProperties content;
    std::vector<std::string> problems;       ///< channels that could not be used, and why; also among the notices
    std::optional<store::PreparedEdit> edit; ///< puts the new masks into the document it was made for; nothing where it failed
    std::string failure;                     ///< why a field that can be read cannot be segmented; empty where it was
    std::shared_ptr<const segmentation::Segmentation> found;
    annotation::SegmentationCounts counts; ///< what `edit` does
};

/// Reads and segments a field whose document is `field` (a snapshot; empty where the field was never read). Touches no
/// project, so it may run on any thread. What a person did in the field stays, see annotation::placeSegmentation(). What keeps the
/// field from being segmented (no blue channel, another size than before) is kept in the result. Throws Error where the field cannot be read, Cancelled.
[[nodiscard]] SegmentedField segmentField(const image::FieldFiles& files, const annotation::FieldAnnotation& field, const image::ReadOptions& options,
                                          const segmentation::Segmenter& segmenter, const base::CancelToken& cancel, const base::Progress& progress);

/// Where the masks of a segmentation come from, with the present time.
[[nodiscard]] annotation::Provenance provenanceOf(const segmentation::Segmentation& segmentation);

/// Puts a segmented field into the project, on the thread of the project, and tells what became of its cells. Where the document
/// is no longer the one that was segmented, the masks are fitted to it as it is now (about 0.1 s): what a person did meanwhile stays.
/// Throws Error where the field could not be segmented (its size and notices are kept all the same).
annotation::SegmentationCounts storeSegmentation(store::Project& project, std::size_t field, const SegmentedField& result);

/// Whether a person corrected or reviewed a cell of the field.
[[nodiscard]] bool hasPersonsWork(store::Project& project, std::size_t field);

struct SegmentOptions
{
    std::vector<std::size_t> fields; ///< which; empty: all
    bool again = false;              ///< also those segmented already; what persons did there stays
    bool leaveWorkedOn = false;      ///< not those in which a person corrected or reviewed a cell
    int jobs = 0;                    ///< fields worked on at once; 0: base::coreCount()
};

struct SegmentReport
{
    std::size_t segmented = 0;
    std::size_t cells = 0;                                     ///< in the fields segmented now
    std::size_t already = 0;                                   ///< segmented before, left as they are
    std::size_t kept = 0;                                      ///< left because of leaveWorkedOn
    annotation::SegmentationCounts counts;                     ///< what became of the cells of the fields segmented now
    std::vector<std::pair<std::string, std::string>> failed;   ///< id of the field, sentence
    std::vector<std::pair<std::string, std::string>> problems; ///< likewise, of fields segmented without a channel that could not be used
};

/// Segments fields of a project on several threads and stores each as soon as it is ready. A field that fails is kept
/// as failed with its reason and the others go on. On Cancelled all fields finished so far are stored. Memory does not
/// grow with the number of fields. `again` is kept in the project (BatchOrder) until it is done or cancelled: a call after a kill
/// goes on with the fields that are left.
SegmentReport segmentFields(store::Project& project, const segmentation::Segmenter& segmenter, const SegmentOptions& options,
                            const base::CancelToken& cancel = {}, const base::Progress& progress = {});

} // namespace cellproof::pipeline
