// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/WandTool.h"

#include "core/segmentation/Wand.h"
#include "ui/canvas/ViewTransform.h"
#include "ui/tools/ToolHost.h"
#include "ui/tools/ToolOptions.h"

#include <QPainter>
#include <QPolygonF>

#include <cmath>

namespace cellproof::ui {

namespace {

/// Canvas pixels to drag for the whole range of the tolerance.
constexpr double kWholeRange = 600.0;

/// Of Alt and the wheel.
constexpr double kPerNotch = 0.01;

constexpr double kMark = 3.0; ///< radius of the mark where the wand was put down

} // namespace

WandTool::WandTool(ToolHost& host, ToolOptions& options) : Tool(host, options) {}

WandTool::~WandTool() = default;

PaintAim WandTool::wandAt(QPointF position, Qt::KeyboardModifiers modifiers) const
{
    const PaintAim aim = aimAt(position, modifiers);
    const mask::CellId under = cellAt(position);
    if (under != 0 && under != aim.cell && !options().overNeighbours())
        return {aim.kind, under};
    return aim;
}

bool WandTool::press(const ToolEvent& event)
{
    if (!takes(event))
        return false;
    const image::Image& image = host().pyramid()->image();
    const base::Rect whole{0, 0, image.width(), image.height()};
    const base::Point seed{static_cast<int>(std::floor(event.position.x())), static_cast<int>(std::floor(event.position.y()))};
    if (!whole.contains(seed))
        return false;
    const PaintAim aim = wandAt(event.position, event.modifiers);
    const mask::LabelMask& cells = host().annotation().cellMask();
    segmentation::WandObstacles obstacles;
    if (!cells.isEmpty() && !options().overNeighbours())
        obstacles = {&cells, aim.kind == PaintAim::Kind::Draw ? 0 : aim.cell};
    segmentation::WandOptions wandOptions;
    wandOptions.outlineSmoothing = options().smoothing();
    const QRect view = host().visibleRect().intersected(QRectF(0, 0, whole.width, whole.height)).toAlignedRect();
    m_wand =
        std::make_unique<segmentation::Wand>(image, host().look(), seed, base::Rect{view.x(), view.y(), view.width(), view.height()}, wandOptions, obstacles);
    m_gesture = std::make_unique<PaintGesture>(host(), options(), aim);
    m_seed = event.position;
    m_pressedAt = event.widgetPosition;
    m_toleranceAtPress = options().tolerance();
    show();
    follow(event);
    return true;
}

void WandTool::show()
{
    m_gesture->replace(m_wand->at(options().tolerance()));
}

void WandTool::drag(const ToolEvent& event)
{
    if (!m_gesture)
        return;
    const double before = options().tolerance();
    options().setTolerance(m_toleranceAtPress + (event.widgetPosition.x() - m_pressedAt.x()) / kWholeRange);
    if (options().tolerance() != before)
        show();
    follow(event);
}

void WandTool::release(const ToolEvent& event)
{
    if (!m_gesture)
        return;
    drag(event);
    m_wand.reset();
    commitGesture();
    follow(event);
}

bool WandTool::abandon()
{
    m_wand.reset();
    return Tool::abandon();
}

bool WandTool::wheel(double notches)
{
    options().setTolerance(options().tolerance() + notches * kPerNotch);
    if (m_gesture)
        show();
    return true;
}

QString WandTool::hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const
{
    if (m_gesture)
        return tr("%1; tolerance %2 %: drag right for more, left for less").arg(wordsFor(m_gesture->aim())).arg(std::lround(options().tolerance() * 100));
    return wordsFor(wandAt(position, modifiers));
}

std::optional<QRectF> WandTool::paintedRect(const ViewTransform& view, double ratio) const
{
    if (!m_gesture)
        return QRectF();
    const QPointF at = toCanvas(view, ratio, m_seed);
    return QRectF(at, at).adjusted(-2 * kMark, -2 * kMark, 2 * kMark, 2 * kMark);
}

void WandTool::paint(QPainter& painter, const ViewTransform& view, double ratio) const
{
    if (!m_gesture)
        return;
    const QPointF at = toCanvas(view, ratio, m_seed);
    drawToolLine(painter, QPolygonF({at - QPointF(kMark, 0), at + QPointF(kMark, 0)}));
    drawToolLine(painter, QPolygonF({at - QPointF(0, kMark), at + QPointF(0, kMark)}));
}

} // namespace cellproof::ui
