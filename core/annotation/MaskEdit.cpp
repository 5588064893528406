// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/MaskEdit.h"

#include "core/annotation/Serialise.h"
#include "core/mask/Compression.h"

#include <algorithm>
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

bool MaskEdit::onlyRemoves() const
{
    return !m_changes.empty() && std::ranges::none_of(m_changes, [](const auto& entry) { return entry.second.after.has_value(); });
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

} // namespace cellproof::annotation
