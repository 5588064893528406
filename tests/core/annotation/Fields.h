// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/FieldAnnotation.h"
#include "core/annotation/LabelEdits.h"
#include "core/annotation/MaskEdit.h"

#include <memory>
#include <utility>

namespace cellproof::testing {

/// A mask with a rectangle for each id 1, 2, ...
inline mask::LabelMask rectangles(base::Size size, const std::vector<base::Rect>& rects)
{
    mask::LabelMask mask(size);
    mask::CellId id = 0;
    for (const base::Rect& rect : rects) {
        ++id;
        for (int y = rect.y; y < rect.bottom(); ++y) {
            for (int x = rect.x; x < rect.right(); ++x)
                mask.set({x, y}, id);
        }
    }
    return mask;
}

/// Three cells in a 20 x 10 field: one at the border, one with two nuclei, one without.
inline std::pair<mask::LabelMask, mask::LabelMask> threeCells()
{
    mask::LabelMask cells = rectangles({20, 10}, {{0, 0, 5, 6}, {6, 1, 7, 6}, {14, 2, 5, 5}});
    mask::LabelMask nuclei = rectangles({20, 10}, {{1, 1, 2, 2}, {7, 2, 2, 2}});
    nuclei.set({11, 4}, 2);
    return {std::move(cells), std::move(nuclei)};
}

inline annotation::Provenance model()
{
    return {annotation::Source::Model, "classical", "1", 1000};
}

inline annotation::Provenance person()
{
    return {annotation::Source::Person, "Ada", {}, 2000};
}

/// A field with threeCells() and the weak labels 0 and 14.
inline annotation::FieldAnnotation segmentedField()
{
    annotation::FieldAnnotation field(base::Size{20, 10});
    auto [cells, nuclei] = threeCells();
    annotation::replaceSegmentation(field, std::move(cells), std::move(nuclei), model())->apply(field);
    annotation::WeakLabelEdit({}, {0, 14}).apply(field);
    return field;
}

} // namespace cellproof::testing
