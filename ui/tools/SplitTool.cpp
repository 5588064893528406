// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/SplitTool.h"

#include "ui/tools/Corrections.h"
#include "ui/tools/ToolHost.h"
#include "ui/tools/ToolOptions.h"

#include <QLineF>

#include <algorithm>
#include <map>

namespace cellproof::ui {

namespace {

constexpr double kLeastDrag = 4.0; ///< canvas pixels: below it is a click

} // namespace

void SplitTool::begin(const ToolEvent& event)
{
    m_pressedAt = event.widgetPosition;
    m_dragged = false;
}

void SplitTool::grow(const ToolEvent& event)
{
    m_dragged = m_dragged || QLineF(m_pressedAt, event.widgetPosition).length() >= kLeastDrag;
}

/// Each cell counts by the length of the line in it.
mask::CellId SplitTool::crossedCell(const std::vector<QPointF>& line) const
{
    const mask::LabelMask& cells = host().annotation().cellMask();
    std::map<mask::CellId, int> lengths;
    for (std::size_t i = 1; i < line.size(); ++i) {
        const mask::Region part = mask::brushRegion(toPosition(line[i - 1]), toPosition(line[i]), 1.0);
        for (const mask::Span& span : part.spans()) {
            for (int x = std::max(span.first, 0); x < std::min(span.end, cells.width()); ++x) {
                if (const mask::CellId id = cells.atOrBackground({x, span.y}); id != 0)
                    ++lengths[id];
            }
        }
    }
    if (const mask::CellId selected = selectedCell(); lengths.contains(selected))
        return selected;
    const auto most = std::ranges::max_element(lengths, {}, [](const auto& length) { return length.second; });
    return most == lengths.end() ? 0 : most->first;
}

void SplitTool::finish(const std::vector<QPointF>& line)
{
    const mask::CellId cell = m_dragged ? crossedCell(line) : cellAt(line.front());
    if (cell == 0) {
        host().tell(m_dragged ? tr("The line crosses no cell.") : tr("There is no cell here to split."));
    } else if (m_dragged) {
        std::vector<base::Position> positions;
        std::ranges::transform(line, std::back_inserter(positions), toPosition);
        splitByLine(host(), cell, positions, options().part());
    } else {
        splitByNuclei(host(), {cell});
    }
}

QString SplitTool::hintAt(QPointF position, Qt::KeyboardModifiers) const
{
    if (isUnderWay() && m_dragged) {
        const mask::CellId cell = crossedCell(line());
        return cell == 0 ? QString() : tr("Splits cell %1 along the line").arg(cell);
    }
    const mask::CellId under = cellAt(position);
    return under == 0 ? tr("Draw a line across a cell to split it")
                      : tr("Draw a line across a cell to split it; a click splits cell %1 by its nuclei").arg(under);
}

} // namespace cellproof::ui
