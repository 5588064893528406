// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/WandTool.h"

#include "core/segmentation/Wand.h"
#include "ui/canvas/ViewTransform.h"
#include "ui/tools/ToolHost.h"
#include "ui/tools/ToolOptions.h"

#include <QPainter>
#include <QPolygonF>

#include <cmath>
#include <cstdint>

namespace cellproof::ui {

namespace {

/// Canvas pixels to drag for the whole scale of the tolerance.
constexpr double kWholeRange = 400.0;

/// Of the scale, with Alt and the wheel.
constexpr double kPerNotch = 0.02;

/// Where more pixels than this are in view, the region stays within kReach pixels of where the wand is put down.
constexpr std::int64_t kMostInView = 1'100'000;
constexpr int kReach = 512;

/// Pixels that are looked at before the region is shown; the rest follows as soon as nothing else is to be done.
constexpr std::int64_t kAtOnce = 500'000;

constexpr double kMark = 3.0; ///< radius of the mark where the wand was put down

} // namespace

WandTool::WandTool(ToolHost& host, ToolOptions& options) : Tool(host, options)
{
    m_rest.setSingleShot(true);
    QObject::connect(&m_rest, &QTimer::timeout, &m_rest, [this] {
        show();
        say();
    });
}

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
    m_limit = {view.x(), view.y(), view.width(), view.height()};
    if (std::int64_t(view.width()) * view.height() > kMostInView)
        m_limit = m_limit.intersected({seed.x - kReach, seed.y - kReach, 2 * kReach + 1, 2 * kReach + 1});
    m_wand = std::make_unique<segmentation::Wand>(image, host().look(), seed, m_limit, wandOptions, obstacles);
    m_gesture = std::make_unique<PaintGesture>(host(), options(), aim, PaintTool::Wand);
    m_seed = event.position;
    m_pressedAt = event.widgetPosition;
    m_toleranceAtPress = options().tolerance();
    show();
    follow(event);
    return true;
}

/// The region as far as it has grown by now, and a little further.
void WandTool::show()
{
    if (m_wand->grow(options().tolerance(), kAtOnce))
        m_rest.stop();
    else
        m_rest.start();
    showRegion(m_wand->grown(options().tolerance()));
}

void WandTool::showRegion(const mask::Region& region)
{
    const base::Rect at = region.bounds();
    const base::Size field = host().pyramid()->size();
    m_atLimit =
        !region.isEmpty() && ((at.x <= m_limit.x && at.x > 0) || (at.y <= m_limit.y && at.y > 0) ||
                              (at.right() >= m_limit.right() && at.right() < field.width) || (at.bottom() >= m_limit.bottom() && at.bottom() < field.height));
    m_gesture->replace(region);
}

void WandTool::drag(const ToolEvent& event)
{
    if (!m_gesture)
        return;
    const double before = options().tolerance();
    const double moved = event.widgetPosition.x() - m_pressedAt.x();
    options().setTolerance(moved == 0.0 ? m_toleranceAtPress : ToolOptions::toleranceAt(ToolOptions::placeOf(m_toleranceAtPress) + moved / kWholeRange));
    if (options().tolerance() != before)
        show();
    follow(event);
}

void WandTool::release(const ToolEvent& event)
{
    if (!m_gesture)
        return;
    drag(event);
    if (m_rest.isActive())
        showRegion(m_wand->at(options().tolerance()));
    forget();
    if (!commitGesture())
        options().setTolerance(m_toleranceAtPress);
    else if (m_atLimit)
        host().tell(
            tr("The wand took as far as it reaches: the view, or in a large view %1 pixels around. Put it down again further on to take more.").arg(kReach));
    follow(event);
}

void WandTool::forget()
{
    m_rest.stop();
    m_wand.reset();
}

bool WandTool::abandon()
{
    forget();
    if (m_gesture)
        options().setTolerance(m_toleranceAtPress);
    return Tool::abandon();
}

bool WandTool::wheel(double notches)
{
    options().setTolerance(ToolOptions::toleranceAt(ToolOptions::placeOf(options().tolerance()) + notches * kPerNotch));
    if (m_gesture)
        show();
    return true;
}

QString WandTool::hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const
{
    if (m_gesture) {
        const QString words = wordsFor(m_gesture->aim());
        const QString tolerance = QString::number(options().tolerance() * 100, 'f', 1);
        return (m_atLimit ? tr("%1; tolerance %2 %; this is as far as it reaches") : tr("%1; tolerance %2 %: drag right for more, left for less"))
            .arg(words, tolerance);
    }
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
