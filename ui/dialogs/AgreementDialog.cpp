// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/AgreementDialog.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "ui/charts/AgreementChart.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSplitter>
#include <QTableWidget>
#include <QVBoxLayout>

#include <array>
#include <utility>

namespace cellproof::ui {

namespace {

constexpr std::size_t kMostSentences = 6;

QString number(std::size_t count)
{
    return QLocale().toString(static_cast<qulonglong>(count));
}

QString percent(std::optional<double> share)
{
    return share ? AgreementDialog::tr("%1 %").arg(100.0 * *share, 0, 'f', 1) : QStringLiteral("–");
}

QString kappaText(const metrics::Agreement& agreement)
{
    const auto kappa = metrics::cohensKappa(agreement);
    return kappa ? QStringLiteral("%1 (%2 – %3)").arg(kappa->value, 0, 'f', 2).arg(kappa->low, 0, 'f', 2).arg(kappa->high, 0, 'f', 2) : QStringLiteral("–");
}

QString summaryOf(const pipeline::MergeReport& report)
{
    QString text = AgreementDialog::tr("Fields: %1. In %2 of them one person worked, in %3 several did.")
                       .arg(number(report.fields), number(report.fromOne), number(report.fromSeveral));
    if (report.fromSeveral > 0)
        text += QLatin1Char('\n') + AgreementDialog::tr("Cells in those: %1 that several projects have, %2 that one has.")
                                        .arg(number(report.cellsOfSeveral), number(report.cellsOfOne));
    text += QLatin1Char('\n') + (report.questions == 0
                                     ? AgreementDialog::tr("Nothing is left to decide.")
                                     : AgreementDialog::tr("Cells with a question, to be decided in the merged project: %1.").arg(number(report.questions)));
    for (std::size_t i = 0; i < report.notices.size() && i < kMostSentences; ++i)
        text += QLatin1Char('\n') + QString::fromStdString(report.notices[i]);
    if (!report.left.empty())
        text += QLatin1Char('\n') + AgreementDialog::tr("Fields that could not be merged: %1.").arg(number(report.left.size()));
    for (std::size_t i = 0; i < report.left.size() && i < kMostSentences; ++i)
        text += QStringLiteral("\n  ") + QString::fromStdString(report.left[i].first) + QStringLiteral(": ") + QString::fromStdString(report.left[i].second);
    return text;
}

QTableWidget* makeTable(const pipeline::MergeReport& report, QWidget* parent)
{
    const QStringList columns = {AgreementDialog::tr("Class"),           AgreementDialog::tr("Both"),        AgreementDialog::tr("Only the first"),
                                 AgreementDialog::tr("Only the second"), AgreementDialog::tr("Same answer"), AgreementDialog::tr("Kappa")};
    auto* const table = new QTableWidget(parent);
    table->setAccessibleName(AgreementDialog::tr("Agreement per class"));
    table->setColumnCount(static_cast<int>(columns.size()));
    table->setHorizontalHeaderLabels(columns);
    table->verticalHeader()->hide();
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    const auto addRow = [table](const QString& name, const metrics::Agreement& agreement, bool bold) {
        const int row = table->rowCount();
        table->insertRow(row);
        const std::array<QString, 6> texts = {
            name, number(agreement.both), number(agreement.onlyFirst), number(agreement.onlySecond), percent(agreement.observed()), kappaText(agreement)};
        for (int column = 0; column < static_cast<int>(texts.size()); ++column) {
            auto* const item = new QTableWidgetItem(texts[static_cast<std::size_t>(column)]);
            if (column > 0)
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            if (bold) {
                QFont font = item->font();
                font.setBold(true);
                item->setFont(font);
            }
            table->setItem(row, column, item);
        }
    };
    for (const annotation::LabelClass& c : report.scheme.classes()) {
        const metrics::Agreement& agreement = report.agreement.at(static_cast<std::size_t>(c.id));
        if (agreement.both + agreement.onlyFirst + agreement.onlySecond > 0)
            addRow(QString::fromStdString(c.name), agreement, false);
    }
    addRow(AgreementDialog::tr("All classes"), report.overall(), true);
    table->resizeColumnsToContents();
    return table;
}

} // namespace

AgreementDialog::AgreementDialog(pipeline::MergeReport report, const std::filesystem::path& merged, QWidget* parent)
    : QDialog(parent), m_report(std::move(report))
{
    setWindowTitle(tr("Merged: %1").arg(QString::fromStdString(base::toUtf8(merged.filename()))));
    resize(1080, 600);
    auto* const layout = new QVBoxLayout(this);
    auto* const summary = new QLabel(summaryOf(m_report), this);
    summary->setWordWrap(true);
    summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(summary);
    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    if (m_report.compared > 0) {
        auto* const splitter = new QSplitter(Qt::Horizontal, this);
        splitter->addWidget(makeTable(m_report, splitter));
        auto* const chart = new AgreementChart(splitter);
        chart->show(m_report.scheme, m_report.agreement);
        splitter->addWidget(chart);
        splitter->setSizes({640, 420});
        layout->addWidget(splitter, 1);
        auto* const explanation =
            new QLabel(tr("Counted over %1 comparisons of two people's accepted cells. \"First\" and \"second\" follow the order of the "
                          "projects. Kappa: 1 full agreement, 0 no better than chance; the interval holds the truth in 95 of 100 cases. Classes that nobody "
                          "gave are not listed.")
                           .arg(number(m_report.compared)),
                       this);
        explanation->setWordWrap(true);
        layout->addWidget(explanation);
        const QPushButton* const save = buttons->addButton(tr("&Save the table …"), QDialogButtonBox::ActionRole);
        connect(save, &QPushButton::clicked, this, &AgreementDialog::askWhereToSave);
    } else {
        auto* const explanation = new QLabel(tr("No cell was accepted by two people, so there is no agreement to measure."), this);
        explanation->setWordWrap(true);
        layout->addWidget(explanation);
        layout->addStretch();
    }
    QPushButton* const open = buttons->addButton(tr("&Open the merged project"), QDialogButtonBox::AcceptRole);
    open->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT openAsked();
        accept();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
}

void AgreementDialog::askWhereToSave()
{
    auto* const dialog = new QFileDialog(this, tr("Save the table"), QStringLiteral("agreement.csv"), tr("Tables (*.csv)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& name) {
        try {
            base::writeFile(name.toStdString(), pipeline::agreementTable(m_report));
        } catch (const base::Error& error) {
            auto* const box = new QMessageBox(QMessageBox::Warning, windowTitle(), QString::fromStdString(error.what()), QMessageBox::Ok, this);
            box->setAttribute(Qt::WA_DeleteOnClose);
            box->open();
        }
    });
    dialog->open();
}

} // namespace cellproof::ui
