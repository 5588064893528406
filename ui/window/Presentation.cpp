// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/Presentation.h"

#include "ui/canvas/Canvas.h"

#include <QCoreApplication>

namespace cellproof::ui {

CellChips chipsOf(const annotation::FieldAnnotation& field, const annotation::LabelScheme& scheme)
{
    CellChips chips;
    for (const auto& [id, cell] : field.cells()) {
        const annotation::LabelSet labels = field.labelsOf(id);
        std::vector<CellChip> list;
        for (const int classId : labels.present()) {
            if (classId >= scheme.classCount())
                continue;
            const annotation::LabelClass& c = scheme.at(classId);
            list.push_back(
                {QString::fromStdString(c.shortName), QColor::fromRgb(c.colour), labels.find(classId)->provenance.source != annotation::Source::Person});
        }
        if (cell.review == annotation::ReviewState::Accepted)
            list.insert(list.begin(), {QCoreApplication::translate("Presentation", "✓ accepted"), QColor(0x66, 0xd1, 0x7a), false});
        else if (cell.review == annotation::ReviewState::Discarded)
            list.insert(list.begin(), {QCoreApplication::translate("Presentation", "✗ discarded"), QColor(0xb0, 0xb0, 0xb0), false});
        else if (cell.review == annotation::ReviewState::Unsure)
            list.insert(list.begin(), {QCoreApplication::translate("Presentation", "? unsure"), QColor(0xff, 0xc1, 0x07), false});
        if (!list.empty())
            chips[id] = std::move(list);
    }
    return chips;
}

QString readOutText(base::Point position, const std::array<std::optional<int>, image::kChannelCount>& values, mask::CellId id)
{
    QString text = QStringLiteral("x %1  y %2").arg(position.x).arg(position.y);
    for (const image::Channel channel : image::kChannels) {
        const std::optional<int> value = values[image::indexOf(channel)];
        text += QStringLiteral("   %1 %2")
                    .arg(QString(QChar::fromLatin1(image::nameOf(channel).front())).toUpper(), value ? QString::number(*value) : QStringLiteral("–"));
    }
    if (id != 0)
        text += QStringLiteral("   ") + QCoreApplication::translate("Presentation", "cell %1").arg(id);
    return text;
}

void showWholeCell(Canvas& canvas, mask::CellId id, base::Rect bounds)
{
    const QPointF topLeft = canvas.toWidget(QPointF(bounds.x, bounds.y));
    const QPointF bottomRight = canvas.toWidget(QPointF(bounds.right(), bounds.bottom()));
    const QRectF view(canvas.rect());
    if (!view.contains(topLeft) || !view.contains(bottomRight))
        canvas.centreOn(id);
}

} // namespace cellproof::ui
