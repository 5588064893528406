// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MainWindow that looks after the project as a whole: who may change it, restore points, moved images, several people.
#include "core/base/Error.h"
#include "core/base/File.h"
#include "ui/dialogs/AgreementDialog.h"
#include "ui/dialogs/MergeDialog.h"
#include "ui/dialogs/RestorePointsDialog.h"
#include "ui/dialogs/ShareDialog.h"
#include "ui/dialogs/WaitDialog.h"
#include "ui/session/ProjectCare.h"
#include "ui/session/Session.h"
#include "ui/window/MainWindow.h"

#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QMessageBox>
#include <QPushButton>

namespace fs = std::filesystem;

namespace cellproof::ui {

void MainWindow::connectCare()
{
    connect(m_care, &ProjectCare::told, this, &MainWindow::tell);
    connect(m_care, &ProjectCare::failed, this, &MainWindow::tellFailure);
    connect(m_care, &ProjectCare::imagesMissing, this, &MainWindow::askForMovedImages);
    connect(m_care, &ProjectCare::imagesFound, this, &MainWindow::askToKeepImages);
    connect(m_session, &Session::waitBegun, this, [this](const QString& what, bool cancellable) {
        delete m_wait;
        m_wait = new WaitDialog(what, cancellable, this);
        connect(m_wait, &WaitDialog::cancelAsked, m_session, &Session::cancelWait);
        m_wait->show();
    });
    connect(m_session, &Session::waitEnded, this, [this] { delete m_wait; });
    connect(m_session, &Session::projectsMerged, this, [this](const fs::path& target, const pipeline::MergeReport& report) {
        auto* const dialog = new AgreementDialog(report, target, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &AgreementDialog::openAsked, this, [this, target] { open(target); });
        dialog->open();
    });
    connect(m_session, &Session::projectShared, this, [this](const fs::path& folder, const QString& summary) {
        tellResult(tr("Divided among people"), tr("The shares are in %1.").arg(QString::fromStdString(base::toUtf8(folder))), summary);
    });
}

/// Somebody else may be working on the project: it is only looked at then.
void MainWindow::showReadOnly()
{
    if (!m_session->isReadOnly())
        return;
    const fs::path path = m_session->project().path();
    for (const std::string& notice : m_session->project().notices())
        tell(QString::fromStdString(notice));
    if (m_session->holderElsewhere().isEmpty()) {
        tell(tr("The project is open to look at only. %1").arg(m_session->readOnlyReason()));
        return;
    }
    auto* const box = new QMessageBox(QMessageBox::Question, tr("The project is in use"), m_session->readOnlyReason(), QMessageBox::NoButton, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(
        tr("Whether that program still runs cannot be told from this computer. Take the project over only if you know that it has ended: two "
           "people who work on it at once hinder each other."));
    QPushButton* const look = box->addButton(tr("Only look at it"), QMessageBox::RejectRole);
    const QAbstractButton* const take = box->addButton(tr("It has ended: take over"), QMessageBox::AcceptRole);
    box->setDefaultButton(look);
    connect(box, &QMessageBox::buttonClicked, this, [this, take, path, number = m_session->projectNumber()](const QAbstractButton* button) {
        if (button != take || !isProject(number))
            return;
        try {
            m_session->openProject(path, true);
        } catch (const base::Error& error) {
            tellFailure(QString::fromStdString(error.what()));
        }
    });
    box->open();
}

void MainWindow::askForRestorePoint()
{
    if (!m_session->mayChange())
        return;
    auto* const dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("New restore point"));
    dialog->setLabelText(tr("Everything is stored already. A name for the state as it is now, to come back to it:"));
    dialog->setTextValue(QLocale().toString(QDateTime::currentDateTime(), QLocale::ShortFormat));
    dialog->setOkButtonText(tr("Make it"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, number = m_session->projectNumber()](const QString& name) {
        if (isProject(number) && !name.trimmed().isEmpty())
            m_care->addRestorePoint(name.trimmed());
    });
    dialog->open();
}

void MainWindow::showRestorePoints()
{
    auto* const dialog = new RestorePointsDialog(*m_session, *m_care, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RestorePointsDialog::newAsked, this, &MainWindow::askForRestorePoint);
    dialog->open();
}

/// Asked once for all images: those that lay beside the one that is shown are found with it.
void MainWindow::askForMovedImages(int files, const QString& first)
{
    auto* const box = new QMessageBox(QMessageBox::Question, tr("Images not found"),
                                      tr("%n image file(s) of this project are not where they were.", nullptr, files), QMessageBox::NoButton, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(
        tr("The first one: %1\nIf they were moved, show where this file is now; the others are found with it. Masks and labels are safe in any case.")
            .arg(first));
    box->addButton(tr("Later"), QMessageBox::RejectRole);
    QPushButton* const show = box->addButton(tr("Show it …"), QMessageBox::AcceptRole);
    box->setDefaultButton(show);
    connect(show, &QPushButton::clicked, this, [this, first, number = m_session->projectNumber()] {
        const QString name = QFileInfo(first).fileName();
        auto* const dialog =
            new QFileDialog(this, tr("Where is %1 now?").arg(name), QString::fromStdString(base::toUtf8(m_session->project().path().parent_path())),
                            tr("%1 (%1);;All files (*)").arg(name));
        dialog->setFileMode(QFileDialog::ExistingFile);
        showDialog(dialog, [this, first, number](const fs::path& file) {
            if (isProject(number))
                m_care->findImages(first.toStdString(), file);
        });
    });
    box->open();
}

void MainWindow::askToKeepImages(const store::MovedImages& images)
{
    if (images.matched.empty() && images.differing.empty()) {
        tellFailure(tr("None of the missing images is there. Show the file itself, at its new place and under its old name."));
        return;
    }
    if (images.differing.empty()) {
        if (m_care->relocate(images.matched))
            tell(images.missing.empty() ? tr("All images were found at their new place.")
                                        : tr("Images found at their new place: %1. Still missing: %2.").arg(images.matched.size()).arg(images.missing.size()));
        return;
    }
    auto* const box = new QMessageBox(QMessageBox::Warning, tr("Other images than before"),
                                      tr("%n of the files found have another content than when the project used them.", nullptr, int(images.differing.size())),
                                      QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("The first one: %1\nMasks may not fit to them. Files that are the same as before: %2.")
                                .arg(QString::fromStdString(base::toUtf8(images.differing.front().path)))
                                .arg(images.matched.size()));
    const QAbstractButton* const same = box->addButton(tr("Take those that are the same"), QMessageBox::AcceptRole);
    const QAbstractButton* const all = box->addButton(tr("Take all"), QMessageBox::DestructiveRole);
    connect(box, &QMessageBox::buttonClicked, this, [this, same, all, images, number = m_session->projectNumber()](const QAbstractButton* button) {
        if ((button != same && button != all) || !isProject(number))
            return;
        std::vector<store::MovedImage> moved = images.matched;
        if (button == all)
            moved.insert(moved.end(), images.differing.begin(), images.differing.end());
        m_care->relocate(moved);
    });
    box->open();
}

void MainWindow::askToMerge()
{
    auto* const dialog = new MergeDialog(m_session->hasProject() ? m_session->project().path() : fs::path(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { m_session->mergeProjects(dialog->sources(), dialog->target()); });
    dialog->open();
}

void MainWindow::askToShare()
{
    const fs::path project = m_session->project().path();
    auto* const dialog = new ShareDialog(project.parent_path() / (project.stem().string() + "-shares"), m_session->fieldCount(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, number = m_session->projectNumber()] {
        if (isProject(number))
            m_session->shareProject(dialog->folder(), dialog->options());
    });
    dialog->open();
}

} // namespace cellproof::ui
