// SPDX-License-Identifier: GPL-3.0-or-later
// Dialogs about several people's projects, and the one that waits.
#include "core/base/File.h"
#include "ui/dialogs/AgreementDialog.h"
#include "ui/dialogs/MergeDialog.h"
#include "ui/dialogs/ShareDialog.h"
#include "ui/dialogs/WaitDialog.h"

#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QtTest/QtTest>

#include <filesystem>
#include <string_view>

using namespace cellproof;
using namespace cellproof::ui;
namespace fs = std::filesystem;

namespace {

QPushButton* button(const QWidget& dialog, const QString& text)
{
    for (QPushButton* const found : dialog.findChildren<QPushButton*>()) {
        if (found->text().remove(QLatin1Char('&')) == text)
            return found;
    }
    return nullptr;
}

} // namespace

class TestDialogs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mergingNeedsTwoProjectsAndANewName()
    {
        QTemporaryDir folder;
        const fs::path place = folder.path().toStdString();
        MergeDialog dialog(place / "a.cellproof");
        const QPushButton* const merge = button(dialog, QStringLiteral("Merge"));
        QVERIFY(!merge->isEnabled());
        dialog.addSource(place / "a.cellproof"); // is there already
        QCOMPARE(dialog.sources().size(), std::size_t(1));
        dialog.addSource(place / "b.cellproof");
        QVERIFY(merge->isEnabled());
        QCOMPARE(dialog.target(), place / "merged.cellproof");
        base::writeFile(place / "there.cellproof", std::string_view("x"));
        dialog.setTarget(place / "there.cellproof");
        QVERIFY(!merge->isEnabled());
        QVERIFY(!merge->toolTip().isEmpty());
    }

    void dividingNeedsTwoPeople()
    {
        ShareDialog dialog("/shares", 100);
        const QPushButton* const divide = button(dialog, QStringLiteral("Divide"));
        QVERIFY(!divide->isEnabled());
        auto* const people = dialog.findChildren<QLineEdit*>().front();
        people->setText(QStringLiteral("anna, "));
        QVERIFY(!divide->isEnabled());
        people->setText(QStringLiteral("anna, ben"));
        QVERIFY(divide->isEnabled());
        QCOMPARE(dialog.options().people, (std::vector<std::string>{"anna", "ben"}));
        QCOMPARE(dialog.options().common, 0.1);
        QCOMPARE(dialog.folder(), fs::path("/shares"));
    }

    /// 40 cells both gave, 10 one only, 10 the other only, 40 neither: 80 % alike, kappa 0.6.
    void agreementIsATable()
    {
        pipeline::MergeReport report;
        report.scheme = annotation::LabelScheme::builtIn("hpa2021");
        report.compared = 100;
        report.agreement.resize(static_cast<std::size_t>(report.scheme.classCount()));
        metrics::Agreement& first = report.agreement.front();
        first.both = 40;
        first.onlyFirst = 10;
        first.onlySecond = 10;
        first.neither = 40;
        AgreementDialog dialog(report, "merged.cellproof");
        const auto* const table = dialog.findChild<QTableWidget*>();
        QCOMPARE(table->rowCount(), 2); // the class, and all of them
        const auto text = [table](int column) { return table->item(0, column)->text(); };
        QCOMPARE(text(0), QString::fromStdString(report.scheme.at(0).name));
        QCOMPARE(text(1), QStringLiteral("40"));
        QCOMPARE(text(2), QStringLiteral("10"));
        QCOMPARE(text(3), QStringLiteral("10"));
        QVERIFY2(text(4).startsWith(QStringLiteral("80.0")), qPrintable(text(4)));
        QVERIFY2(text(5).startsWith(QStringLiteral("0.60")), qPrintable(text(5)));
        QSignalSpy asked(&dialog, &AgreementDialog::openAsked);
        button(dialog, QStringLiteral("Open the merged project"))->click();
        QCOMPARE(asked.size(), 1);
    }

    void withoutComparisonsThereIsNoTable()
    {
        const AgreementDialog dialog({}, "merged.cellproof");
        QVERIFY(!dialog.findChild<QTableWidget*>());
    }

    void waitingEndsWhenTheStepDoes()
    {
        WaitDialog fixed(QStringLiteral("step"), false);
        fixed.show();
        QTest::keyClick(&fixed, Qt::Key_Escape);
        QVERIFY(fixed.isVisible());
        fixed.close();
        QVERIFY(fixed.isVisible());

        WaitDialog dialog(QStringLiteral("step"), true);
        QSignalSpy asked(&dialog, &WaitDialog::cancelAsked);
        dialog.show();
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QCOMPARE(asked.size(), 1);
        QVERIFY(dialog.isVisible());
    }
};

QTEST_MAIN(TestDialogs)
#include "tst_Dialogs.moc"
