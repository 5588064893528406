// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QListView;
class QToolButton;

namespace cellproof::ui {

class FieldListModel;
class ListBox;
class Session;
class TextField;

/// The list of fields: thumbnail, id, state, weak labels. Above it a search box over ids, weak labels and states, and two
/// lists to choose from, each with the number of fields: how far a field is, and a weak label that it has. The field in view
/// stays in view where the filter leaves it out, and another project begins without filter.
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
    void setFilter();
    void showAll();
    void fillChoices();
    void tellCount();
    void followSession(bool scroll);
    void showField(const QModelIndex& shown);

    Session* m_session;
    FieldListModel* m_model;
    TextField* m_search;
    ListBox* m_standing;
    ListBox* m_label;
    QLabel* m_count;
    QToolButton* m_all;
    QListView* m_list;
    QTimer m_recount; ///< a batch changes many fields a second
};

} // namespace cellproof::ui
