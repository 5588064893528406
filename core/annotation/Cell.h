// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/LabelSet.h"
#include "core/base/Geometry.h"
#include "core/mask/LabelMask.h"

#include <cstdint>
#include <string>

namespace cellproof::annotation {

/// What a person made of a cell so far.
enum class ReviewState : std::uint8_t {
    Unreviewed,
    Accepted,  ///< its labels are right
    Discarded, ///< not to be used: out of focus, damaged, no cell
    Unsure,    ///< to be looked at again
};

/// "unreviewed", "accepted", "discarded", "unsure".
[[nodiscard]] const char* nameOf(ReviewState state);

/// One cell of a field. Its pixels are those of its id in the field's masks.
struct Cell
{
    mask::CellId id = 0;
    base::Rect bounds;
    std::int64_t area = 0;        ///< pixels of the cell, nucleus included
    std::int64_t nucleusArea = 0; ///< pixels of its nuclei; 0 for a cell without nucleus
    int nucleusCount = 0;         ///< separate nuclei
    bool touchesBorder = false;   ///< cut by the edge of the field
    ReviewState review = ReviewState::Unreviewed;
    std::string note;
    std::string question; ///< why a person is to look at this cell again, a sentence; empty where nothing is open
    Provenance maskProvenance;
    LabelSet labels; ///< what models and persons state; weak labels are those of the field
    friend bool operator==(const Cell&, const Cell&) = default;

    /// Whether a person decided anything on this cell, so that no automatic result may replace it.
    [[nodiscard]] bool hasPersonsWork() const
    {
        return review != ReviewState::Unreviewed || !note.empty() || maskProvenance.source == Source::Person || labels.hasPersonsDecision();
    }
};

} // namespace cellproof::annotation
