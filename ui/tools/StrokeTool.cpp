// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/StrokeTool.h"

#include "ui/canvas/ViewTransform.h"
#include "ui/tools/ToolHost.h"
#include "ui/tools/ToolOptions.h"

#include <QImage>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace cellproof::ui {

namespace {

/// The lightest touch of a pen still leaves a line.
constexpr double kLeastPressure = 0.1;

constexpr double kSign = 4.0; ///< half the width of the plus or minus in the circle

constexpr double kOuterWidth = 3.0; // of the circle: a dark line below a bright one
constexpr double kInnerWidth = 1.2;
constexpr double kDarkness = 170.0 / 255.0;
constexpr double kMostByHand = 512.0; ///< radius in device pixels

/// Draws a circle as QPainter would, which fills it with several threads: to wake them takes as long as all else about a dab, and
/// at times much longer.
void drawCircle(QPainter& painter, QPointF centre, double radius, double ratio)
{
    if (radius * ratio > kMostByHand) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(Qt::NoBrush);
        for (const QPen& pen : {QPen(QColor::fromRgbF(0.0F, 0.0F, 0.0F, float(kDarkness)), kOuterWidth), QPen(Qt::white, kInnerWidth)}) {
            painter.setPen(pen);
            painter.drawEllipse(centre, radius, radius);
        }
        return;
    }
    const double r = radius * ratio; // all in device pixels
    const double outside = r + 0.5 * kOuterWidth * ratio + 0.5;
    const double inside = std::max(r - 0.5 * kOuterWidth * ratio - 0.5, 0.0);
    const QPointF corner(std::floor(centre.x() * ratio - outside), std::floor(centre.y() * ratio - outside));
    const QPointF at = centre * ratio - corner;
    const int side = static_cast<int>(std::ceil(2.0 * outside)) + 1;
    QImage picture(side, side, QImage::Format_ARGB32_Premultiplied);
    picture.fill(Qt::transparent);
    for (int y = 0; y < side; ++y) {
        auto* const row = reinterpret_cast<QRgb*>(picture.scanLine(y));
        const double dy = y + 0.5 - at.y();
        const double outer = std::sqrt(std::max(outside * outside - dy * dy, 0.0));
        const double inner = std::sqrt(std::max(inside * inside - dy * dy, 0.0));
        const auto draw = [&](double from, double to) {
            for (int x = std::max(static_cast<int>(from), 0); x <= to && x < side; ++x) {
                const double away = std::abs(std::hypot(x + 0.5 - at.x(), dy) - r);
                const double dark = kDarkness * std::clamp(0.5 * kOuterWidth * ratio + 0.5 - away, 0.0, 1.0);
                const double bright = std::clamp(0.5 * kInnerWidth * ratio + 0.5 - away, 0.0, 1.0);
                const int value = static_cast<int>(std::lround(255.0 * bright));
                row[x] = qRgba(value, value, value, static_cast<int>(std::lround(255.0 * (bright + dark * (1.0 - bright)))));
            }
        };
        draw(at.x() - outer - 1.0, at.x() - inner);
        draw(at.x() + inner - 1.0, at.x() + outer);
    }
    picture.setDevicePixelRatio(ratio);
    painter.drawImage(corner / ratio, picture);
}

} // namespace

double StrokeTool::diameterFor(const ToolEvent& event) const
{
    const double size = options().brushDiameter();
    if (!event.pressure)
        return size;
    return std::max(size * std::clamp(*event.pressure, kLeastPressure, 1.0), ToolOptions::kLeastDiameter);
}

void StrokeTool::dab(const ToolEvent& event)
{
    m_lastDiameter = diameterFor(event);
    m_gesture->add(mask::brushRegion(toPosition(m_last), toPosition(event.position), m_lastDiameter));
    m_last = event.position;
}

bool StrokeTool::press(const ToolEvent& event)
{
    if (!takes(event))
        return false;
    m_gesture = std::make_unique<PaintGesture>(host(), options(), strokeAt(event.position, event.modifiers), PaintTool::Stroke);
    m_last = event.position;
    dab(event);
    follow(event);
    return true;
}

void StrokeTool::drag(const ToolEvent& event)
{
    if (!m_gesture) // abandoned with the button still down
        return;
    dab(event);
    follow(event);
}

void StrokeTool::release(const ToolEvent& event)
{
    if (!m_gesture)
        return;
    if (event.position != m_last) {
        // A pen that is lifted presses no more.
        ToolEvent last = event;
        if (last.pressure)
            last.pressure = m_lastDiameter / options().brushDiameter();
        dab(last);
    }
    commitGesture();
    follow(event);
}

bool StrokeTool::wheel(double notches)
{
    m_notches += notches;
    const double whole = std::trunc(m_notches);
    m_notches -= whole;
    options().stepBrush(whole);
    host().updateTool();
    return true;
}

QString StrokeTool::hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const
{
    return m_gesture ? wordsFor(m_gesture->aim()) : wordsFor(strokeAt(position, modifiers));
}

/// Of the circle, in device-independent pixels.
double StrokeTool::shownRadius(const ViewTransform& view, double ratio) const
{
    return std::max((m_gesture ? m_lastDiameter : options().brushDiameter()) * view.scale() / ratio / 2.0, 1.0);
}

std::optional<QRectF> StrokeTool::paintedRect(const ViewTransform& view, double ratio) const
{
    if (!cursorPosition() || !isReady())
        return QRectF();
    const QPointF centre = toCanvas(view, ratio, *cursorPosition());
    const double margin = shownRadius(view, ratio) + 3.0 * kSign + 4.0;
    return QRectF(centre, centre).adjusted(-margin, -margin, margin, margin);
}

void StrokeTool::paint(QPainter& painter, const ViewTransform& view, double ratio) const
{
    if (!cursorPosition() || !isReady())
        return;
    const double radius = shownRadius(view, ratio);
    const QPointF centre = toCanvas(view, ratio, *cursorPosition());
    drawCircle(painter, centre, radius, ratio);
    // What it does is told by a sign too: minus erases, plus draws a new cell.
    const PaintAim::Kind kind = m_gesture ? m_gesture->aim().kind : strokeAt(*cursorPosition(), modifiers()).kind;
    if (kind == PaintAim::Kind::Add)
        return;
    const QPointF at = centre + QPointF(radius, -radius) * 0.7071 + QPointF(kSign + 3, -kSign - 3);
    drawToolLine(painter, QPolygonF({at - QPointF(kSign, 0), at + QPointF(kSign, 0)}));
    if (kind == PaintAim::Kind::Draw)
        drawToolLine(painter, QPolygonF({at - QPointF(0, kSign), at + QPointF(0, kSign)}));
}

} // namespace cellproof::ui
