// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace cellproof::ui {

struct BatchProgress;

/// How far segmentation is, with remaining time and buttons to pause, go on and stop; sits in the status bar. Hidden when idle.
class BatchBar : public QWidget
{
    Q_OBJECT

public:
    explicit BatchBar(QWidget* parent = nullptr);

    void show(const BatchProgress& batch);

Q_SIGNALS:
    void pauseAsked(); ///< or to go on, where it is paused
    void cancelAsked();

private:
    QLabel* m_text;
    QProgressBar* m_bar;
    QToolButton* m_pause;
    QToolButton* m_cancel;
};

} // namespace cellproof::ui
