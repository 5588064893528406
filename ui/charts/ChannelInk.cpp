// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/ChannelInk.h"

#include <algorithm>
#include <cmath>

namespace cellproof::ui {

namespace {

constexpr double kLeastContrast = 2.5;
constexpr int kSteps = 10;

/// Relative luminance, WCAG 2.1.
double luminance(QColor colour)
{
    const auto linear = [](double part) { return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

double contrast(QColor a, QColor b)
{
    const auto [dark, bright] = std::minmax({luminance(a), luminance(b)});
    return (bright + 0.05) / (dark + 0.05);
}

int mixed(int a, int b, int step)
{
    return a + (b - a) * step / kSteps;
}

} // namespace

QColor channelInk(QColor colour, const QPalette& palette)
{
    const QColor ground = palette.color(QPalette::Base);
    const QColor text = palette.color(QPalette::Text);
    for (int step = 0; step < kSteps; ++step) {
        const QColor ink(mixed(colour.red(), text.red(), step), mixed(colour.green(), text.green(), step), mixed(colour.blue(), text.blue(), step));
        if (contrast(ink, ground) >= kLeastContrast)
            return ink;
    }
    return text;
}

} // namespace cellproof::ui
