// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/FieldAnnotation.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cellproof::annotation {

/// Which parts of a document an edit touches: what is to be saved and drawn again.
struct EditScope
{
    bool masks = false;           ///< cell or nucleus pixels
    base::Rect region;            ///< where, if masks
    std::set<mask::CellId> cells; ///< cells added, changed or removed
    bool weakLabels = false;
};

/// One change of a document by a person or a job: it can be applied, reverted, described and stored. Immutable.
class Edit
{
public:
    virtual ~Edit() = default;

    /// Makes the change. Throws Error and leaves the document as it was where it does not fit (a cell is missing, a
    /// mask is not as it was).
    virtual void apply(FieldAnnotation& field) const = 0;

    /// Takes the change back. Throws Error like apply().
    virtual void revert(FieldAnnotation& field) const = 0;

    /// What the user did, for the undo menu, in English: "Add Mitochondria to cell 12".
    [[nodiscard]] virtual std::string describe() const = 0;

    [[nodiscard]] virtual EditScope scope() const = 0;

    /// Bytes for fromBytes(), compressed where large.
    [[nodiscard]] virtual std::vector<std::uint8_t> toBytes() const = 0;

    /// Name of the kind in the project file; never change one.
    [[nodiscard]] virtual std::string_view kind() const = 0;

    /// Restores an edit from kind() and toBytes(). Throws Error where the bytes are damaged or the kind is unknown.
    [[nodiscard]] static std::unique_ptr<Edit> fromBytes(std::string_view kind, std::span<const std::uint8_t> bytes);

protected:
    // The only mutators of a document.
    static mask::LabelMask& cellMaskOf(FieldAnnotation& field);
    static mask::LabelMask& nucleusMaskOf(FieldAnnotation& field);
    static FieldAnnotation::Cells& cellsOf(FieldAnnotation& field) { return field.m_cells; }
    static std::vector<int>& weakLabelsOf(FieldAnnotation& field) { return field.m_weakLabels; }
    static void reserveId(FieldAnnotation& field, mask::CellId id);
};

} // namespace cellproof::annotation
