// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/FieldPanel.h"

#include "ui/commands/ListBox.h"
#include "ui/models/FieldListModel.h"
#include "ui/panels/TextField.h"
#include "ui/session/Session.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QLocale>
#include <QPainter>
#include <QSignalBlocker>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <initializer_list>
#include <utility>
#include <vector>

namespace cellproof::ui {

namespace {

constexpr int kThumbnail = 56;
constexpr int kMargin = 6;

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
        const bool asks = index.data(FieldListModel::QuestionsRole).toInt() > 0;
        draw((failed ? QStringLiteral("⚠ ")
              : asks ? QStringLiteral("? ")
                     : QString()) +
                 (counts.isEmpty() ? state : counts),
             failed || asks ? warning : quiet, Qt::ElideRight);
        draw(index.data(FieldListModel::LabelsRole).toString(), quiet, Qt::ElideRight);
        painter->restore();
    }
};

} // namespace

FieldPanel::FieldPanel(Session* session, QWidget* parent)
    : QWidget(parent), m_session(session), m_model(new FieldListModel(session, this)), m_search(new TextField(this)), m_standing(new ListBox(this)),
      m_label(new ListBox(this)), m_count(new QLabel(this)), m_all(new QToolButton(this)), m_list(new QListView(this))
{
    m_search->setPlaceholderText(tr("Search id, label, state"));
    m_search->setClearButtonEnabled(true);
    m_search->setAccessibleName(tr("Search fields"));
    m_standing->setAccessibleName(tr("Show fields by state"));
    m_standing->setToolTip(tr("Show only fields that are so far"));
    m_label->setAccessibleName(tr("Show fields by weak label"));
    m_label->setToolTip(tr("Show only fields with this weak label"));
    for (ListBox* const box : {m_standing, m_label}) {
        // The panel stays as narrow as it was; the open list is as wide as it needs to be.
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(6);
        box->setMaxVisibleItems(32);
        box->setFocusPolicy(Qt::TabFocus);
    }
    m_count->setAccessibleName(tr("Fields shown"));
    m_count->setWordWrap(true);
    m_all->setText(tr("Show all"));
    m_all->setToolTip(tr("Clear the search and show all fields"));
    m_all->setFocusPolicy(Qt::TabFocus);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new FieldDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Fields"));
    // The canvas keeps the keyboard after a click here, so that keys go on acting on cells.
    m_list->setFocusPolicy(Qt::TabFocus);

    auto* const choices = new QHBoxLayout;
    choices->addWidget(m_standing, 1);
    choices->addWidget(m_label, 1);
    auto* const count = new QHBoxLayout;
    count->addWidget(m_count, 1);
    count->addWidget(m_all, 0, Qt::AlignTop);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    layout->addWidget(m_search);
    layout->addLayout(choices);
    layout->addLayout(count);
    layout->addWidget(m_list);

    connect(m_search, &TextField::textChanged, this, &FieldPanel::setFilter);
    connect(m_search, &TextField::accepted, this, &FieldPanel::doneTyping);
    connect(m_search, &TextField::abandoned, this, [this] {
        m_search->clear();
        Q_EMIT doneTyping();
    });
    for (ListBox* const box : {m_standing, m_label}) {
        connect(box, &QComboBox::activated, this, [this] {
            setFilter();
            Q_EMIT doneTyping();
        });
    }
    connect(m_all, &QToolButton::clicked, this, [this] {
        showAll();
        Q_EMIT doneTyping();
    });
    // Only what the user does here shows another field: the list moves its current row by itself when rows come and go.
    connect(m_list, &QListView::clicked, this, &FieldPanel::showField);
    connect(m_list, &QListView::activated, this, &FieldPanel::showField);
    for (const auto moved : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_model, moved, this, [this] { followSession(false); });
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] { followSession(true); });
    m_recount.setSingleShot(true);
    m_recount.setInterval(200);
    connect(&m_recount, &QTimer::timeout, this, &FieldPanel::fillChoices);
    connect(m_model, &FieldListModel::countsChanged, this, [this] {
        tellCount();
        if (!m_recount.isActive())
            m_recount.start();
    });
    connect(session, &Session::projectOpened, this, [this] {
        showAll();
        fillChoices();
    });
    connect(session, &Session::currentFieldChanged, this, [this] {
        tellCount();
        followSession(true);
    });
    fillChoices();
    tellCount();
}

void FieldPanel::setFilter()
{
    FieldFilter filter;
    filter.words = m_search->text();
    filter.standing = static_cast<FieldStanding>(std::max(m_standing->currentData().toInt(), 0));
    if (const QVariant label = m_label->currentData(); label.isValid())
        filter.label = label.toInt();
    m_model->setFilter(filter);
    m_recount.stop();
    fillChoices();
    followSession(true);
}

void FieldPanel::showAll()
{
    {
        const QSignalBlocker blocked(m_search);
        m_search->clear();
    }
    m_standing->setCurrentIndex(m_standing->findData(static_cast<int>(FieldStanding::Any)));
    m_label->setCurrentIndex(m_label->count() > 0 ? 0 : -1);
    setFilter();
}

/// Writes what there is to choose from, with the number of fields that each choice would show.
void FieldPanel::fillChoices()
{
    const QLocale locale;
    const FieldCounts& counts = m_model->counts();
    const FieldFilter filter = m_model->filter();
    const auto fill = [](ListBox* box, const std::vector<std::pair<QString, QVariant>>& items, const QVariant& chosen) {
        const QSignalBlocker blocked(box);
        if (box->count() != static_cast<int>(items.size())) {
            box->clear();
            for (const auto& [text, value] : items)
                box->addItem(text, value);
        } else {
            for (std::size_t i = 0; i < items.size(); ++i) { // an open list stays open
                box->setItemText(static_cast<int>(i), items[i].first);
                box->setItemData(static_cast<int>(i), items[i].second);
            }
        }
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (items[i].second == chosen)
                box->setCurrentIndex(static_cast<int>(i));
        }
    };
    const auto text = [&locale](const QString& name, int count) { return QStringLiteral("%1 (%2)").arg(name, locale.toString(count)); };
    std::vector<std::pair<QString, QVariant>> standings;
    for (const auto& [standing, name] : std::initializer_list<std::pair<FieldStanding, QString>>{
             {FieldStanding::Any, tr("Any state")},
             {FieldStanding::Waiting, tr("Waiting")},
             {FieldStanding::Segmented, tr("Segmented")},
             {FieldStanding::Failed, tr("Cannot be segmented")},
             {FieldStanding::Questions, tr("With open questions")},
             {FieldStanding::Unreviewed, tr("Not reviewed")},
             {FieldStanding::Partly, tr("Partly reviewed")},
             {FieldStanding::Reviewed, tr("Reviewed")},
         })
        standings.emplace_back(text(name, counts.standings[static_cast<std::size_t>(standing)]), static_cast<int>(standing));
    fill(m_standing, standings, static_cast<int>(filter.standing));
    std::vector<std::pair<QString, QVariant>> labels = {{text(tr("Any weak label"), counts.anyLabel), QVariant()},
                                                        {text(tr("No weak label"), counts.noLabel), FieldFilter::kNoLabel}};
    for (std::size_t i = 0; i < counts.labels.size(); ++i)
        labels.emplace_back(text(QString::fromStdString(m_session->project().scheme().at(static_cast<int>(i)).name), counts.labels[i]), static_cast<int>(i));
    fill(m_label, labels, filter.label ? QVariant(*filter.label) : QVariant());
    tellCount();
}

void FieldPanel::tellCount()
{
    const QLocale locale;
    const bool filtered = !m_model->filter().isEmpty();
    QString sentence = filtered ? tr("%1 of %2 fields").arg(locale.toString(m_model->rowCount()), locale.toString(m_session->fieldCount()))
                                : tr("%1 fields").arg(locale.toString(m_session->fieldCount()));
    if (filtered && m_session->currentField() >= 0 && !m_model->rowOf(m_session->currentField()))
        sentence += tr("; not the one in view");
    m_count->setText(sentence);
    m_all->setVisible(filtered);
}

void FieldPanel::showField(const QModelIndex& shown)
{
    if (shown.isValid())
        m_session->showField(m_model->fieldAt(shown.row()));
}

/// Marks the field in view, or none where the filter leaves it out.
void FieldPanel::followSession(bool scroll)
{
    const auto row = m_model->rowOf(m_session->currentField());
    if (!row) {
        m_list->selectionModel()->clear();
        return;
    }
    const QModelIndex index = m_model->index(*row);
    m_list->setCurrentIndex(index);
    if (scroll)
        m_list->scrollTo(index);
}

bool FieldPanel::step(int by)
{
    const int current = m_session->currentField();
    // The rows keep the project's order: the first one behind the field in view, whether that is shown itself or not.
    int low = 0;
    int high = m_model->rowCount();
    while (low < high) {
        const int middle = (low + high) / 2;
        const int field = m_model->fieldAt(middle);
        (by > 0 ? field <= current : field < current) ? low = middle + 1 : high = middle;
    }
    const QModelIndex next = m_model->index(by > 0 ? low : low - 1, 0);
    showField(next);
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
