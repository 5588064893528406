// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/FieldPanel.h"

#include "ui/models/FieldListModel.h"
#include "ui/panels/TextField.h"
#include "ui/session/Session.h"

#include <QListView>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace cellproof::ui {

namespace {

constexpr int kThumbnail = 56;
constexpr int kMargin = 6;

/// Matches the words of the search box against id, weak labels and state.
class FieldFilter : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setWords(const QString& text)
    {
        m_words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override
    {
        const QModelIndex index = sourceModel()->index(row, 0, parent);
        if (m_words.isEmpty())
            return true;
        const QString text = index.data().toString() + QLatin1Char(' ') + index.data(FieldListModel::LabelsRole).toString() + QLatin1Char(' ') +
                             index.data(FieldListModel::StateRole).toString();
        return std::ranges::all_of(m_words, [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
    }

private:
    QStringList m_words;
};

class FieldDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {120, std::max(kThumbnail, 3 * option.fontMetrics.lineSpacing()) + 2 * kMargin};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        painter->save();
        const bool selected = option.state & QStyle::State_Selected;
        if (selected)
            painter->fillRect(option.rect, option.palette.highlight());
        const QRect content = option.rect.adjusted(kMargin, kMargin, -kMargin, -kMargin);
        const QRect frame(content.left(), content.top() + (content.height() - kThumbnail) / 2, kThumbnail, kThumbnail);
        painter->fillRect(frame, QColor(0, 0, 0));
        const QImage thumbnail = index.data(Qt::DecorationRole).value<QImage>();
        if (!thumbnail.isNull()) {
            const QSize size = thumbnail.size().scaled(frame.size(), Qt::KeepAspectRatio);
            painter->setRenderHint(QPainter::SmoothPixmapTransform);
            painter->drawImage(QRect(frame.center() - QPoint(size.width() / 2, size.height() / 2), size), thumbnail);
        }
        QRect text = content.adjusted(kThumbnail + 2 * kMargin, 0, 0, 0);
        const int line = option.fontMetrics.lineSpacing();
        text.moveTop(content.top() + (content.height() - 3 * line) / 2);
        text.setHeight(line);
        const QColor strong = selected ? option.palette.highlightedText().color() : option.palette.text().color();
        QColor quiet = strong;
        quiet.setAlphaF(0.65F);
        const auto draw = [&](const QString& words, const QColor& colour, Qt::TextElideMode elide) {
            painter->setPen(colour);
            painter->drawText(text, Qt::AlignLeft | Qt::AlignVCenter, option.fontMetrics.elidedText(words, elide, text.width()));
            text.translate(0, line);
        };
        draw(index.data().toString(), strong, Qt::ElideMiddle);
        const bool failed = index.data(FieldListModel::FailedRole).toBool();
        const QString counts = index.data(FieldListModel::CountsRole).toString();
        const QString state = index.data(FieldListModel::StateRole).toString();
        const QColor warning = strong.lightness() > 128 ? QColor(0xff, 0xb0, 0x60) : QColor(0x9a, 0x4a, 0x00);
        draw((failed ? QStringLiteral("⚠ ") : QString()) + (counts.isEmpty() ? state : counts), failed ? warning : quiet, Qt::ElideRight);
        draw(index.data(FieldListModel::LabelsRole).toString(), quiet, Qt::ElideRight);
        painter->restore();
    }
};

} // namespace

FieldPanel::FieldPanel(Session* session, QWidget* parent)
    : QWidget(parent), m_session(session), m_model(new FieldListModel(session, this)), m_filtered(new FieldFilter(this)), m_search(new TextField(this)),
      m_list(new QListView(this))
{
    m_filtered->setSourceModel(m_model);
    m_search->setPlaceholderText(tr("Search id, label, state"));
    m_search->setClearButtonEnabled(true);
    m_search->setAccessibleName(tr("Search fields"));
    m_list->setModel(m_filtered);
    m_list->setItemDelegate(new FieldDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Fields"));
    // The canvas keeps the keyboard after a click here, so that keys go on acting on cells.
    m_list->setFocusPolicy(Qt::TabFocus);

    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    layout->addWidget(m_search);
    layout->addWidget(m_list);

    connect(m_search, &TextField::textChanged, this, [this](const QString& text) {
        static_cast<FieldFilter*>(m_filtered)->setWords(text);
        followSession(true);
    });
    connect(m_search, &TextField::accepted, this, &FieldPanel::doneTyping);
    connect(m_search, &TextField::abandoned, this, [this] {
        m_search->clear();
        Q_EMIT doneTyping();
    });
    // Only what the user does here shows another field: the list moves its current row by itself when rows come and go.
    connect(m_list, &QListView::clicked, this, &FieldPanel::show);
    connect(m_list, &QListView::activated, this, &FieldPanel::show);
    for (const auto moved : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_filtered, moved, this, [this] { followSession(false); });
    connect(session, &Session::currentFieldChanged, this, [this] { followSession(true); });
}

void FieldPanel::show(const QModelIndex& shown)
{
    if (shown.isValid())
        m_session->showField(m_filtered->mapToSource(shown).row());
}

/// Marks the field in view, or none where the search leaves it out.
void FieldPanel::followSession(bool scroll)
{
    const QModelIndex index = m_filtered->mapFromSource(m_model->index(m_session->currentField()));
    if (!index.isValid()) {
        m_list->selectionModel()->clear();
        return;
    }
    m_list->setCurrentIndex(index);
    if (scroll)
        m_list->scrollTo(index);
}

bool FieldPanel::step(int by)
{
    const int current = m_session->currentField();
    // The rows keep the project's order: the first one behind the field in view, whether that is shown itself or not.
    int low = 0;
    int high = m_filtered->rowCount();
    while (low < high) {
        const int middle = (low + high) / 2;
        const int field = m_filtered->mapToSource(m_filtered->index(middle, 0)).row();
        (by > 0 ? field <= current : field < current) ? low = middle + 1 : high = middle;
    }
    const QModelIndex next = m_filtered->index(by > 0 ? low : low - 1, 0);
    show(next);
    return next.isValid();
}

void FieldPanel::focusList()
{
    m_list->setFocus(Qt::ShortcutFocusReason);
}

void FieldPanel::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

} // namespace cellproof::ui
