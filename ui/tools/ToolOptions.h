// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mask/PairEditor.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace cellproof::ui {

/// What tools share: kept in the settings of the user from one start of the program to the next. They are written when
/// nothing has changed for a second, because writing waits for the disk, and at the end.
class ToolOptions : public QObject
{
    Q_OBJECT

public:
    static constexpr double kLeastDiameter = 1.0;
    static constexpr double kGreatestDiameter = 500.0;
    static constexpr int kGreatestSmoothing = 10;

    /// As they were left; else a brush of 40 px that acts on the cell and spares its neighbours.
    explicit ToolOptions(QObject* parent = nullptr);
    ~ToolOptions() override;

    /// Of brush and eraser, in image pixels: kLeastDiameter .. kGreatestDiameter.
    [[nodiscard]] double brushDiameter() const { return m_brushDiameter; }

    /// What tools act on.
    [[nodiscard]] mask::Part part() const { return m_part; }

    /// Whether painting takes pixels from other cells. Erasing is never more for it.
    [[nodiscard]] bool overNeighbours() const { return m_overNeighbours; }

    /// What becomes of pieces that a gesture cuts off a cell; nothing until the user was asked: they become cells then.
    [[nodiscard]] std::optional<mask::Pieces> cutPieces() const { return m_cutPieces; }

    /// How much the wand lets pixels differ from where it was put down: 0 .. 1.
    [[nodiscard]] double tolerance() const { return m_tolerance; }

    /// The tolerance at a place of its scale, 0 .. 1, and back. Equal steps are about equal ratios, because what looks alike in
    /// dark images differs by few grey values: 0 and 1 stay, the middle is 0.076.
    [[nodiscard]] static double toleranceAt(double place);
    [[nodiscard]] static double placeOf(double tolerance);

    /// Radius in image pixels of what the wand and "Smooth" even out: 0 (nothing) .. kGreatestSmoothing.
    [[nodiscard]] int smoothing() const { return m_smoothing; }

public Q_SLOTS:
    void setBrushDiameter(double diameter);
    void setPart(cellproof::mask::Part part);
    void setOverNeighbours(bool over);
    void setCutPieces(std::optional<cellproof::mask::Pieces> pieces);
    void setTolerance(double tolerance);
    void setSmoothing(int radius);

    /// Makes the brush larger (positive) or smaller, by a sixth of its diameter a step but at least a pixel.
    void stepBrush(double steps);

    /// Cell, nucleus, both, and round again.
    void cyclePart();

Q_SIGNALS:
    /// Any of them is another one.
    void changed();

private:
    void noteChange();
    void save();

    QTimer m_save;
    double m_brushDiameter = 40.0;
    mask::Part m_part = mask::Part::Cell;
    bool m_overNeighbours = false;
    std::optional<mask::Pieces> m_cutPieces;
    double m_tolerance = 0.1;
    int m_smoothing = 2;
};

} // namespace cellproof::ui
