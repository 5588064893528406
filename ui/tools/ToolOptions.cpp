// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/ToolOptions.h"

#include <QSettings>
#include <QVariant>

#include <algorithm>
#include <cmath>

namespace cellproof::ui {

namespace {

constexpr double kStep = 7.0 / 6.0;

constexpr int kSaveAfter = 1000; ///< milliseconds

constexpr double kToleranceBend = 5.0; ///< of the exponential scale of the tolerance

QString keyOf(const char* name)
{
    return QStringLiteral("tools/") + QLatin1String(name);
}

double boundedDiameter(double diameter)
{
    return std::isfinite(diameter) ? std::clamp(diameter, ToolOptions::kLeastDiameter, ToolOptions::kGreatestDiameter) : ToolOptions::kLeastDiameter;
}

} // namespace

ToolOptions::ToolOptions(QObject* parent) : QObject(parent)
{
    const QSettings settings;
    const auto number = [&settings](const char* name, double otherwise, double least, double greatest) {
        bool ok = false;
        const double value = settings.value(keyOf(name), otherwise).toDouble(&ok);
        return ok && value >= least && value <= greatest ? value : otherwise;
    };
    m_brushDiameter = number("brush diameter", m_brushDiameter, kLeastDiameter, kGreatestDiameter);
    m_tolerance = number("tolerance", m_tolerance, 0.0, 1.0);
    m_smoothing = static_cast<int>(number("smoothing", m_smoothing, 0.0, kGreatestSmoothing));
    m_part = static_cast<mask::Part>(static_cast<int>(number("part", static_cast<double>(m_part), 0.0, static_cast<double>(mask::Part::Both))));
    m_overNeighbours = settings.value(keyOf("over neighbours"), m_overNeighbours).toBool();
    const QString pieces = settings.value(keyOf("cut pieces")).toString();
    if (pieces == QStringLiteral("cells"))
        m_cutPieces = mask::Pieces::BecomeCells;
    else if (pieces == QStringLiteral("vanish"))
        m_cutPieces = mask::Pieces::Vanish;
    m_save.setSingleShot(true);
    m_save.setInterval(kSaveAfter);
    connect(&m_save, &QTimer::timeout, this, &ToolOptions::save);
}

ToolOptions::~ToolOptions()
{
    if (m_save.isActive())
        save();
}

void ToolOptions::save()
{
    QSettings settings;
    settings.setValue(keyOf("brush diameter"), m_brushDiameter);
    settings.setValue(keyOf("part"), static_cast<int>(m_part));
    settings.setValue(keyOf("over neighbours"), m_overNeighbours);
    settings.setValue(keyOf("cut pieces"), !m_cutPieces                                ? QString()
                                           : *m_cutPieces == mask::Pieces::BecomeCells ? QStringLiteral("cells")
                                                                                       : QStringLiteral("vanish"));
    settings.setValue(keyOf("tolerance"), m_tolerance);
    settings.setValue(keyOf("smoothing"), m_smoothing);
}

void ToolOptions::noteChange()
{
    m_save.start();
    Q_EMIT changed();
}

void ToolOptions::setBrushDiameter(double diameter)
{
    diameter = boundedDiameter(diameter);
    if (diameter == m_brushDiameter)
        return;
    m_brushDiameter = diameter;
    noteChange();
}

void ToolOptions::setPart(mask::Part part)
{
    if (part == m_part)
        return;
    m_part = part;
    noteChange();
}

void ToolOptions::setOverNeighbours(bool over)
{
    if (over == m_overNeighbours)
        return;
    m_overNeighbours = over;
    noteChange();
}

void ToolOptions::setCutPieces(std::optional<mask::Pieces> pieces)
{
    if (pieces == m_cutPieces)
        return;
    m_cutPieces = pieces;
    noteChange();
}

void ToolOptions::setTolerance(double tolerance)
{
    tolerance = std::isfinite(tolerance) ? std::clamp(tolerance, 0.0, 1.0) : 0.0;
    if (tolerance == m_tolerance)
        return;
    m_tolerance = tolerance;
    noteChange();
}

double ToolOptions::toleranceAt(double place)
{
    return std::expm1(kToleranceBend * std::clamp(place, 0.0, 1.0)) / std::expm1(kToleranceBend);
}

double ToolOptions::placeOf(double tolerance)
{
    return std::log1p(std::clamp(tolerance, 0.0, 1.0) * std::expm1(kToleranceBend)) / kToleranceBend;
}

void ToolOptions::setSmoothing(int radius)
{
    radius = std::clamp(radius, 0, kGreatestSmoothing);
    if (radius == m_smoothing)
        return;
    m_smoothing = radius;
    noteChange();
}

void ToolOptions::stepBrush(double steps)
{
    double next = m_brushDiameter * std::pow(kStep, steps);
    // Whole pixels, as the box for the size shows them; a whole step always does something.
    next = std::round(next);
    if (steps >= 1.0)
        next = std::max(next, m_brushDiameter + 1.0);
    else if (steps <= -1.0)
        next = std::min(next, m_brushDiameter - 1.0);
    setBrushDiameter(next);
}

void ToolOptions::cyclePart()
{
    setPart(m_part == mask::Part::Cell ? mask::Part::Nucleus : m_part == mask::Part::Nucleus ? mask::Part::Both : mask::Part::Cell);
}

} // namespace cellproof::ui
