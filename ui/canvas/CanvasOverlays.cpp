// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/CanvasOverlays.h"

#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <QPen>
#include <QTextOption>

#include <algorithm>
#include <array>
#include <cmath>

namespace cellproof::ui {

namespace {

/// Gamma values closer to 1 than this are written as 1.00 and do not count as changed.
constexpr double kGammaTolerance = 0.005;

constexpr double kMargin = 12.0;
constexpr double kCloser = 26.0; ///< side of what closes a notice
constexpr double kRadius = 5.0;
const QColor kBacking(18, 20, 22, 196);
const QColor kText(236, 239, 242);

QFont weighted(const QFont& font, QFont::Weight weight)
{
    QFont result = font;
    result.setWeight(weight);
    return result;
}

void paintBacking(QPainter& painter, const QRectF& rect)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(kBacking);
    painter.drawRoundedRect(rect, kRadius, kRadius);
}

} // namespace

ScaleBarLength CanvasOverlays::scaleBarLength(double micrometresPerPixel, double widest)
{
    if (!(micrometresPerPixel > 0.0) || !(widest > 0.0) || !std::isfinite(micrometresPerPixel * widest))
        return {};
    const double most = micrometresPerPixel * widest;
    const double power = std::pow(10.0, std::floor(std::log10(most)));
    double length = power;
    for (const double factor : {2.0, 5.0, 10.0}) {
        if (factor * power <= most * (1.0 + 1e-9))
            length = factor * power;
    }
    const QLocale locale;
    const auto number = [&locale](double value) { return locale.toString(value, 'g', 6); };
    if (length >= 999.5)
        return {length, tr("%1 mm").arg(number(length / 1000.0))};
    if (length >= 0.9995)
        return {length, tr("%1 µm").arg(number(length))};
    return {length, tr("%1 nm").arg(number(length * 1000.0))};
}

QRectF CanvasOverlays::paintScaleBar(QPainter& painter, const QRectF& view, double micrometresPerPixel, const QFont& font)
{
    const ScaleBarLength length = scaleBarLength(micrometresPerPixel, std::clamp(view.width() * 0.2, 48.0, 160.0));
    if (!(length.micrometres > 0.0))
        return {};
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QFont textFont = weighted(font, QFont::DemiBold);
    const QFontMetricsF metrics(textFont);
    const double bar = std::round(length.micrometres / micrometresPerPixel);
    const double width = std::max(bar, std::ceil(metrics.horizontalAdvance(length.text))) + 20.0;
    const double height = std::ceil(metrics.height()) + 17.0;
    const QRectF box(view.left() + kMargin, view.bottom() - kMargin - height, width, height);
    paintBacking(painter, box);
    painter.setFont(textFont);
    painter.setPen(kText);
    painter.drawText(box.adjusted(0, 4, 0, -11), Qt::AlignCenter, length.text);
    const double left = std::round(box.center().x() - bar / 2.0);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(QRectF(left, box.bottom() - 10.0, bar, 3.0), Qt::white);
    painter.restore();
    return box;
}

std::vector<GammaMark> CanvasOverlays::gammaMarks(const image::Look& look, const image::Image& image)
{
    const std::array<QString, image::kChannelCount> letters = {tr("R"), tr("G"), tr("B"), tr("Y")};
    std::vector<GammaMark> marks;
    for (const image::Channel channel : image::kChannels) {
        const image::ChannelView& view = look[channel];
        if (view.visible && std::abs(view.gamma - 1.0) >= kGammaTolerance && image.has(channel))
            marks.push_back({letters[image::indexOf(channel)], QColor::fromRgb(view.colour.packed()), view.gamma});
    }
    return marks;
}

QRectF CanvasOverlays::paintGammaMarks(QPainter& painter, const QRectF& view, const std::vector<GammaMark>& marks, const QFont& font)
{
    if (marks.empty())
        return {};
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    struct Piece
    {
        QString text;
        QFont font;
        QColor colour;
        double width;
    };
    const QFont bold = weighted(font, QFont::Bold);
    std::vector<Piece> pieces{{QStringLiteral("γ"), bold, kText, 0.0}};
    for (const GammaMark& mark : marks) {
        // Pure blue cannot be read on dark: every letter is lightened by the same amount.
        const QColor light((mark.colour.red() + 128) * 2 / 3, (mark.colour.green() + 128) * 2 / 3, (mark.colour.blue() + 128) * 2 / 3);
        pieces.push_back({mark.channel, bold, light, 0.0});
        pieces.push_back({QLocale().toString(mark.gamma, 'f', 2), font, kText, 0.0});
    }
    double width = 0.0;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const double gap = i + 1 == pieces.size() ? 0.0 : i % 2 == 0 ? 9.0 : 4.0;
        pieces[i].width = std::ceil(QFontMetricsF(pieces[i].font).horizontalAdvance(pieces[i].text)) + gap;
        width += pieces[i].width;
    }
    const double height = std::ceil(QFontMetricsF(bold).height()) + 8.0;
    const QRectF box(view.right() - kMargin - width - 18.0, view.top() + kMargin, width + 18.0, height);
    paintBacking(painter, box);
    double x = box.left() + 9.0;
    for (const Piece& piece : pieces) {
        painter.setFont(piece.font);
        painter.setPen(piece.colour);
        painter.drawText(QRectF(x, box.top(), piece.width, height), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, piece.text);
        x += piece.width;
    }
    painter.restore();
    return box;
}

QRectF CanvasOverlays::noticeCloser(const QRectF& notice)
{
    return notice.isEmpty() ? QRectF() : QRectF(notice.right() - kCloser, notice.top(), kCloser, std::min(kCloser, notice.height()));
}

QRectF CanvasOverlays::paintNotice(QPainter& painter, const QRectF& view, double right, const QString& text, const QFont& font, bool closable)
{
    const double widest = std::min(right - view.left() - 2.0 * kMargin, 640.0);
    if (text.isEmpty() || widest < 60.0)
        return {};
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QFontMetricsF metrics(font);
    constexpr double kSign = 22.0; // the sign and its gap
    constexpr double kSides = 10.0;
    const double end = closable ? kCloser : kSides;
    QTextOption option(Qt::AlignLeft | Qt::AlignTop);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere); // a file name may be wider than the view
    painter.setFont(font);
    const QRectF needed = painter.boundingRect(QRectF(0, 0, widest - kSides - end - kSign, view.height()), text, option);
    const double height = std::min(std::ceil(needed.height()) + 12.0, view.height() / 2.0);
    const QRectF box(view.left() + kMargin, view.top() + kMargin, std::ceil(needed.width()) + kSides + end + kSign + 1.0, height);
    paintBacking(painter, box);
    const QColor amber(255, 196, 84);
    const QRectF sign(box.left() + kSides, box.top() + 6.0 + (metrics.height() - 14.0) / 2.0, 14.0, 14.0);
    painter.setPen(QPen(amber, 1.4));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(sign.adjusted(0.7, 0.7, -0.7, -0.7));
    painter.drawLine(QPointF(sign.center().x(), sign.top() + 6.4), QPointF(sign.center().x(), sign.bottom() - 3.4));
    painter.drawPoint(QPointF(sign.center().x(), sign.top() + 4.0));
    painter.setPen(kText);
    painter.setClipRect(box);
    painter.drawText(QRectF(box.left() + kSides + kSign, box.top() + 6.0, box.width() - kSides - end - kSign, box.height() - 6.0), text, option);
    if (closable) {
        const QPointF middle = noticeCloser(box).center();
        painter.setPen(QPen(kText, 1.4));
        painter.drawLine(middle + QPointF(-4, -4), middle + QPointF(4, 4));
        painter.drawLine(middle + QPointF(-4, 4), middle + QPointF(4, -4));
    }
    painter.restore();
    return box;
}

QRectF CanvasOverlays::paintChannelName(QPainter& painter, const QRectF& view, image::Channel channel, bool isPresent, const QFont& font)
{
    const std::array<QString, image::kChannelCount> names = {tr("Red · microtubules"), tr("Green · protein"), tr("Blue · nuclei"),
                                                             tr("Yellow · endoplasmic reticulum")};
    const std::array<QString, image::kChannelCount> absent = {tr("This field has no red channel."), tr("This field has no green channel."),
                                                              tr("This field has no blue channel."), tr("This field has no yellow channel.")};
    if (!isPresent)
        paintMessage(painter, view, absent[image::indexOf(channel)], font);
    const QFont bold = weighted(font, QFont::DemiBold);
    const QFontMetricsF metrics(bold);
    const double widest = view.width() - 2.0 * kMargin;
    if (widest < 40.0)
        return {};
    const QString text = metrics.elidedText(names[image::indexOf(channel)], Qt::ElideRight, widest - 18.0);
    const QRectF box(view.left() + kMargin, view.top() + kMargin, std::ceil(metrics.horizontalAdvance(text)) + 18.0, std::ceil(metrics.height()) + 8.0);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    paintBacking(painter, box);
    painter.setFont(bold);
    painter.setPen(kText);
    painter.drawText(box, Qt::AlignCenter, text);
    painter.restore();
    return box;
}

void CanvasOverlays::paintMessage(QPainter& painter, const QRectF& view, const QString& text, const QFont& font)
{
    if (text.isEmpty())
        return;
    painter.save();
    QFont large = font;
    if (large.pointSizeF() > 0.0)
        large.setPointSizeF(large.pointSizeF() * 1.2);
    painter.setFont(large);
    painter.setPen(QColor(200, 206, 212));
    const double width = std::min(view.width() - 2.0 * kMargin, 560.0);
    const QRectF column(view.center().x() - width / 2.0, view.top() + kMargin, width, view.height() - 2.0 * kMargin);
    painter.drawText(column, Qt::AlignCenter | Qt::TextWordWrap, text);
    painter.restore();
}

QRectF CanvasOverlays::minimapRect(const QRectF& view, QSizeF imageSize)
{
    const double side = std::min({180.0, view.width() / 3.0, view.height() / 3.0});
    if (side < 24.0 || imageSize.isEmpty())
        return {};
    QSizeF size = imageSize.scaled(QSizeF(side, side), Qt::KeepAspectRatio);
    size = QSizeF(std::max(8.0, std::round(size.width())), std::max(8.0, std::round(size.height())));
    return {QPointF(std::round(view.right() - kMargin - size.width()), std::round(view.bottom() - kMargin - size.height())), size};
}

void CanvasOverlays::paintMinimap(QPainter& painter, const QRectF& rect, const QImage& picture, const QRectF& shown)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(rect.adjusted(-3, -3, 3, 3), kBacking);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(rect, picture);

    QRectF frame(rect.left() + shown.left() * rect.width(), rect.top() + shown.top() * rect.height(), shown.width() * rect.width(),
                 shown.height() * rect.height());
    frame = frame.intersected(rect);
    // A frame that has shrunk to a dot would be lost.
    constexpr double kLeast = 6.0;
    if (frame.width() < kLeast)
        frame = QRectF(std::clamp(frame.center().x() - kLeast / 2.0, rect.left(), rect.right() - kLeast), frame.top(), kLeast, frame.height());
    if (frame.height() < kLeast)
        frame = QRectF(frame.left(), std::clamp(frame.center().y() - kLeast / 2.0, rect.top(), rect.bottom() - kLeast), frame.width(), kLeast);
    frame = QRectF(std::round(frame.left()), std::round(frame.top()), std::round(frame.width()), std::round(frame.height()));
    QPainterPath outside;
    outside.addRect(rect);
    outside.addRect(frame);
    painter.fillPath(outside, QColor(0, 0, 0, 110));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(QColor(0, 0, 0, 160), 3.0));
    painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5));
    painter.setPen(QPen(Qt::white, 1.0));
    painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5));
    painter.restore();
}

} // namespace cellproof::ui
