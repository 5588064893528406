// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MainWindow that asks for files and tells how things went. No dialog here waits in an event loop of its own:
// the batch goes on behind it, and an answer that comes after another project was opened is not acted upon.
#include "core/base/Error.h"
#include "core/base/File.h"
#include "ui/panels/MessageBar.h"
#include "ui/session/ProjectFolder.h"
#include "ui/session/Session.h"
#include "ui/window/MainWindow.h"

#include <QCryptographicHash>
#include <QDialogButtonBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTime>
#include <QVBoxLayout>

namespace fs = std::filesystem;

namespace cellproof::ui {

namespace {

constexpr qsizetype kMostMessages = 50;
constexpr qsizetype kMostViolations = 8; ///< shown at first
constexpr qsizetype kHashLength = 9;     // "-" and eight digits behind the name of a project in the user's own folder

fs::path toPath(const QString& text)
{
    return fs::path(text.toStdString());
}

QString toText(const fs::path& path)
{
    return QString::fromStdString(base::toUtf8(path));
}

/// Where the submission of a project was written to last time.
QString exportKey(const fs::path& project)
{
    return QStringLiteral("exports/") + QString::fromLatin1(QCryptographicHash::hash(toText(project).toUtf8(), QCryptographicHash::Sha256).toHex().left(16));
}

QString proposedSubmission(const fs::path& project)
{
    const QString last = QSettings().value(exportKey(project)).toString();
    if (!last.isEmpty())
        return last;
    if (!isOwnPlace(project))
        return toText(project.parent_path() / "submission.csv");
    const QString folder = toText(project.stem()).chopped(kHashLength);
    return QDir(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation)).filePath(folder + QStringLiteral("_submission.csv"));
}

QString lastFolder()
{
    return QSettings().value(QStringLiteral("folder")).toString();
}

} // namespace

void MainWindow::open(const fs::path& path)
{
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        m_session->openFolder(path);
        return;
    }
    if (!fs::exists(path, ignored)) {
        tellFailure(tr("There is no folder or project \"%1\".").arg(toText(path)));
        return;
    }
    try {
        m_session->openProject(path);
    } catch (const base::Error& error) {
        tellFailure(QString::fromStdString(error.what()));
    }
}

void MainWindow::showDialog(QFileDialog* dialog, std::function<void(const fs::path&)> then)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [run = std::move(then)](const QString& file) {
        if (!file.isEmpty())
            run(toPath(file));
    });
    dialog->open();
}

void MainWindow::askForScheme()
{
    auto* const dialog = new QFileDialog(this, tr("Choose a label scheme"), lastFolder(), tr("Label schemes (*.json)"));
    dialog->setFileMode(QFileDialog::ExistingFile);
    showDialog(dialog, [this](const fs::path& file) { askForFolder(toText(file)); });
}

void MainWindow::askForFolder(const QString& scheme)
{
    auto* const dialog = new QFileDialog(this, tr("Open a folder of images"), lastFolder());
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    showDialog(dialog, [this, scheme](const fs::path& folder) {
        QSettings().setValue(QStringLiteral("folder"), toText(folder));
        m_session->openFolder(folder, scheme);
    });
}

void MainWindow::askForProject()
{
    auto* const dialog = new QFileDialog(this, tr("Open a project"), lastFolder(), tr("Cellproof projects (*.cellproof)"));
    dialog->setFileMode(QFileDialog::ExistingFile);
    showDialog(dialog, [this](const fs::path& file) { open(file); });
}

/// Whether the project is still the one that a question was asked for; else says so.
bool MainWindow::isProject(unsigned number)
{
    if (number == m_session->projectNumber())
        return true;
    tell(tr("Another project was opened meanwhile, so nothing was done with the file you chose."));
    return false;
}

void MainWindow::askForLabels()
{
    if (!m_session->mayChange())
        return;
    auto* const dialog = new QFileDialog(this, tr("Import weak labels"), lastFolder(), tr("Label tables (*.csv *.tsv *.txt)"));
    dialog->setFileMode(QFileDialog::ExistingFile);
    showDialog(dialog, [this, number = m_session->projectNumber()](const fs::path& table) {
        if (isProject(number))
            m_session->importLabels(table);
    });
}

void MainWindow::askForMasks()
{
    if (!m_session->mayChange())
        return;
    auto* const dialog = new QFileDialog(this, tr("Import masks: a folder with _cellmask.png and _nucleimask.png files"), lastFolder());
    dialog->setFileMode(QFileDialog::Directory);
    showDialog(dialog, [this, number = m_session->projectNumber()](const fs::path& folder) {
        if (isProject(number))
            m_session->importMasks(folder, true);
    });
}

void MainWindow::askToImportMasks(const fs::path& folder, const QString& summary, bool usable)
{
    if (!usable) {
        tellResult(tr("Masks"),
                   tr("The folder holds no masks for fields of this project: pairs of files named after the fields, ending in _cellmask.png "
                      "and _nucleimask.png."),
                   summary);
        return;
    }
    auto* const box = new QMessageBox(QMessageBox::Question, tr("Import masks"), tr("Import these masks?"), QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(summary + QLatin1Char('\n') + tr("Masks that persons made or accepted stay, labels and notes go with the cells."));
    const QPushButton* const import = box->addButton(tr("Import"), QMessageBox::AcceptRole);
    connect(import, &QPushButton::clicked, this, [this, folder, number = m_session->projectNumber()] {
        if (isProject(number))
            m_session->importMasks(folder, false);
    });
    box->open();
}

void MainWindow::exportSubmission()
{
    const int waiting = m_session->waitingFieldCount();
    if (waiting == 0) {
        askWhereToExport();
        return;
    }
    auto* const box =
        new QMessageBox(QMessageBox::Question, tr("Write the submission"),
                        waiting == 1 ? tr("One field is not segmented yet.") : tr("%1 fields are not segmented yet.").arg(waiting), QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("They would be missing from the submission."));
    QPushButton* const anyway = box->addButton(tr("Write anyway"), QMessageBox::AcceptRole);
    connect(anyway, &QPushButton::clicked, this, [this, number = m_session->projectNumber()] {
        if (isProject(number))
            askWhereToExport();
    });
    box->open();
}

void MainWindow::askWhereToExport()
{
    const fs::path project = m_session->project().path();
    auto* const dialog = new QFileDialog(this, tr("Write the submission"), {}, tr("Submission (*.csv)"));
    const QFileInfo proposed(proposedSubmission(project));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->setDirectory(proposed.absolutePath());
    dialog->selectFile(proposed.fileName());
    showDialog(dialog, [this, project, number = m_session->projectNumber()](const fs::path& file) {
        if (!isProject(number))
            return;
        QSettings().setValue(exportKey(project), toText(file));
        m_session->exportSubmission(file);
    });
}

void MainWindow::log(const QString& sentence)
{
    m_messages << QLocale().toString(QTime::currentTime(), QLocale::ShortFormat) + QStringLiteral("  ") + sentence;
    if (m_messages.size() > kMostMessages)
        m_messages.removeFirst();
}

void MainWindow::tell(const QString& sentence)
{
    log(sentence);
    m_bar->add(sentence);
}

void MainWindow::tellFailure(const QString& sentence)
{
    log(sentence);
    if (!m_failure || !m_failure->isVisible()) {
        m_failure = new QMessageBox(QMessageBox::Warning, tr("Cellproof"), sentence, QMessageBox::Ok, this);
        m_failure->setAttribute(Qt::WA_DeleteOnClose);
        m_failure->open();
        return;
    }
    // One box for all that went wrong until it is read.
    if (!m_failure->text().split(QStringLiteral("\n\n")).contains(sentence))
        m_failure->setText(m_failure->text() + QStringLiteral("\n\n") + sentence);
}

void MainWindow::tellResult(const QString& title, const QString& text, const QString& more)
{
    log(text + QLatin1Char(' ') + QString(more).replace(QLatin1Char('\n'), QLatin1Char(' ')));
    auto* const box = new QMessageBox(QMessageBox::Information, title, text, QMessageBox::Ok, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(more);
    box->open();
}

/// Repairing is offered, never done unasked; an answer that comes after the masks have changed is refused by the document.
void MainWindow::showViolations(const QStringList& violations, std::shared_ptr<const annotation::Edit> repair)
{
    if (violations.isEmpty()) {
        hint(tr("The masks of this field are sound: each nucleus lies in its cell, each cell is one piece without holes."));
        return;
    }
    auto* const box =
        new QMessageBox(QMessageBox::Warning, tr("Masks of this field"), tr("%n rule(s) broken", nullptr, int(violations.size())), QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(violations.mid(0, kMostViolations).join(QLatin1Char('\n')));
    if (violations.size() > kMostViolations)
        box->setDetailedText(violations.join(QLatin1Char('\n')));
    const QAbstractButton* const accept = box->addButton(tr("Repair"), QMessageBox::AcceptRole);
    connect(box, &QMessageBox::buttonClicked, this,
            [this, accept, repair = std::move(repair), field = m_session->currentField()](const QAbstractButton* button) {
                if (button == accept && field == m_session->currentField())
                    m_session->apply(repair);
            });
    box->open();
}

void MainWindow::showMessages()
{
    auto* const dialog = new QDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Messages"));
    dialog->resize(640, 360);
    auto* const layout = new QVBoxLayout(dialog);
    auto* const text = new QPlainTextEdit(m_messages.isEmpty() ? tr("There were no messages.") : m_messages.join(QLatin1Char('\n')), dialog);
    text->setReadOnly(true);
    text->setAccessibleName(tr("Messages"));
    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    layout->addWidget(text);
    layout->addWidget(buttons);
    dialog->open();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().front().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QString file = event->mimeData()->urls().front().toLocalFile();
    if (!file.isEmpty())
        open(toPath(file));
}

} // namespace cellproof::ui
