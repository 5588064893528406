// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/HistoryPanel.h"

#include "ui/panels/HistoryModel.h"
#include "ui/session/Session.h"

#include <QApplication>
#include <QDateTime>
#include <QKeyEvent>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace cellproof::ui {

namespace {

constexpr int kMarker = 16; // width of the column of the marker

/// A row: marker, what was done, when.
class HistoryDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyleOptionViewItem row = option;
        initStyleOption(&row, index);
        row.text.clear();
        const QWidget* const widget = row.widget;
        (widget ? widget->style() : QApplication::style())->drawControl(QStyle::CE_ItemViewItem, &row, painter, widget);

        const bool undone = index.data(HistoryModel::UndoneRole).toBool();
        const bool present = index.data(HistoryModel::PresentRole).toBool();
        const bool selected = row.state.testFlag(QStyle::State_Selected);
        const QColor ink = row.palette.color(selected ? QPalette::HighlightedText : undone ? QPalette::PlaceholderText : QPalette::Text);
        QFont font = row.font;
        font.setBold(present);
        font.setItalic(undone);
        painter->save();
        painter->setFont(font);
        painter->setPen(ink);
        QRect place = row.rect.adjusted(2, 0, -6, 0);
        painter->drawText(QRect(place.left(), place.top(), kMarker, place.height()), Qt::AlignCenter,
                          present  ? QStringLiteral("▶")
                          : undone ? QStringLiteral("↷")
                                   : QStringLiteral("·"));
        place.setLeft(place.left() + kMarker + 2);
        const QString time = timeText(index.data(HistoryModel::TimeRole).toDateTime());
        const QFontMetrics metrics(font);
        const int timeWidth = time.isEmpty() ? 0 : metrics.horizontalAdvance(time) + 8;
        painter->drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                          metrics.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight, place.width() - timeWidth));
        if (!selected)
            painter->setPen(row.palette.color(QPalette::PlaceholderText));
        painter->drawText(place, Qt::AlignRight | Qt::AlignVCenter, time);
        painter->restore();
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override { return {180, option.fontMetrics.height() + 6}; }

private:
    /// The hour of today's edits, the day of others.
    static QString timeText(const QDateTime& time)
    {
        if (!time.isValid())
            return {};
        const bool today = time.date() == QDate::currentDate();
        return today ? QLocale().toString(time.time(), QLocale::ShortFormat) : QLocale().toString(time.date(), QLocale::ShortFormat);
    }
};

/// A list that keeps the keys it moves by, which mean something else to the window.
class HistoryList : public QListView
{
public:
    using QListView::QListView;

protected:
    bool event(QEvent* event) override
    {
        if (event->type() == QEvent::ShortcutOverride) {
            switch (static_cast<QKeyEvent*>(event)->key()) {
            case Qt::Key_Up:
            case Qt::Key_Down:
            case Qt::Key_PageUp:
            case Qt::Key_PageDown:
            case Qt::Key_Home:
            case Qt::Key_End:
            case Qt::Key_Return:
            case Qt::Key_Enter:
            case Qt::Key_Space:
                event->accept();
                return true;
            default:
                break;
            }
        }
        return QListView::event(event);
    }

    void keyPressEvent(QKeyEvent* event) override
    {
        const bool goes = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space;
        if (goes && currentIndex().isValid())
            Q_EMIT clicked(currentIndex());
        else
            QListView::keyPressEvent(event);
    }
};

} // namespace

HistoryPanel::HistoryPanel(Session* session, QWidget* parent) : QWidget(parent), m_model(new HistoryModel(session, this)), m_list(new HistoryList(this))
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_list);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new HistoryDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::TabFocus);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("History of the field"));
    m_list->setToolTip(tr("What was done in this field; click a row to go back or forth to it"));
    setFocusProxy(m_list);
    connect(m_list, &QListView::clicked, this, [session](const QModelIndex& index) { session->goToHistory(index.row()); });
    connect(m_model, &QAbstractItemModel::modelReset, this, &HistoryPanel::follow);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &HistoryPanel::follow);
    follow();
}

void HistoryPanel::focusList()
{
    m_list->setFocus(Qt::ShortcutFocusReason);
}

/// Brings what the field is now into view.
void HistoryPanel::follow()
{
    const QModelIndex present = m_model->index(m_model->presentRow());
    if (!present.isValid())
        return;
    m_list->setCurrentIndex(present);
    m_list->scrollTo(present);
}

} // namespace cellproof::ui
