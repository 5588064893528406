// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/JobPanel.h"

#include "ui/models/JobListModel.h"
#include "ui/session/Session.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

namespace cellproof::ui {

namespace {

constexpr int kRefreshWithin = 100; // milliseconds
constexpr int kProgressEvery = 300; // milliseconds
constexpr int kBarHeight = 3;
constexpr int kStateWidth = 80;
constexpr int kTitleWidth = 260;
constexpr int kProgressWidth = 140;

/// Keeps the keys that it understands from the shortcuts of the window.
class JobTable : public QTableView
{
public:
    using QTableView::QTableView;

    std::function<void()> onDelete;

protected:
    void keyPressEvent(QKeyEvent* event) override
    {
        if (event->key() == Qt::Key_Delete)
            onDelete();
        else
            QTableView::keyPressEvent(event);
    }

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
            case Qt::Key_Delete:
                event->accept();
                return true;
            default:
                break;
            }
        }
        return QTableView::event(event);
    }

    void paintEvent(QPaintEvent* event) override
    {
        QTableView::paintEvent(event);
        if (model() && model()->rowCount() > 0)
            return;
        QPainter painter(viewport());
        painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, JobPanel::tr("Nothing runs, and nothing waits."));
    }
};

/// A thin bar below the words.
class ProgressDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const QVariant fraction = index.data(JobListModel::FractionRole);
        if (!fraction.isValid())
            return;
        QRect bar(option.rect.left(), option.rect.bottom() - kBarHeight, option.rect.width(), kBarHeight);
        painter->fillRect(bar, option.palette.alternateBase());
        bar.setWidth(static_cast<int>(bar.width() * fraction.toDouble()));
        const bool selected = option.state & QStyle::State_Selected;
        painter->fillRect(bar, selected ? option.palette.highlightedText() : option.palette.highlight());
    }
};

} // namespace

JobPanel::JobPanel(Session* session, QWidget* parent)
    : QWidget(parent), m_session(session), m_model(new JobListModel(session, this)), m_table(new JobTable(this)), m_pause(new QPushButton(this)),
      m_stop(new QPushButton(tr("Stop segmenting"), this)), m_cancel(new QPushButton(tr("Cancel"), this)), m_retry(new QPushButton(tr("Retry"), this)),
      m_retryAll(new QPushButton(tr("Retry all failed"), this))
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    auto* const buttons = new QHBoxLayout;
    for (QPushButton* const button : {m_pause, m_stop, m_cancel, m_retry, m_retryAll}) {
        button->setFocusPolicy(Qt::TabFocus);
        button->setAutoDefault(false);
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    layout->addLayout(buttons);
    layout->addWidget(m_table);
    m_pause->setToolTip(tr("No further field is begun until you go on; fields that have begun are finished"));
    m_cancel->setToolTip(tr("Cancel the selected jobs (Delete)"));
    m_stop->setToolTip(tr("Stop segmenting; the fields that are finished stay (Ctrl+.)"));
    m_retry->setToolTip(tr("Try the selected failed jobs once more"));
    m_retryAll->setToolTip(tr("Try all failed jobs once more"));

    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(JobListModel::ProgressColumn, new ProgressDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setTabKeyNavigation(false);
    m_table->setFocusPolicy(Qt::TabFocus);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setAccessibleName(tr("Jobs"));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed); // no row is measured, however many there are
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().lineSpacing() + 2 * kBarHeight + 2);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setColumnWidth(JobListModel::StateColumn, kStateWidth);
    m_table->setColumnWidth(JobListModel::TitleColumn, kTitleWidth);
    m_table->setColumnWidth(JobListModel::ProgressColumn, kProgressWidth);
    setFocusProxy(m_table);

    m_soon.setSingleShot(true);
    m_soon.setInterval(kRefreshWithin);
    m_clock.setInterval(kProgressEvery);
    connect(&m_soon, &QTimer::timeout, this, &JobPanel::refresh);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        if (isVisible())
            m_model->refreshProgress();
    });
    m_clock.start();
    connect(&session->jobs(), &JobList::changed, this, &JobPanel::refreshSoon);
    connect(session, &Session::batchChanged, this, &JobPanel::refreshSoon);
    connect(session, &Session::projectOpened, this, &JobPanel::refreshSoon);
    connect(session, &Session::currentFieldChanged, this, &JobPanel::refreshSoon);
    connect(session, &Session::fieldsReset, this, &JobPanel::refreshSoon);

    connect(m_pause, &QPushButton::clicked, this, &JobPanel::pauseOrResume);
    connect(m_stop, &QPushButton::clicked, m_session, &Session::cancelSegmentation);
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_model->cancelRows(selectedRows()); });
    connect(m_retry, &QPushButton::clicked, this, [this] { m_model->retryRows(selectedRows()); });
    connect(m_retryAll, &QPushButton::clicked, m_model, &JobListModel::retryAll);
    static_cast<JobTable*>(m_table)->onDelete = [this] { m_model->cancelRows(selectedRows()); };
    connect(m_table, &QTableView::activated, this, &JobPanel::activate);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &JobPanel::updateButtons);
    refresh();
}

void JobPanel::focusList()
{
    m_table->setFocus(Qt::ShortcutFocusReason);
    if (!m_table->currentIndex().isValid())
        m_table->setCurrentIndex(m_model->index(0, 0));
}

void JobPanel::showEvent(QShowEvent* event)
{
    refresh();
    QWidget::showEvent(event);
}

void JobPanel::refreshSoon()
{
    if (!m_soon.isActive())
        m_soon.start();
}

void JobPanel::refresh()
{
    if (isVisible())
        refreshRows();
    updateButtons();
}

/// A job that ends is another row; what was selected stays so.
void JobPanel::refreshRows()
{
    std::set<JobListModel::Key> selected;
    for (const int row : selectedRows())
        selected.insert(m_model->keyOf(row));
    const int before = m_table->currentIndex().row();
    std::optional<JobListModel::Key> current;
    if (before >= 0)
        current = m_model->keyOf(before);
    m_model->refresh();
    QItemSelection rows;
    int now = -1;
    for (int row = 0; row < m_model->rowCount() && (current || !selected.empty()); ++row) {
        const JobListModel::Key key = m_model->keyOf(row);
        if (current == key) {
            now = row;
            current.reset();
        }
        if (selected.erase(key) == 0) // an older job of the same field comes after
            continue;
        if (!rows.isEmpty() && rows.last().bottom() == row - 1)
            rows.last() = QItemSelectionRange(rows.last().topLeft(), m_model->index(row, JobListModel::kColumnCount - 1));
        else
            rows.select(m_model->index(row, 0), m_model->index(row, JobListModel::kColumnCount - 1));
    }
    if (now >= 0)
        m_table->selectionModel()->setCurrentIndex(m_model->index(now, 0), QItemSelectionModel::NoUpdate);
    m_table->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
}

void JobPanel::updateButtons()
{
    const BatchProgress& batch = m_session->batch();
    const std::vector<int> rows = selectedRows();
    const auto any = [&](int role) { return std::ranges::any_of(rows, [&](int row) { return m_model->index(row, 0).data(role).toBool(); }); };
    m_pause->setText(batch.paused ? tr("Go on") : tr("Pause"));
    m_pause->setEnabled(batch.running || batch.paused);
    m_stop->setEnabled(batch.running || batch.paused);
    m_cancel->setEnabled(any(JobListModel::CancelRole));
    m_retry->setEnabled(any(JobListModel::FailedRole));
    m_retryAll->setEnabled(m_model->hasFailed());
}

void JobPanel::pauseOrResume()
{
    m_session->batch().paused ? m_session->resumeSegmentation() : m_session->pauseSegmentation();
}

void JobPanel::activate(const QModelIndex& index)
{
    if (const int field = index.data(JobListModel::FieldRole).toInt(); field >= 0)
        m_session->showField(field);
}

std::vector<int> JobPanel::selectedRows() const
{
    std::vector<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        rows.push_back(index.row());
    return rows;
}

} // namespace cellproof::ui
