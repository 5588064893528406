// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/RestorePointsDialog.h"

#include "core/base/File.h"
#include "core/store/Backups.h"
#include "ui/session/ProjectCare.h"
#include "ui/session/Session.h"

#include <QDateTime>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QTabWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace cellproof::ui {

namespace {

QString timeText(std::int64_t milliseconds)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(milliseconds), QLocale::ShortFormat);
}

QTreeWidget* makeList(const QStringList& columns, const QString& name, QWidget* parent)
{
    auto* const list = new QTreeWidget(parent);
    list->setHeaderLabels(columns);
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    list->setAccessibleName(name);
    list->header()->setStretchLastSection(false);
    list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    return list;
}

QLabel* makeText(const QString& text, QWidget* parent)
{
    auto* const label = new QLabel(text, parent);
    label->setWordWrap(true);
    return label;
}

} // namespace

RestorePointsDialog::RestorePointsDialog(Session& session, ProjectCare& care, QWidget* parent) : QDialog(parent), m_session(session), m_care(care)
{
    setWindowTitle(tr("Restore points and backups"));
    resize(640, 420);
    auto* const tabs = new QTabWidget(this);

    auto* const points = new QWidget(tabs);
    auto* const pointsLayout = new QVBoxLayout(points);
    pointsLayout->addWidget(
        makeText(tr("Everything you do is stored at once. A restore point remembers how all fields are at a moment, to come back to it."), points));
    m_points = makeList({tr("Name"), tr("Made"), tr("Fields that differ now")}, tr("Restore points"), points);
    pointsLayout->addWidget(m_points);
    auto* const pointButtons = new QHBoxLayout;
    auto* const add = new QPushButton(tr("&New …"), points);
    m_remove = new QPushButton(tr("&Forget it"), points);
    m_goBack = new QPushButton(tr("&Go back to it"), points);
    pointButtons->addWidget(add);
    pointButtons->addWidget(m_remove);
    pointButtons->addStretch();
    pointButtons->addWidget(m_goBack);
    pointsLayout->addLayout(pointButtons);
    tabs->addTab(points, tr("&Restore points"));

    auto* const backups = new QWidget(tabs);
    auto* const backupsLayout = new QVBoxLayout(backups);
    backupsLayout->addWidget(makeText(tr("Copies of the whole project file, made by themselves while you work, for the case that the file is damaged or lost. "
                                         "Putting one back keeps the present file beside it."),
                                      backups));
    m_backups = makeList({tr("Made"), tr("Size")}, tr("Backups"), backups);
    backupsLayout->addWidget(m_backups);
    auto* const backupButtons = new QHBoxLayout;
    m_putBack = new QPushButton(tr("&Put it back"), backups);
    backupButtons->addStretch();
    backupButtons->addWidget(m_putBack);
    backupsLayout->addLayout(backupButtons);
    tabs->addTab(backups, tr("&Backups"));

    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* const layout = new QVBoxLayout(this);
    layout->addWidget(tabs);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(add, &QPushButton::clicked, this, &RestorePointsDialog::newAsked);
    connect(m_remove, &QPushButton::clicked, this, &RestorePointsDialog::forget);
    connect(m_goBack, &QPushButton::clicked, this, &RestorePointsDialog::goBack);
    connect(m_points, &QTreeWidget::itemActivated, this, &RestorePointsDialog::goBack);
    connect(m_putBack, &QPushButton::clicked, this, &RestorePointsDialog::putBack);
    connect(m_points, &QTreeWidget::itemSelectionChanged, this, &RestorePointsDialog::check);
    connect(m_backups, &QTreeWidget::itemSelectionChanged, this, &RestorePointsDialog::check);
    connect(&m_care, &ProjectCare::restorePointsChanged, this, &RestorePointsDialog::fillPoints);
    connect(&m_care, &ProjectCare::backupMade, this, &RestorePointsDialog::fillBackups);
    // The lists are those of another project.
    connect(&m_session, &Session::projectOpened, this, &QDialog::reject);
    connect(&m_session, &Session::projectClosed, this, &QDialog::reject);
    // Return in a list goes back; it is not to click a button besides.
    for (QPushButton* const button : findChildren<QPushButton*>())
        button->setAutoDefault(false);
    fillPoints();
    fillBackups();
}

void RestorePointsDialog::fillPoints()
{
    m_points->clear();
    const std::vector<store::RestorePoint> points = m_care.restorePoints();
    for (auto point = points.rbegin(); point != points.rend(); ++point) { // the newest first
        auto* const item = new QTreeWidgetItem(m_points, {QString::fromStdString(point->name), timeText(point->time),
                                                          point->differing == 0 ? tr("none") : QLocale().toString(qulonglong(point->differing))});
        item->setData(0, Qt::UserRole, qint64(point->number));
        item->setTextAlignment(2, Qt::AlignRight);
        if (point->automatic) {
            QFont font = item->font(0);
            font.setItalic(true);
            item->setFont(0, font);
            item->setToolTip(0, tr("Made by itself before going back"));
        }
    }
    if (m_points->topLevelItemCount() > 0)
        m_points->setCurrentItem(m_points->topLevelItem(0));
    check();
}

void RestorePointsDialog::fillBackups()
{
    m_backups->clear();
    for (const store::Backup& backup : store::backups(m_session.project().path())) {
        auto* const item = new QTreeWidgetItem(m_backups, {timeText(backup.time), QLocale().formattedDataSize(static_cast<qint64>(backup.bytes))});
        item->setData(0, Qt::UserRole, QString::fromStdString(base::toUtf8(backup.file)));
        item->setTextAlignment(1, Qt::AlignRight);
    }
    check();
}

void RestorePointsDialog::goBack()
{
    if (const QTreeWidgetItem* const item = m_points->currentItem(); item && m_goBack->isEnabled())
        m_care.goToRestorePoint(item->data(0, Qt::UserRole).toLongLong());
}

void RestorePointsDialog::forget()
{
    const QTreeWidgetItem* const item = m_points->currentItem();
    if (!item)
        return;
    auto* const box =
        new QMessageBox(QMessageBox::Question, windowTitle(), tr("Forget the restore point \"%1\"?").arg(item->text(0)), QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("The fields stay as they are, but nothing leads back to that moment then."));
    const QAbstractButton* const accept = box->addButton(tr("Forget it"), QMessageBox::DestructiveRole);
    const std::int64_t number = item->data(0, Qt::UserRole).toLongLong();
    connect(box, &QMessageBox::buttonClicked, this, [this, accept, number](const QAbstractButton* button) {
        if (button == accept)
            m_care.removeRestorePoint(number);
    });
    box->open();
}

void RestorePointsDialog::putBack()
{
    const QTreeWidgetItem* const item = m_backups->currentItem();
    if (!item)
        return;
    auto* const box = new QMessageBox(QMessageBox::Question, windowTitle(), tr("Put the backup of %1 in the place of the project?").arg(item->text(0)),
                                      QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("The present file is kept beside it under another name."));
    const QAbstractButton* const accept = box->addButton(tr("Put back"), QMessageBox::AcceptRole);
    const QString file = item->data(0, Qt::UserRole).toString();
    connect(box, &QMessageBox::buttonClicked, this, [this, accept, file](const QAbstractButton* button) {
        if (button == accept)
            m_care.putBack(file.toStdString());
    });
    box->open();
}

void RestorePointsDialog::check()
{
    const bool changeable = !m_session.isReadOnly();
    m_goBack->setEnabled(changeable && m_points->currentItem());
    m_remove->setEnabled(changeable && m_points->currentItem());
    m_putBack->setEnabled(changeable && m_backups->currentItem());
}

} // namespace cellproof::ui
