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

    /// Whether cells are taken away and none is put in or changed.
    [[nodiscard]] bool onlyRemoves() const;

private:
    void put(FieldAnnotation& field, bool after) const;

    std::string m_description;
    mask::MaskDelta m_cells;
    mask::MaskDelta m_nuclei;
    std::map<mask::CellId, Change> m_changes;
};

/// The edit of placeSegmentation() alone.
[[nodiscard]] std::unique_ptr<Edit> replaceSegmentation(const FieldAnnotation& field, const mask::LabelMask& cells, const mask::LabelMask& nuclei,
                                                        const Provenance& provenance);

} // namespace cellproof::annotation
