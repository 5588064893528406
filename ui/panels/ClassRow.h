// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/LabelScheme.h"
#include "core/annotation/LabelSet.h"

#include <QAbstractButton>

namespace cellproof::ui {

/// What the selected cells say of one class.
struct ClassState
{
    int present = 0;                                           ///< selected cells that carry the class
    int total = 0;                                             ///< selected cells
    bool decided = false;                                      ///< a person stated it for each of them
    annotation::Source source = annotation::Source::WeakLabel; ///< of the statement that counts, in the first cell that has one
    bool stated = false;                                       ///< anybody stated anything
    double score = 0.0;                                        ///< greatest score among them
    QString who;                                               ///< makes that statement, in a word or two
    QString provenance;                                        ///< in words, for the tooltip
};

/// One class as a row to click: its key, colour and name; whether the selected cells carry it and who says so. A person's
/// decision is a filled row with a tick or a cross, a suggestion is dashed and italic with a bar for its score.
class ClassRow : public QAbstractButton
{
    Q_OBJECT

public:
    explicit ClassRow(const annotation::LabelClass& labelClass, QWidget* parent = nullptr);

    void setState(const ClassState& state);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    annotation::LabelClass m_class;
    ClassState m_state;
};

} // namespace cellproof::ui
