// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/CellChips.h"

#include "ui/canvas/ViewTransform.h"

#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>
#include <QPen>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace cellproof::ui {

namespace {

constexpr double kSmallestCell = 90.0; ///< a cell's shorter side on the screen from which on it gets chips
constexpr double kSpacing = 2.0;
constexpr double kPadding = 5.0;
constexpr double kDot = 6.0;
constexpr double kDotGap = 4.0;

QFont chipFont(const QFont& font, bool suggested)
{
    QFont result = font;
    if (result.pointSizeF() > 0.0)
        result.setPointSizeF(result.pointSizeF() * 0.88);
    result.setItalic(suggested);
    return result;
}

struct Column
{
    std::vector<CellChip> chips;
    std::vector<double> widths;
    double width = 0.0;
    double lineHeight = 0.0;

    [[nodiscard]] double height() const { return double(chips.size()) * (lineHeight + kSpacing) - kSpacing; }
};

/// Widths of texts, each measured once.
class TextWidths
{
public:
    explicit TextWidths(const QFont& font) : m_upright(chipFont(font, false)), m_italic(chipFont(font, true)) {}

    [[nodiscard]] double lineHeight() const { return std::ceil(std::max(m_upright.height(), m_italic.height())) + 3.0; }

    [[nodiscard]] double width(const QString& text, bool suggested)
    {
        const auto [entry, isNew] = m_widths.try_emplace({text, suggested}, 0.0);
        if (isNew)
            entry->second = metrics(suggested).horizontalAdvance(text);
        return entry->second;
    }

    [[nodiscard]] QString elided(const QString& text, bool suggested, double widest) { return metrics(suggested).elidedText(text, Qt::ElideRight, widest); }

private:
    [[nodiscard]] const QFontMetricsF& metrics(bool suggested) const { return suggested ? m_italic : m_upright; }

    QFontMetricsF m_upright;
    QFontMetricsF m_italic;
    std::map<std::pair<QString, bool>, double> m_widths;
};

Column columnOf(std::vector<CellChip> chips, double widest, double highest, TextWidths& widths)
{
    Column column;
    column.lineHeight = widths.lineHeight();
    const auto most = std::size_t(std::max(1.0, std::floor((highest + kSpacing) / (column.lineHeight + kSpacing))));
    if (chips.size() > most) {
        const auto hidden = chips.size() - most + 1;
        const bool suggested = std::all_of(chips.end() - std::ptrdiff_t(hidden), chips.end(), [](const CellChip& chip) { return chip.suggested; });
        chips.resize(most - 1);
        chips.push_back({QStringLiteral("+%1").arg(hidden), QColor(), suggested});
    }
    for (CellChip& chip : chips) {
        const double extra = 2.0 * kPadding + (chip.colour.isValid() ? kDot + kDotGap : 0.0);
        const double room = std::max(widest - extra, 24.0);
        if (widths.width(chip.text, chip.suggested) > room)
            chip.text = widths.elided(chip.text, chip.suggested, room);
        // Italic letters lean out of their advance width.
        column.widths.push_back(std::ceil(widths.width(chip.text, chip.suggested) + extra + (chip.suggested ? 2.0 : 0.0)));
        column.width = std::max(column.width, column.widths.back());
    }
    column.chips = std::move(chips);
    return column;
}

/// The cell's rectangle in device-independent pixels of the view.
QRectF onScreen(const base::Rect& bounds, const ViewTransform& view, double devicePixelRatio)
{
    const QPointF topLeft = view.toView(QPointF(bounds.x, bounds.y)) / devicePixelRatio;
    return {topLeft, QSizeF(bounds.width, bounds.height) * (view.scale() / devicePixelRatio)};
}

} // namespace

std::vector<PlacedChips> placeChips(const CellChips& chips, bool ids, const std::vector<mask::CellId>& selection, const CanvasMasks& masks,
                                    const ViewTransform& view, double devicePixelRatio, const QFont& font, const std::vector<QRectF>& covered)
{
    TextWidths widths(font);
    const QRectF area = QRectF(QPointF(0, 0), QSizeF(view.viewSize()) / devicePixelRatio).adjusted(4, 4, -4, -4);

    std::vector<const OutlineShape*> order;
    for (const OutlineShape& shape : masks.cellShapes) {
        if (ids || chips.contains(shape.id))
            order.push_back(&shape);
    }
    const auto isSelected = [&selection](const OutlineShape* shape) { return std::find(selection.begin(), selection.end(), shape->id) != selection.end(); };
    std::stable_partition(order.begin(), order.end(), isSelected);

    std::vector<PlacedChips> result;
    std::vector<QRectF> taken;
    std::copy_if(covered.begin(), covered.end(), std::back_inserter(taken), [](const QRectF& rect) { return !rect.isEmpty(); });
    for (const OutlineShape* const shape : order) {
        const QRectF bounds = onScreen(shape->bounds, view, devicePixelRatio);
        const QRectF seen = bounds.intersected(area);
        const bool selected = isSelected(shape);
        if (seen.isEmpty() || (!selected && std::min(bounds.width(), bounds.height()) < kSmallestCell))
            continue;
        std::vector<CellChip> wanted;
        if (ids)
            wanted.push_back({QLocale().toString(shape->id), QColor(), false});
        if (const auto found = chips.find(shape->id); found != chips.end())
            wanted.insert(wanted.end(), found->second.begin(), found->second.end());
        if (wanted.empty())
            continue;
        const double widest = selected ? std::max(bounds.width(), 220.0) : bounds.width();
        const double highest = selected ? area.height() : std::max(bounds.height() * 0.5, 20.0);
        const Column column = columnOf(std::move(wanted), widest, highest, widths);

        const QPointF anchor = view.toView(QPointF(shape->top.x + 0.5, shape->top.y)) / devicePixelRatio;
        const auto rectAt = [&](QPointF topCentre) {
            const double x = std::clamp(topCentre.x() - column.width / 2.0, area.left(), std::max(area.left(), area.right() - column.width));
            const double y = std::clamp(topCentre.y(), area.top(), std::max(area.top(), area.bottom() - column.height()));
            return QRectF(std::round(x), std::round(y), column.width, column.height());
        };
        const auto isOverCell = [&](QPointF position) {
            const QPointF pixel = view.toImage(position * devicePixelRatio);
            return masks.cells->atOrBackground({int(std::floor(pixel.x())), int(std::floor(pixel.y()))}) == shape->id;
        };
        const auto isFree = [&](const QRectF& rect) {
            return isOverCell(rect.center()) && isOverCell(QPointF(rect.center().x(), rect.bottom())) &&
                   std::none_of(taken.begin(), taken.end(), [&rect](const QRectF& other) { return other.intersects(rect); });
        };
        // The top of the cell, then places over what is seen of it, from top to bottom.
        std::vector<QRectF> candidates{rectAt(anchor + QPointF(0.0, 4.0))};
        for (int down = 0; down < 6; ++down) {
            for (const double across : {0.5, 0.3, 0.7})
                candidates.push_back(rectAt({seen.left() + across * seen.width(), seen.top() + 4.0 + down * (column.lineHeight + kSpacing)}));
        }
        candidates.push_back(rectAt(seen.center() - QPointF(0.0, column.height() / 2.0)));
        const auto place = std::find_if(candidates.begin(), candidates.end(), isFree);
        if (place == candidates.end() && !selected)
            continue;
        const QRectF rect = place == candidates.end() ? candidates.front() : *place;
        taken.push_back(rect.adjusted(-3, -3, 3, 3));

        PlacedChips placed{shape->id, column.chips, {}};
        for (std::size_t i = 0; i < column.chips.size(); ++i) {
            const double width = column.widths[i];
            placed.rects.emplace_back(std::round(rect.center().x() - width / 2.0), rect.top() + double(i) * (column.lineHeight + kSpacing), width,
                                      column.lineHeight);
        }
        result.push_back(std::move(placed));
    }
    return result;
}

void ChipPainter::paint(QPainter& painter, const std::vector<PlacedChips>& placed, const QFont& font, double devicePixelRatio, const QRectF& part)
{
    constexpr std::size_t kMostPictures = 1000;
    if (font != m_font || devicePixelRatio != m_devicePixelRatio || m_pictures.size() > kMostPictures) {
        m_pictures.clear();
        m_font = font;
        m_devicePixelRatio = devicePixelRatio;
    }
    for (const PlacedChips& cell : placed) {
        for (std::size_t i = 0; i < cell.chips.size(); ++i) {
            // Whole pixels of the screen, which may be a little more: else it would be smeared, and not the same in parts as at once.
            const QPointF corner(std::round(cell.rects[i].left() * devicePixelRatio), std::round(cell.rects[i].top() * devicePixelRatio));
            if (part.isNull() || part.intersects(cell.rects[i].adjusted(-1, -1, 1, 1)))
                painter.drawPixmap(corner / devicePixelRatio, picture(cell.chips[i], cell.rects[i].size().toSize()));
        }
    }
}

const QPixmap& ChipPainter::picture(const CellChip& chip, QSize size)
{
    const QRgb key = chip.colour.isValid() ? chip.colour.rgba() : QRgb(0);
    const auto [entry, isNew] = m_pictures.try_emplace({chip.text, key, chip.suggested, size.width()});
    if (!isNew)
        return entry->second;

    QPixmap picture((QSizeF(size) * m_devicePixelRatio).toSize());
    picture.setDevicePixelRatio(m_devicePixelRatio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF rect(QPointF(0, 0), size);
    const QColor colour = chip.colour.isValid() ? chip.colour : QColor(150, 156, 162);
    painter.setBrush(QColor(18, 20, 22, 214));
    painter.setPen(Qt::NoPen);
    painter.drawRoundedRect(rect, 4, 4);
    QPen border(colour, 1.0);
    if (chip.suggested)
        border.setDashPattern({3.0, 2.5});
    painter.setPen(border);
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    QRectF text = rect.adjusted(kPadding, 0, -kPadding + 1.0, 0);
    if (chip.colour.isValid()) {
        const QRectF dot(text.left(), rect.center().y() - kDot / 2.0, kDot, kDot);
        painter.setPen(QPen(colour, 1.2));
        painter.setBrush(chip.suggested ? Qt::NoBrush : QBrush(colour));
        painter.drawEllipse(dot.adjusted(0.6, 0.6, -0.6, -0.6));
        text.setLeft(dot.right() + kDotGap);
    }
    painter.setFont(chipFont(m_font, chip.suggested));
    painter.setPen(QColor(236, 239, 242));
    painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextDontClip, chip.text);
    painter.end();
    entry->second = picture;
    return entry->second;
}

} // namespace cellproof::ui
