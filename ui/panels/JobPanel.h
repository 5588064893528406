// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

#include <vector>

class QPushButton;
class QTableView;

namespace cellproof::ui {

class JobListModel;
class Session;

/// All that runs long: jobs that run with progress and time left, failures with their sentence, what ended a while ago, and the
/// fields that wait. Pauses the batch, goes on with it and stops it, cancels jobs, tries failed ones again; Return or a double-click on a
/// job of a field shows the field, Delete cancels.
class JobPanel : public QWidget
{
    Q_OBJECT

public:
    explicit JobPanel(Session* session, QWidget* parent = nullptr);

    /// Gives the keyboard to the list.
    void focusList();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refreshSoon();
    void refresh();
    void refreshRows();
    void updateButtons();
    void pauseOrResume();
    void activate(const QModelIndex& index);
    [[nodiscard]] std::vector<int> selectedRows() const;

    Session* m_session;
    JobListModel* m_model;
    QTableView* m_table;
    QPushButton* m_pause;
    QPushButton* m_stop;
    QPushButton* m_cancel;
    QPushButton* m_retry;
    QPushButton* m_retryAll;
    QTimer m_soon;  ///< many changes are taken up at once
    QTimer m_clock; ///< progress of what runs
};

} // namespace cellproof::ui
