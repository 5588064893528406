// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/SplitTool.h"

#include "ui/canvas/ViewTransform.h"
#include "ui/tools/Corrections.h"
#include "ui/tools/ToolHost.h"
#include "ui/tools/ToolOptions.h"

#include <QLineF>
#include <QPolygonF>

#include <algorithm>
#include <map>
#include <utility>

namespace cellproof::ui {

namespace {

constexpr double kLeastDrag = 4.0; ///< canvas pixels: below it is a click

} // namespace

bool SplitTool::press(const ToolEvent& event)
{
    if (!takes(event))
        return false;
    m_line = {event.position};
    m_pressedAt = event.widgetPosition;
    m_dragged = false;
    follow(event);
    return true;
}

void SplitTool::drag(const ToolEvent& event)
{
    if (m_line.empty())
        return;
    m_dragged = m_dragged || QLineF(m_pressedAt, event.widgetPosition).length() >= kLeastDrag;
    if (m_line.back() != event.position)
        m_line.push_back(event.position);
    follow(event);
}

/// Each cell counts by the length of the line in it.
mask::CellId SplitTool::crossedCell() const
{
    const mask::LabelMask& cells = host().annotation().cellMask();
    std::map<mask::CellId, int> lengths;
    for (std::size_t i = 1; i < m_line.size(); ++i) {
        const mask::Region part = mask::brushRegion(toPosition(m_line[i - 1]), toPosition(m_line[i]), 1.0);
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

void SplitTool::release(const ToolEvent& event)
{
    if (m_line.empty())
        return;
    if (m_line.back() != event.position)
        m_line.push_back(event.position);
    const mask::CellId cell = m_dragged ? crossedCell() : cellAt(m_line.front());
    const std::vector<QPointF> line = std::exchange(m_line, {});
    if (cell == 0) {
        host().tell(m_dragged ? tr("The line crosses no cell.") : tr("There is no cell here to split."));
    } else if (m_dragged) {
        std::vector<base::Position> positions;
        std::ranges::transform(line, std::back_inserter(positions), toPosition);
        splitByLine(host(), cell, positions, options().part());
    } else {
        splitByNuclei(host(), {cell});
    }
    follow(event);
}

bool SplitTool::abandon()
{
    const bool had = !m_line.empty();
    m_line.clear();
    host().updateTool();
    return had;
}

QString SplitTool::hintAt(QPointF position, Qt::KeyboardModifiers) const
{
    if (!m_line.empty() && m_dragged) {
        const mask::CellId cell = crossedCell();
        return cell == 0 ? QString() : tr("Splits cell %1 along the line").arg(cell);
    }
    const mask::CellId under = cellAt(position);
    return under == 0 ? tr("Draw a line across a cell to split it")
                      : tr("Draw a line across a cell to split it; a click splits cell %1 by its nuclei").arg(under);
}

std::optional<QRectF> SplitTool::paintedRect(const ViewTransform& view, double ratio) const
{
    return toolLineRect(toCanvas(view, ratio, m_line));
}

void SplitTool::paint(QPainter& painter, const ViewTransform& view, double ratio) const
{
    if (m_line.size() > 1)
        drawToolLine(painter, toCanvas(view, ratio, m_line));
}

} // namespace cellproof::ui
