// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QListView;

namespace cellproof::ui {

class HistoryModel;
class Session;

/// The history of the field in view: every edit with its time, the one that the field stands at marked, those that were undone
/// grey. A click, Return or Space on a row takes the field there, in one go; it follows undo and redo.
class HistoryPanel : public QWidget
{
    Q_OBJECT

public:
    explicit HistoryPanel(Session* session, QWidget* parent = nullptr);

    /// Gives the keyboard to the list.
    void focusList();

private:
    void follow();

    HistoryModel* m_model;
    QListView* m_list;
};

} // namespace cellproof::ui
