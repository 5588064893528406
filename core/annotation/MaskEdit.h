// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/mask/MaskDelta.h"

#include <map>
#include <optional>
#include <string>

namespace cellproof::annotation {

/// Changes pixels of the masks and the cells that go with them: segmentation, painting, splitting, merging, deleting.
class MaskEdit : public Edit
{
public:
    /// A cell before and after; nothing where it does not exist.
    struct Change
    {
        std::optional<Cell> before;
        std::optional<Cell> after;
    };

    MaskEdit(std::string description, mask::MaskDelta cells, mask::MaskDelta nuclei, std::map<mask::CellId, Change> changes);

    void apply(FieldAnnotation& field) const override;
    void revert(FieldAnnotation& field) const override;
    [[nodiscard]] std::string describe() const override { return m_description; }
    [[nodiscard]] EditScope scope() const override;
    [[nodiscard]] std::vector<std::uint8_t> toBytes() const override;
    [[nodiscard]] std::string_view kind() const override { return kKind; }
    [[nodiscard]] static std::unique_ptr<Edit> fromBytes(std::span<const std::uint8_t> bytes);

    static constexpr std::string_view kKind = "mask";

private:
    void put(FieldAnnotation& field, bool after) const;

    std::string m_description;
    mask::MaskDelta m_cells;
    mask::MaskDelta m_nuclei;
    std::map<mask::CellId, Change> m_changes;
};

/// Puts freshly segmented masks in the place of those of the field. The ids of the new masks (1, 2, ...) are moved up so
/// that none that the field ever used comes again. `provenance` is kept with each mask. Throws Error where the sizes
/// differ from the field's, or a cell holds a person's work: automatic results never overwrite that.
[[nodiscard]] std::unique_ptr<Edit> replaceSegmentation(const FieldAnnotation& field, mask::LabelMask cells, mask::LabelMask nuclei,
                                                        const Provenance& provenance);

} // namespace cellproof::annotation
