// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/CommandPalette.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace cellproof::ui {

namespace {

constexpr int kKeyRole = Qt::UserRole + 1;
constexpr int kGap = 24; // between name and key
constexpr int kSide = 6;
constexpr int kMostWidth = 900;

/// A row: the name at the left, its key at the right.
class CommandDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyleOptionViewItem row = option;
        initStyleOption(&row, index);
        const QString name = std::exchange(row.text, {});
        row.widget->style()->drawControl(QStyle::CE_ItemViewItem, &row, painter, row.widget);
        const bool enabled = row.state.testFlag(QStyle::State_Enabled);
        const QPalette::ColorRole role = row.state.testFlag(QStyle::State_Selected) ? QPalette::HighlightedText : QPalette::Text;
        const QString key = index.data(kKeyRole).toString();
        const int keyWidth = key.isEmpty() ? 0 : row.fontMetrics.horizontalAdvance(key) + kGap;
        const QRect place = row.rect.adjusted(kSide, 0, -kSide, 0);
        painter->save();
        painter->setPen(row.palette.color(enabled ? QPalette::Active : QPalette::Disabled, role));
        painter->drawText(place, Qt::AlignLeft | Qt::AlignVCenter, row.fontMetrics.elidedText(name, Qt::ElideRight, place.width() - keyWidth));
        painter->drawText(place, Qt::AlignRight | Qt::AlignVCenter, key);
        painter->restore();
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const QFontMetrics& metrics = option.fontMetrics;
        const int width = metrics.horizontalAdvance(index.data().toString()) + metrics.horizontalAdvance(index.data(kKeyRole).toString());
        return {width + kGap + 2 * kSide, metrics.height() + 6};
    }
};

} // namespace

CommandPalette::CommandPalette(QList<Command> commands, QWidget* parent)
    : QDialog(parent), m_commands(std::move(commands)), m_search(new QLineEdit(this)), m_list(new QListWidget(this))
{
    setWindowTitle(tr("All commands"));
    auto* const layout = new QVBoxLayout(this);
    layout->addWidget(m_search);
    layout->addWidget(m_list);
    m_search->setPlaceholderText(tr("Type to search; Enter runs"));
    m_search->setAccessibleName(tr("Search commands"));
    m_list->setAccessibleName(tr("Commands"));
    m_search->installEventFilter(this);
    m_list->setFocusPolicy(Qt::NoFocus);
    connect(m_search, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_search, &QLineEdit::returnPressed, this, &CommandPalette::runCurrent);
    connect(m_list, &QListWidget::itemActivated, this, &CommandPalette::runCurrent);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::runCurrent);
    m_list->setItemDelegate(new CommandDelegate(m_list));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    fill();
    const QMargins margins = layout->contentsMargins();
    const int beside = m_list->style()->pixelMetric(QStyle::PM_ScrollBarExtent) + 2 * m_list->frameWidth() + margins.left() + margins.right() + 2 * kSide;
    resize(std::min(m_list->sizeHintForColumn(0) + beside, kMostWidth), 480);
}

void CommandPalette::fill()
{
    m_list->clear();
    const QStringList words = m_search->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (int i = 0; i < m_commands.size(); ++i) {
        const QAction* const action = m_commands[i].action;
        if (!action)
            continue;
        const QString& menu = m_commands[i].menu;
        const QString text = (menu.isEmpty() ? menu : menu + QStringLiteral(": ")) + action->text().remove(QLatin1Char('&'));
        if (!std::ranges::all_of(words, [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); }))
            continue;
        const QString key = action->shortcut().toString(QKeySequence::NativeText);
        auto* const item = new QListWidgetItem(text, m_list);
        item->setData(Qt::UserRole, i);
        item->setData(kKeyRole, key);
        item->setData(Qt::AccessibleTextRole, key.isEmpty() ? text : text + QLatin1Char(' ') + key);
        if (!action->isEnabled())
            item->setFlags(Qt::ItemIsSelectable);
    }
    m_list->setCurrentRow(0);
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int row = m_list->currentRow() + (key == Qt::Key_Down ? 1 : -1);
            m_list->setCurrentRow(std::clamp(row, 0, std::max(0, m_list->count() - 1)));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

void CommandPalette::runCurrent()
{
    const QListWidgetItem* const item = m_list->currentItem();
    if (!item)
        return;
    const QPointer<QAction> action = m_commands[item->data(Qt::UserRole).toInt()].action;
    accept();
    if (action && action->isEnabled())
        action->trigger();
}

} // namespace cellproof::ui
