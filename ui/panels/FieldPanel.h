// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLineEdit;
class QListView;
class QSortFilterProxyModel;

namespace cellproof::ui {

class FieldListModel;
class Session;

/// The list of fields: thumbnail, id, state, weak labels; with a search box over ids, labels and states.
class FieldPanel : public QWidget
{
    Q_OBJECT

public:
    explicit FieldPanel(Session* session, QWidget* parent = nullptr);

    /// Shows the field after (1) or before (-1) the one in view, as the list is filtered now.
    void step(int by);

    /// Puts the cursor into the search box.
    void focusSearch();

private:
    void followSession();

    Session* m_session;
    FieldListModel* m_model;
    QSortFilterProxyModel* m_filtered;
    QLineEdit* m_search;
    QListView* m_list;
};

} // namespace cellproof::ui
