// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QStringList>

class QLabel;
class QToolButton;

namespace cellproof::ui {

/// A bar for what the user should know but need not answer: one sentence, the others behind "Details", a button to close
/// it. What comes while it is open is added.
class MessageBar : public QFrame
{
    Q_OBJECT

public:
    explicit MessageBar(QWidget* parent = nullptr);

    /// Adds a sentence, unless it stands there already, and shows the bar.
    void add(const QString& sentence);

    /// Empties and hides the bar.
    void dismiss();

    [[nodiscard]] const QStringList& sentences() const { return m_sentences; }

private:
    void fill();

    QStringList m_sentences;
    QLabel* m_text;
    QToolButton* m_details;
};

} // namespace cellproof::ui
