// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/Corrections.h"

#include "core/annotation/CorrectionEdit.h"
#include "core/base/Error.h"
#include "core/mask/Correct.h"
#include "ui/tools/ToolHost.h"

#include <QCoreApplication>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace cellproof::ui {

namespace {

/// Ids named in full; of more only how many.
constexpr std::size_t kMostNames = 8;

struct Corrections
{
    Q_DECLARE_TR_FUNCTIONS(cellproof::ui::Corrections)
};

std::string listOf(const std::vector<mask::CellId>& cells)
{
    std::string text;
    const std::size_t named = std::min(cells.size(), kMostNames);
    for (std::size_t i = 0; i < named; ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(cells[i]);
    if (named < cells.size())
        text += " and " + std::to_string(cells.size() - named) + " more";
    return text;
}

/// The change of the masks that a correction makes, or nothing where it cannot be, which is told.
template <class Correct>
std::optional<mask::PairChange> changeBy(ToolHost& host, Correct correct)
{
    try {
        return correct(masksOf(host));
    } catch (const base::Error& error) {
        host.tell(QString::fromStdString(error.what()));
        return {};
    }
}

/// One correction after another as one change. None may touch what another one changes.
mask::PairChange changeEach(mask::PairMasks masks, const std::vector<mask::CellId>& cells,
                            const std::function<mask::PairChange(const mask::PairMasks&, mask::CellId)>& correct)
{
    const mask::LabelMask cellsBefore = masks.cells;
    const mask::LabelMask nucleiBefore = masks.nuclei;
    mask::PairChange all;
    base::Rect cellRegion;
    base::Rect nucleusRegion;
    for (const mask::CellId id : cells) {
        mask::PairChange change = correct(masks, id);
        change.cells.apply(masks.cells);
        change.nuclei.apply(masks.nuclei);
        cellRegion = cellRegion.united(change.cells.bounds());
        nucleusRegion = nucleusRegion.united(change.nuclei.bounds());
        for (const auto& [fresh, origin] : change.origins) {
            all.origins[fresh] = origin;
            masks.nextId = std::max(masks.nextId, fresh + 1);
        }
    }
    all.cells = mask::MaskDelta::between(cellsBefore, masks.cells, cellRegion);
    all.nuclei = mask::MaskDelta::between(nucleiBefore, masks.nuclei, nucleusRegion);
    return all;
}

/// The cells that were split, and the new ones beside them.
std::vector<mask::CellId> partsOf(const mask::PairChange& change)
{
    std::vector<mask::CellId> parts;
    for (const auto& [fresh, origin] : change.origins) {
        parts.push_back(fresh);
        parts.push_back(origin);
    }
    std::ranges::sort(parts);
    parts.erase(std::ranges::unique(parts).begin(), parts.end());
    std::erase(parts, 0);
    return parts;
}

std::string nucleusOf(mask::Part part)
{
    return part == mask::Part::Nucleus ? "nucleus of " : "";
}

} // namespace

std::string namesOf(const std::vector<mask::CellId>& cells)
{
    return (cells.size() == 1 ? "cell " : "cells ") + listOf(cells);
}

mask::PairMasks masksOf(const ToolHost& host)
{
    if (!host.annotation().size().isEmpty())
        return annotation::pairMasksOf(host.annotation());
    const mask::LabelMask empty(host.pyramid()->size());
    return {empty, empty, host.annotation().nextId(), {}};
}

bool commitChange(ToolHost& host, const mask::PairChange& change, std::string description)
{
    if (change.isEmpty())
        return false;
    const auto before = std::pair(host.annotation().sharedCellMask(), host.annotation().sharedNucleusMask());
    try {
        const annotation::FieldAnnotation& field = host.annotation();
        host.apply(annotation::correctMasks(field.size().isEmpty() ? annotation::FieldAnnotation(change.cells.maskSize()) : field, change,
                                            std::move(description), host.person()));
    } catch (const base::Error& error) {
        host.tell(QString::fromStdString(error.what()));
    }
    const bool applied = before != std::pair(host.annotation().sharedCellMask(), host.annotation().sharedNucleusMask());
    if (!applied)
        host.clearChange();
    return applied;
}

bool splitByLine(ToolHost& host, mask::CellId cell, const std::vector<base::Position>& line, mask::Part part)
{
    const auto change = changeBy(host, [&](const mask::PairMasks& masks) { return mask::splitByLine(masks, cell, line, part); });
    if (!change)
        return false;
    if (change->isEmpty()) {
        host.tell((part == mask::Part::Nucleus ? Corrections::tr("The line does not part the nucleus of cell %1.")
                                               : Corrections::tr("The line does not part cell %1: draw it from border to border."))
                      .arg(cell));
        return false;
    }
    if (!commitChange(host, *change, "Split " + nucleusOf(part) + namesOf({cell})))
        return false;
    if (!change->origins.empty())
        host.select(partsOf(*change));
    return true;
}

bool splitByNuclei(ToolHost& host, const std::vector<mask::CellId>& cells)
{
    const auto change = changeBy(host, [&](const mask::PairMasks& masks) { return changeEach(masks, cells, &mask::splitByNuclei); });
    if (!change)
        return false;
    if (change->isEmpty()) {
        host.tell(cells.size() == 1 ? Corrections::tr("Cell %1 has only one nucleus; draw a line across it to split it.").arg(cells.front())
                                    : Corrections::tr("None of these cells has several nuclei."));
        return false;
    }
    std::vector<mask::CellId> split;
    for (const mask::CellId id : cells) {
        if (std::ranges::any_of(change->origins, [id](const auto& origin) { return origin.second == id; }))
            split.push_back(id);
    }
    if (!commitChange(host, *change, "Split " + namesOf(split) + " by nuclei"))
        return false;
    host.select(partsOf(*change));
    return true;
}

bool mergeCells(ToolHost& host, const std::vector<mask::CellId>& cells)
{
    if (cells.size() < 2) {
        host.tell(Corrections::tr("Select two cells or more to merge them: hold Shift and click."));
        return false;
    }
    const auto change = changeBy(host, [&](const mask::PairMasks& masks) { return mask::merge(masks, cells); });
    if (!change || !commitChange(host, *change, "Merge " + namesOf(cells)))
        return false;
    host.select({cells.front()});
    return true;
}

bool removeCells(ToolHost& host, const std::vector<mask::CellId>& cells, mask::Part part)
{
    const auto change = changeBy(host, [&](const mask::PairMasks& masks) { return mask::remove(masks, cells, part); });
    if (change && change->isEmpty())
        host.tell(Corrections::tr("These cells have no nucleus to delete."));
    return change && commitChange(host, *change, "Delete " + nucleusOf(part) + namesOf(cells));
}

bool removePieces(ToolHost& host, const std::map<mask::CellId, mask::CellId>& pieces)
{
    std::vector<mask::CellId> ids;
    std::vector<mask::CellId> origins;
    for (const auto& [id, origin] : pieces) {
        ids.push_back(id);
        origins.push_back(origin);
    }
    std::ranges::sort(origins);
    origins.erase(std::ranges::unique(origins).begin(), origins.end());
    const auto change = changeBy(host, [&](const mask::PairMasks& masks) { return mask::remove(masks, ids, mask::Part::Both); });
    return change && commitChange(host, *change, "Remove what was cut off " + namesOf(origins));
}

bool growCells(ToolHost& host, const std::vector<mask::CellId>& cells, int steps, mask::Part part, bool overNeighbours)
{
    const auto change = changeBy(host, [&](const mask::PairMasks& masks) { return mask::grow(masks, cells, steps, part, overNeighbours); });
    if (change && change->isEmpty())
        host.tell(steps > 0 ? Corrections::tr("There is no room to grow.") : Corrections::tr("There is nothing to shrink."));
    return change && commitChange(host, *change, (steps > 0 ? "Grow " : "Shrink ") + nucleusOf(part) + namesOf(cells));
}

bool smoothCells(ToolHost& host, const std::vector<mask::CellId>& cells, int radius, mask::Part part)
{
    const auto change = changeBy(host, [&](const mask::PairMasks& masks) { return mask::smooth(masks, cells, radius, part); });
    if (change && change->isEmpty())
        host.tell(Corrections::tr("The borders are smooth already."));
    return change && commitChange(host, *change, "Smooth " + nucleusOf(part) + namesOf(cells));
}

bool fillHoles(ToolHost& host, const std::vector<mask::CellId>& cells, mask::Part part)
{
    const auto change = changeBy(host, [&](const mask::PairMasks& masks) {
        return changeEach(masks, cells, [part](const mask::PairMasks& now, mask::CellId id) { return mask::fillHoles(now, id, part); });
    });
    if (change && change->isEmpty())
        host.tell(part == mask::Part::Nucleus
                      ? Corrections::tr("There are no holes to fill.")
                      : Corrections::tr("There are no holes to fill. A gap beside a cell is filled by the tool Fill (F) and a click into it."));
    return change && commitChange(host, *change, "Fill holes of " + nucleusOf(part) + namesOf(cells));
}

} // namespace cellproof::ui
