// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QListView;
class QSortFilterProxyModel;

namespace cellproof::ui {

class FieldListModel;
class Session;
class TextField;

/// The list of fields: thumbnail, id, state, weak labels; with a search box over ids, labels and states.
class FieldPanel : public QWidget
{
    Q_OBJECT

public:
    explicit FieldPanel(Session* session, QWidget* parent = nullptr);

    /// Shows the next field after (1) or before (-1) the one in view that the list shows as it is filtered now. False
    /// where there is none.
    bool step(int by);

    /// Puts the cursor into the search box.
    void focusSearch();

    /// Gives the keyboard to the list.
    void focusList();

Q_SIGNALS:
    void doneTyping(); ///< the keyboard is free again

private:
    void followSession(bool scroll);
    void show(const QModelIndex& shown);

    Session* m_session;
    FieldListModel* m_model;
    QSortFilterProxyModel* m_filtered;
    TextField* m_search;
    QListView* m_list;
};

} // namespace cellproof::ui
