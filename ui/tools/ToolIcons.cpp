// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/ToolIcons.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>
#include <QPixmap>

#include <variant>

namespace cellproof::ui {

namespace {

/// Icons are drawn on a square of that side.
constexpr double kSide = 24.0;

using Subject = std::variant<ToolId, CommandIcon>;

/// What is drawn: lines, filled shapes, and lines that are faint.
struct Drawing
{
    QPainterPath lines;
    QPainterPath filled;
    QPainterPath faint;
};

void line(QPainterPath& path, std::initializer_list<QPointF> points)
{
    path.moveTo(*points.begin());
    for (const QPointF point : points)
        path.lineTo(point);
}

void polygon(QPainterPath& path, std::initializer_list<QPointF> points)
{
    line(path, points);
    path.closeSubpath();
}

Drawing drawingOf(ToolId tool)
{
    Drawing d;
    switch (tool) {
    case ToolId::Select:
        polygon(d.lines, {{7, 3}, {7, 19}, {11, 15.5}, {13.5, 21}, {16, 20}, {13.5, 14.5}, {18.5, 14}});
        break;
    case ToolId::Brush:
        polygon(d.lines, {{11, 12}, {18.5, 3}, {21, 5.5}, {12.5, 14}});
        d.filled.moveTo(10.5, 12.5);
        d.filled.cubicTo(6, 12.5, 8, 18, 3, 20);
        d.filled.cubicTo(8, 22, 13, 20, 12.5, 14.5);
        d.filled.closeSubpath();
        break;
    case ToolId::Eraser:
        polygon(d.lines, {{3.5, 15}, {13, 5}, {20, 11.5}, {11, 21}, {9, 21}});
        line(d.lines, {{8, 10.2}, {15.2, 16.8}});
        line(d.lines, {{11, 21}, {20, 21}});
        break;
    case ToolId::Polygon:
        polygon(d.lines, {{4, 9}, {12, 4}, {20, 9}, {17, 19}, {6, 19}});
        for (const QPointF corner : {QPointF(4, 9), QPointF(12, 4), QPointF(20, 9), QPointF(17, 19), QPointF(6, 19)})
            d.filled.addEllipse(corner, 2, 2);
        break;
    case ToolId::FillHoles:
        d.lines.addEllipse(QPointF(12, 12), 9, 8);
        d.faint.addEllipse(QPointF(12, 12), 4.2, 3.6);
        d.filled.addEllipse(QPointF(12, 12), 2.2, 1.8);
        break;
    case ToolId::Wand:
        line(d.lines, {{4, 20}, {13, 11}});
        line(d.lines, {{5.5, 21.5}, {14.5, 12.5}});
        line(d.lines, {{4, 20}, {5.5, 21.5}});
        line(d.lines, {{17, 2.5}, {17, 7}});
        line(d.lines, {{17, 11}, {17, 15.5}});
        line(d.lines, {{10.5, 9}, {15, 9}});
        line(d.lines, {{19, 9}, {22.5, 9}});
        break;
    case ToolId::Split:
        d.lines.moveTo(10, 4.5);
        d.lines.cubicTo(1.5, 5.5, 1.5, 18.5, 10, 19.5);
        d.lines.closeSubpath();
        d.lines.moveTo(14, 4.5);
        d.lines.cubicTo(22.5, 5.5, 22.5, 18.5, 14, 19.5);
        d.lines.closeSubpath();
        line(d.faint, {{12, 1.5}, {12, 22.5}});
        break;
    case ToolId::Merge:
        d.faint.addEllipse(QPointF(8, 12), 6, 6.5);
        d.faint.addEllipse(QPointF(16, 12), 6, 6.5);
        line(d.lines, {{5.5, 12}, {18, 12}});
        line(d.lines, {{14.5, 8.5}, {18, 12}, {14.5, 15.5}});
        break;
    case ToolId::NewCell:
        d.lines.addEllipse(QPointF(10, 13), 7.5, 7.5);
        d.filled.addEllipse(QPointF(10, 13), 2.6, 2.6);
        line(d.lines, {{19, 2}, {19, 9}});
        line(d.lines, {{15.5, 5.5}, {22.5, 5.5}});
        break;
    case ToolId::Pick:
        polygon(d.lines, {{4, 20}, {4.5, 16.5}, {13, 8}, {16, 11}, {7.5, 19.5}});
        line(d.lines, {{11, 6}, {18, 13}});
        polygon(d.filled, {{14, 7.5}, {18.5, 3}, {21, 5.5}, {16.5, 10}});
        break;
    }
    return d;
}

Drawing drawingOf(CommandIcon command)
{
    Drawing d;
    switch (command) {
    case CommandIcon::SplitByNuclei:
        d.lines.addEllipse(QPointF(12, 12), 10, 7);
        d.filled.addEllipse(QPointF(7.5, 12), 2.4, 2.4);
        d.filled.addEllipse(QPointF(16.5, 12), 2.4, 2.4);
        line(d.faint, {{12, 2}, {12, 22}});
        break;
    case CommandIcon::MergeSelected:
        d.lines.addEllipse(QPointF(12, 12), 10, 7);
        d.filled.addEllipse(QPointF(7.5, 12), 2.4, 2.4);
        d.filled.addEllipse(QPointF(16.5, 12), 2.4, 2.4);
        break;
    case CommandIcon::Remove:
        d.faint.addEllipse(QPointF(12, 12), 9.5, 9.5);
        line(d.lines, {{8, 8}, {16, 16}});
        line(d.lines, {{16, 8}, {8, 16}});
        break;
    case CommandIcon::Grow:
        d.lines.addEllipse(QPointF(12, 12), 9.5, 9.5);
        d.faint.addEllipse(QPointF(12, 12), 5, 5);
        break;
    case CommandIcon::Shrink:
        d.faint.addEllipse(QPointF(12, 12), 9.5, 9.5);
        d.lines.addEllipse(QPointF(12, 12), 5, 5);
        break;
    case CommandIcon::Smooth:
        line(d.faint, {{2, 9}, {5, 5}, {8, 10}, {11, 5}, {14, 10}, {17, 5}, {22, 9}});
        d.lines.moveTo(2, 18);
        d.lines.cubicTo(8, 13, 16, 13, 22, 18);
        break;
    }
    return d;
}

class Engine : public QIconEngine
{
public:
    explicit Engine(Subject subject) : m_subject(subject) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const QPalette palette = QGuiApplication::palette();
        const QColor colour = palette.color(mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active, QPalette::ButtonText);
        const Drawing drawing = std::visit([](auto subject) { return drawingOf(subject); }, m_subject);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const double scale = std::min(rect.width(), rect.height()) / kSide;
        painter->translate(rect.center().x() + 0.5 - kSide * scale / 2, rect.center().y() + 0.5 - kSide * scale / 2);
        painter->scale(scale, scale);
        painter->setPen(QPen(colour, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->drawPath(drawing.lines);
        painter->setPen(QPen(colour, 1.4, Qt::DotLine, Qt::RoundCap, Qt::RoundJoin));
        painter->drawPath(drawing.faint);
        painter->fillPath(drawing.filled, colour);
        painter->restore();
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    [[nodiscard]] QIconEngine* clone() const override { return new Engine(*this); }

private:
    Subject m_subject;
};

} // namespace

QIcon toolIcon(ToolId tool)
{
    return QIcon(new Engine(tool));
}

QIcon commandIcon(CommandIcon command)
{
    return QIcon(new Engine(command));
}

} // namespace cellproof::ui
