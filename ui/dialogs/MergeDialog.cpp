// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/MergeDialog.h"

#include "core/base/File.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace fs = std::filesystem;

namespace cellproof::ui {

namespace {

fs::path toPath(const QString& text)
{
    return fs::path(text.toStdString());
}

QString toText(const fs::path& path)
{
    return QString::fromStdString(base::toUtf8(path));
}

} // namespace

MergeDialog::MergeDialog(const fs::path& first, QWidget* parent)
    : QDialog(parent), m_sources(new QListWidget(this)), m_target(new QLineEdit(this)), m_remove(new QPushButton(tr("&Remove"), this))
{
    setWindowTitle(tr("Merge projects"));
    resize(620, 360);
    auto* const layout = new QVBoxLayout(this);
    auto* const explanation = new QLabel(tr("Projects of the same images, in which several people worked, become one. Cells that two of them accepted are "
                                            "compared; where they disagree, the cell gets a question. The projects themselves stay as they are."),
                                         this);
    explanation->setWordWrap(true);
    layout->addWidget(explanation);
    auto* const sourcesLabel = new QLabel(tr("&Projects:"), this);
    sourcesLabel->setBuddy(m_sources);
    layout->addWidget(sourcesLabel);
    m_sources->setAccessibleName(tr("Projects to be merged"));
    m_sources->setTextElideMode(Qt::ElideLeft);
    auto* const add = new QPushButton(tr("&Add …"), this);
    auto* const listButtons = new QVBoxLayout;
    listButtons->addWidget(add);
    listButtons->addWidget(m_remove);
    listButtons->addStretch();
    auto* const list = new QHBoxLayout;
    list->addWidget(m_sources);
    list->addLayout(listButtons);
    layout->addLayout(list);
    auto* const targetLabel = new QLabel(tr("&Merged project, a new file:"), this);
    targetLabel->setBuddy(m_target);
    layout->addWidget(targetLabel);
    auto* const browse = new QPushButton(tr("&Choose …"), this);
    auto* const target = new QHBoxLayout;
    target->addWidget(m_target);
    target->addWidget(browse);
    layout->addLayout(target);
    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_merge = buttons->addButton(tr("M&erge"), QDialogButtonBox::AcceptRole);
    layout->addWidget(buttons);
    connect(add, &QPushButton::clicked, this, &MergeDialog::askForSources);
    connect(browse, &QPushButton::clicked, this, &MergeDialog::askForTarget);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        qDeleteAll(m_sources->selectedItems());
        check();
    });
    connect(m_sources, &QListWidget::itemSelectionChanged, this, &MergeDialog::check);
    connect(m_target, &QLineEdit::textChanged, this, &MergeDialog::check);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    m_sources->setSelectionMode(QAbstractItemView::ExtendedSelection);
    if (!first.empty())
        addSource(first);
    check();
}

std::vector<fs::path> MergeDialog::sources() const
{
    std::vector<fs::path> projects;
    for (int i = 0; i < m_sources->count(); ++i)
        projects.push_back(toPath(m_sources->item(i)->text()));
    return projects;
}

fs::path MergeDialog::target() const
{
    return toPath(m_target->text());
}

void MergeDialog::addSource(const fs::path& project)
{
    if (!m_sources->findItems(toText(project), Qt::MatchExactly).isEmpty())
        return;
    m_sources->addItem(toText(project));
    if (m_target->text().isEmpty())
        setTarget(project.parent_path() / "merged.cellproof");
    check();
}

void MergeDialog::setTarget(const fs::path& target)
{
    m_target->setText(toText(target));
}

void MergeDialog::askForSources()
{
    auto* const dialog = new QFileDialog(this, tr("Projects to be merged"), QFileInfo(m_target->text()).absolutePath(), tr("Cellproof projects (*.cellproof)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& files) {
        for (const QString& file : files)
            addSource(toPath(file));
    });
    dialog->open();
}

void MergeDialog::askForTarget()
{
    auto* const dialog = new QFileDialog(this, tr("Merged project"), QFileInfo(m_target->text()).absolutePath(), tr("Cellproof projects (*.cellproof)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setDefaultSuffix(QStringLiteral("cellproof"));
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // nothing is overwritten, see check()
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) { m_target->setText(file); });
    dialog->open();
}

void MergeDialog::check()
{
    m_remove->setEnabled(!m_sources->selectedItems().isEmpty());
    QString missing;
    if (m_sources->count() < 2)
        missing = tr("Add at least two projects.");
    else if (m_target->text().trimmed().isEmpty())
        missing = tr("Name the merged project.");
    else if (QFileInfo::exists(m_target->text()))
        missing = tr("There is already a file of that name; choose another name for the merged project.");
    m_merge->setEnabled(missing.isEmpty());
    m_merge->setToolTip(missing);
}

} // namespace cellproof::ui
