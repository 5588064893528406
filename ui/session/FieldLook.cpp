// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/FieldLook.h"

#include "core/base/Error.h"
#include "core/image/NamedLook.h"
#include "ui/session/FieldPixels.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <utility>

namespace cellproof::ui {

namespace {

constexpr std::array<std::pair<RangeKind, const char*>, 4> kRangeNames = {
    {{RangeKind::Hpa, "hpa"}, {RangeKind::Automatic, "automatic"}, {RangeKind::Full, "full"}, {RangeKind::ByHand, "by hand"}}};

QString nameOf(RangeKind kind)
{
    return QString::fromLatin1(std::ranges::find(kRangeNames, kind, &std::pair<RangeKind, const char*>::first)->second);
}

/// Whether a range that is said to be set by hand can be one of samples of that depth.
bool isRange(const image::ChannelView& view, image::BitDepth depth)
{
    return view.low >= 0.0 && view.low < view.high && view.high <= image::fullRange(depth).high;
}

} // namespace

bool FieldLook::isCustom() const
{
    const std::optional<image::Look> named = image::lookNamed(base);
    for (const image::Channel channel : image::kChannels) {
        const image::ChannelView& view = look[channel];
        const bool asNamed = named && (*named)[channel].colour == view.colour && view.gamma == 1.0;
        if (!asNamed || ranges[image::indexOf(channel)] == RangeKind::ByHand)
            return true;
    }
    return false;
}

FieldLook FieldLook::withBase(const std::string& id) const
{
    const std::optional<image::Look> named = image::lookNamed(id);
    if (!named)
        return *this;
    FieldLook result = *this;
    result.base = id;
    const auto* const kept = std::ranges::find_if(ranges, [](RangeKind kind) { return kind != RangeKind::ByHand; });
    std::ranges::replace(result.ranges, RangeKind::ByHand, kept == ranges.end() ? RangeKind::Hpa : *kept);
    for (const image::Channel channel : image::kChannels) {
        result.look[channel].colour = (*named)[channel].colour;
        result.look[channel].gamma = 1.0;
    }
    return result;
}

FieldLook FieldLook::withRanges(RangeKind kind) const
{
    FieldLook result = *this;
    result.ranges.fill(kind);
    return result;
}

FieldLook FieldLook::withOwnRanges() const
{
    FieldLook result = *this;
    std::ranges::replace(result.ranges, RangeKind::ByHand, RangeKind::Automatic);
    return result;
}

std::string FieldLook::toJson() const
{
    QJsonArray kinds;
    QJsonArray bits;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        kinds.append(nameOf(ranges[i]));
        bits.append(static_cast<int>(depths[i]));
    }
    const QJsonObject all{{QStringLiteral("base"), QString::fromStdString(base)},
                          {QStringLiteral("look"), QJsonDocument::fromJson(QByteArray::fromStdString(image::toJson(look))).object()},
                          {QStringLiteral("ranges"), kinds},
                          {QStringLiteral("bits"), bits}};
    return QJsonDocument(all).toJson(QJsonDocument::Compact).toStdString();
}

std::optional<FieldLook> FieldLook::fromJson(const std::string& text)
{
    const QJsonObject all = QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
    const QJsonArray kinds = all[QLatin1String("ranges")].toArray();
    const QJsonArray bits = all[QLatin1String("bits")].toArray();
    FieldLook result;
    result.base = all[QLatin1String("base")].toString().toStdString();
    try {
        result.look = image::lookFromJson(QJsonDocument(all[QLatin1String("look")].toObject()).toJson(QJsonDocument::Compact).toStdString());
    } catch (const cellproof::base::Error&) {
        return std::nullopt;
    }
    if (!image::lookNamed(result.base) || kinds.size() != static_cast<qsizetype>(image::kChannelCount) || bits.size() != kinds.size())
        return std::nullopt;
    for (std::size_t i = 0; i < result.ranges.size(); ++i) {
        const QString kind = kinds[static_cast<qsizetype>(i)].toString();
        const int depth = bits[static_cast<qsizetype>(i)].toInt();
        const auto* const named = std::ranges::find_if(kRangeNames, [&](const auto& name) { return kind == QLatin1String(name.second); });
        if (named == kRangeNames.end() || (depth != 8 && depth != 16))
            return std::nullopt;
        result.ranges[i] = named->first;
        result.depths[i] = depth == 8 ? image::BitDepth::Eight : image::BitDepth::Sixteen;
        if (result.ranges[i] == RangeKind::ByHand && !isRange(result.look.channels[i], result.depths[i]))
            return std::nullopt;
    }
    return result;
}

image::DisplayRange rangeOf(RangeKind kind, const image::Histogram& histogram)
{
    if (histogram.isEmpty())
        return image::fullRange(histogram.depth);
    switch (kind) {
    case RangeKind::Hpa:
        return image::hpaRange(histogram);
    case RangeKind::Automatic:
        return image::autoRange(histogram);
    case RangeKind::Full:
    case RangeKind::ByHand:
        break;
    }
    return image::fullRange(histogram.depth);
}

image::Look shownLook(const FieldLook& look, const FieldPixels& pixels)
{
    image::Look shown = look.look;
    for (const image::Channel channel : image::kChannels) {
        const std::size_t index = image::indexOf(channel);
        const image::Histogram& histogram = pixels.histograms[index];
        RangeKind kind = look.ranges[index];
        if (histogram.isEmpty() || (kind == RangeKind::ByHand && look.depths[index] == histogram.depth))
            continue;
        if (kind == RangeKind::ByHand)
            kind = RangeKind::Hpa;
        const image::DisplayRange range = rangeOf(kind, histogram);
        shown[channel].low = range.low;
        shown[channel].high = range.high;
    }
    return shown;
}

} // namespace cellproof::ui
