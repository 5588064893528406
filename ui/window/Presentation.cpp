// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/Presentation.h"

#include "ui/canvas/Canvas.h"

#include <QCoreApplication>

namespace cellproof::ui {

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
