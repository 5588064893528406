// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/MaskEdit.h"

#include "core/annotation/Serialise.h"
#include "core/mask/Compression.h"

#include <limits>
#include <utility>

namespace cellproof::annotation {

namespace {

constexpr int kCompressionLevel = 6;
constexpr std::uint64_t kMostBytes = std::uint64_t(1) << 30;

} // namespace

MaskEdit::MaskEdit(std::string description, mask::MaskDelta cells, mask::MaskDelta nuclei, std::map<mask::CellId, Change> changes)
    : m_description(std::move(description)), m_cells(std::move(cells)), m_nuclei(std::move(nuclei)), m_changes(std::move(changes))
{
}

void MaskEdit::put(FieldAnnotation& field, bool after) const
{
    FieldAnnotation::Cells& cells = cellsOf(field);
    for (const auto& [id, change] : m_changes) {
        const std::optional<Cell>& expected = after ? change.before : change.after;
        const auto at = cells.find(id);
        if ((at != cells.end()) != expected.has_value())
            throw base::Error("Cell " + std::to_string(id) + (expected ? " does not exist any more." : " exists already."));
        if (expected && at->second != *expected)
            throw base::Error("Cell " + std::to_string(id) + " was changed meanwhile, so its mask is left as it is.");
    }
    mask::LabelMask& cellMask = cellMaskOf(field);
    mask::LabelMask& nucleusMask = nucleusMaskOf(field);
    after ? m_cells.apply(cellMask) : m_cells.revert(cellMask);
    try {
        after ? m_nuclei.apply(nucleusMask) : m_nuclei.revert(nucleusMask);
    } catch (...) {
        after ? m_cells.revert(cellMask) : m_cells.apply(cellMask);
        throw;
    }
    for (const auto& [id, change] : m_changes) {
        const std::optional<Cell>& cell = after ? change.after : change.before;
        if (cell)
            cells[id] = *cell;
        else
            cells.erase(id);
        reserveId(field, id);
    }
}

void MaskEdit::apply(FieldAnnotation& field) const
{
    put(field, true);
}

void MaskEdit::revert(FieldAnnotation& field) const
{
    put(field, false);
}

EditScope MaskEdit::scope() const
{
    EditScope scope;
    scope.masks = true;
    scope.region = m_cells.bounds().united(m_nuclei.bounds());
    for (const auto& [id, change] : m_changes)
        scope.cells.insert(id);
    return scope;
}

std::vector<std::uint8_t> MaskEdit::toBytes() const
{
    nlohmann::json changes = nlohmann::json::array();
    for (const auto& [id, change] : m_changes) {
        changes.push_back(
            {id, change.before ? nlohmann::json(*change.before) : nlohmann::json(), change.after ? nlohmann::json(*change.after) : nlohmann::json()});
    }
    // Cells repeat where they come from: packed, an edit takes a fraction.
    return mask::compress(nlohmann::json::to_cbor({{"description", m_description},
                                                   {"cells", nlohmann::json::binary(m_cells.toBytes())},
                                                   {"nuclei", nlohmann::json::binary(m_nuclei.toBytes())},
                                                   {"changes", std::move(changes)}}),
                          kCompressionLevel);
}

std::unique_ptr<Edit> MaskEdit::fromBytes(std::span<const std::uint8_t> bytes)
{
    return fromCbor(mask::decompress(bytes, kMostBytes), [](const nlohmann::json& root) {
        const auto optionalCell = [](const nlohmann::json& j) { return j.is_null() ? std::optional<Cell>() : std::optional<Cell>(j.get<Cell>()); };
        std::map<mask::CellId, Change> changes;
        for (const nlohmann::json& item : root.at("changes")) {
            const auto id = item.at(0).get<mask::CellId>();
            Change& change = changes[id] = {optionalCell(item.at(1)), optionalCell(item.at(2))};
            if (id < 1 || id == std::numeric_limits<mask::CellId>::max() || (change.before && change.before->id != id) ||
                (change.after && change.after->id != id))
                throw base::Error("A stored edit is damaged: it changes the cell " + std::to_string(id) + ", which cannot be.");
        }
        return std::make_unique<MaskEdit>(root.at("description").get<std::string>(), mask::MaskDelta::fromBytes(root.at("cells").get_binary()),
                                          mask::MaskDelta::fromBytes(root.at("nuclei").get_binary()), std::move(changes));
    });
}

std::unique_ptr<Edit> replaceSegmentation(const FieldAnnotation& field, mask::LabelMask cells, mask::LabelMask nuclei, const Provenance& provenance)
{
    if (cells.size() != field.size() || nuclei.size() != field.size())
        throw base::Error("The segmentation has " + std::to_string(cells.width()) + " x " + std::to_string(cells.height()) + " pixels, the field " +
                          std::to_string(field.size().width) + " x " + std::to_string(field.size().height) + ".");
    for (const auto& [id, cell] : field.cells()) {
        if (cell.hasPersonsWork())
            throw base::Error("Cell " + std::to_string(id) + " was corrected or reviewed by a person, so the field is not segmented again.");
    }

    const mask::CellId offset = field.nextId() - 1;
    for (mask::LabelMask* const mask : {&cells, &nuclei}) {
        for (int y = 0; y < mask->height(); ++y) {
            mask::CellId* const row = mask->row(y);
            for (int x = 0; x < mask->width(); ++x) {
                if (row[x] < 0 || row[x] > std::numeric_limits<mask::CellId>::max() - 1 - offset)
                    throw base::Error("The field has used up its cell ids.");
                if (row[x] > 0)
                    row[x] += offset;
            }
        }
    }
    std::map<mask::CellId, MaskEdit::Change> changes;
    for (const auto& [id, cell] : field.cells())
        changes[id].before = cell;
    FieldAnnotation::Cells fresh = measureCells(cells, nuclei);
    for (auto& [id, cell] : fresh) {
        cell.maskProvenance = provenance;
        changes[id].after = std::move(cell);
    }
    const std::size_t count = fresh.size();
    return std::make_unique<MaskEdit>("Segment the field (" + std::to_string(count) + (count == 1 ? " cell)" : " cells)"),
                                      mask::MaskDelta::between(field.cellMask(), cells), mask::MaskDelta::between(field.nucleusMask(), nuclei),
                                      std::move(changes));
}

} // namespace cellproof::annotation
