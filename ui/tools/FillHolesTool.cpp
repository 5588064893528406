// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/FillHolesTool.h"

#include "ui/tools/Corrections.h"
#include "ui/tools/ToolHost.h"
#include "ui/tools/ToolOptions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

namespace cellproof::ui {

namespace {

/// A gap is at most this part of the field: more is what lies around the cells.
constexpr std::int64_t kLargestGap = 20;

/// One at the border of the field is at most this part of the largest cell beside it.
constexpr std::int64_t kBorderGap = 4;

struct Gap
{
    mask::Region region; ///< empty where the background is too large for a gap
    std::map<mask::CellId, int> borders;
    bool atBorder = false; ///< of the field
};

/// The background around a pixel, 4-connected, with the cells that border on it.
Gap gapAt(const mask::LabelMask& cells, base::Point seed)
{
    const auto most = static_cast<std::size_t>(std::int64_t(cells.width()) * cells.height() / kLargestGap);
    std::vector<bool> seen(std::size_t(cells.width()) * std::size_t(cells.height()));
    const auto place = [&](base::Point p) { return std::size_t(p.y) * std::size_t(cells.width()) + std::size_t(p.x); };
    std::vector<base::Point> pixels = {seed};
    seen[place(seed)] = true;
    Gap gap;
    for (std::size_t next = 0; next < pixels.size(); ++next) {
        const base::Point p = pixels[next];
        if (pixels.size() > most)
            return {};
        for (const base::Point q : {base::Point{p.x - 1, p.y}, base::Point{p.x + 1, p.y}, base::Point{p.x, p.y - 1}, base::Point{p.x, p.y + 1}}) {
            if (!cells.rect().contains(q)) {
                gap.atBorder = true;
            } else if (const mask::CellId id = cells.at(q); id != 0) {
                ++gap.borders[id];
            } else if (!seen[place(q)]) {
                seen[place(q)] = true;
                pixels.push_back(q);
            }
        }
    }
    std::vector<mask::Span> spans;
    for (const base::Point p : pixels)
        spans.push_back({p.y, p.x, p.x + 1});
    gap.region = mask::Region(std::move(spans));
    return gap;
}

} // namespace

bool FillHolesTool::press(const ToolEvent& event)
{
    if (!takes(event))
        return false;
    follow(event);
    return true;
}

void FillHolesTool::release(const ToolEvent& event)
{
    if (const mask::CellId cell = cellAt(event.position); cell != 0) {
        fillHoles(host(), {cell}, options().part());
    } else {
        const base::Point seed{static_cast<int>(std::floor(std::clamp(event.position.x(), -1.0, 1e6))),
                               static_cast<int>(std::floor(std::clamp(event.position.y(), -1.0, 1e6)))};
        if (host().annotation().cellMask().rect().contains(seed))
            fillGap(seed);
    }
    follow(event);
}

void FillHolesTool::fillGap(base::Point seed)
{
    const Gap gap = gapAt(host().annotation().cellMask(), seed);
    if (gap.region.isEmpty() || gap.borders.empty()) {
        host().tell(tr("This background is no gap: cells do not close it off."));
        return;
    }
    std::int64_t largest = 0;
    for (const auto& [id, length] : gap.borders)
        largest = std::max(largest, host().annotation().cell(id) ? host().annotation().cell(id)->area : 0);
    if (gap.atBorder && gap.region.area() * kBorderGap > largest) {
        host().tell(tr("This background at the edge of the field is too large for a gap: at most a quarter of the cell beside it is filled."));
        return;
    }
    mask::CellId cell = selectedCell();
    if (!gap.borders.contains(cell))
        cell = std::ranges::max_element(gap.borders, {}, [](const auto& border) { return border.second; })->first;
    m_gesture = std::make_unique<PaintGesture>(host(), options(), PaintAim{PaintAim::Kind::Add, cell}, PaintTool::Fill);
    m_gesture->add(gap.region);
    commitGesture();
}

QString FillHolesTool::hintAt(QPointF position, Qt::KeyboardModifiers) const
{
    const mask::CellId cell = cellAt(position);
    if (cell == 0)
        return tr("Fills the gap between cells");
    return (options().part() == mask::Part::Nucleus ? tr("Fills the holes in the nucleus of cell %1") : tr("Fills the holes of cell %1")).arg(cell);
}

} // namespace cellproof::ui
