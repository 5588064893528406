// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/ShareDialog.h"

#include "core/base/File.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include <cmath>

namespace cellproof::ui {

ShareDialog::ShareDialog(const std::filesystem::path& folder, int fields, QWidget* parent)
    : QDialog(parent), m_fields(fields), m_people(new QLineEdit(this)), m_common(new QSpinBox(this)),
      m_folder(new QLineEdit(QString::fromStdString(base::toUtf8(folder)), this)), m_outcome(new QLabel(this))
{
    setWindowTitle(tr("Divide among people"));
    resize(560, 240);
    auto* const layout = new QFormLayout(this);
    auto* const explanation = new QLabel(
        tr("Everybody gets a project with a share of the fields, with all masks and labels that are there. Fields that everybody gets tell how well the "
           "people agree. Merge the projects again when the work is done."),
        this);
    explanation->setWordWrap(true);
    layout->addRow(explanation);
    m_people->setPlaceholderText(tr("anna, ben, …"));
    layout->addRow(tr("&People:"), m_people);
    m_common->setRange(0, 100);
    m_common->setValue(10);
    m_common->setSuffix(tr(" % of the fields"));
    layout->addRow(tr("For &everybody:"), m_common);
    auto* const browse = new QPushButton(tr("&Choose …"), this);
    auto* const place = new QHBoxLayout;
    place->addWidget(m_folder);
    place->addWidget(browse);
    auto* const placeLabel = new QLabel(tr("&Folder:"), this);
    placeLabel->setBuddy(m_folder);
    layout->addRow(placeLabel, place);
    m_outcome->setWordWrap(true);
    layout->addRow(m_outcome);
    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_share = buttons->addButton(tr("&Divide"), QDialogButtonBox::AcceptRole);
    layout->addRow(buttons);
    connect(browse, &QPushButton::clicked, this, &ShareDialog::askForFolder);
    connect(m_people, &QLineEdit::textChanged, this, &ShareDialog::check);
    connect(m_folder, &QLineEdit::textChanged, this, &ShareDialog::check);
    connect(m_common, &QSpinBox::valueChanged, this, &ShareDialog::check);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    check();
}

pipeline::ShareOptions ShareDialog::options() const
{
    pipeline::ShareOptions options;
    for (const QString& person : m_people->text().split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (const QString name = person.trimmed(); !name.isEmpty())
            options.people.push_back(name.toStdString());
    }
    options.common = m_common->value() / 100.0;
    return options;
}

std::filesystem::path ShareDialog::folder() const
{
    return m_folder->text().toStdString();
}

void ShareDialog::askForFolder()
{
    auto* const dialog = new QFileDialog(this, tr("Folder for the shares"), m_folder->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
    dialog->open();
}

void ShareDialog::check()
{
    const auto people = static_cast<int>(options().people.size());
    const bool possible = people >= 2 && !m_folder->text().trimmed().isEmpty();
    m_share->setEnabled(possible);
    if (people < 2) {
        m_outcome->setText(tr("Name at least two people, with commas between them."));
        return;
    }
    const int common = static_cast<int>(std::lround(m_fields * m_common->value() / 100.0));
    m_outcome->setText(tr("Fields for everybody: %1. Besides, about %2 fields for each of %3 people.")
                           .arg(common)
                           .arg(double(m_fields - common) / people, 0, 'f', 0)
                           .arg(people));
}

} // namespace cellproof::ui
