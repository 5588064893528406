// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Threads.h"
#include "tests/gui/SessionFixture.h"
#include "ui/models/JobListModel.h"
#include "ui/panels/BatchBar.h"
#include "ui/panels/JobPanel.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QPushButton>
#include <QTableView>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;

namespace {

constexpr int kMany = 10000;

QPushButton* button(const QWidget& panel, const QString& text)
{
    for (QPushButton* const found : panel.findChildren<QPushButton*>()) {
        if (found->text().remove(QLatin1Char('&')) == text)
            return found;
    }
    return nullptr;
}

std::vector<std::string> ids(int count)
{
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i)
        all.push_back("f" + std::to_string(i));
    return all;
}

} // namespace

class TestJobPanel : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;

    static QString text(const QTableView& table, int row, JobListModel::Column column) { return table.model()->index(row, column).data().toString(); }

private Q_SLOTS:
    void initTestCase() { prepareSession(); }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void emptyList()
    {
        Session session;
        JobPanel panel(&session);
        panel.resize(700, 200);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        QCOMPARE(panel.findChild<QTableView*>()->model()->rowCount(), 0);
        for (const QPushButton* const each : panel.findChildren<QPushButton*>())
            QVERIFY(!each->isEnabled());
    }

    /// The images do not exist: all fail.
    void failuresAreListedShownAndTriedAgain()
    {
        Session session;
        openProject(session, *m_folder, ids(5));
        JobPanel panel(&session);
        panel.resize(700, 200);
        panel.show();
        QVERIFY(QTest::qWaitForWindowActive(&panel));
        session.segmentAll();
        QTRY_VERIFY(!session.batch().running);
        auto* const table = panel.findChild<QTableView*>();
        QTRY_VERIFY(table->model()->rowCount() >= 5);
        for (int row = 0; row < 5; ++row) {
            QVERIFY(text(*table, row, JobListModel::StateColumn).contains(QStringLiteral("failed")));
            QCOMPARE(text(*table, row, JobListModel::DetailColumn).toStdString(), session.field(row).failure);
        }
        // Return shows the field.
        panel.focusList();
        QTest::keyClick(table, Qt::Key_Down);
        QTest::keyClick(table, Qt::Key_Down);
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(session.currentField(), 2);
        // One, then all.
        QPushButton* const one = button(panel, QStringLiteral("Retry"));
        QVERIFY(one->isEnabled());
        one->click();
        QTRY_VERIFY(!session.batch().running);
        QCOMPARE(session.batch().total, 1);
        QTRY_VERIFY(button(panel, QStringLiteral("Retry all failed"))->isEnabled());
        button(panel, QStringLiteral("Retry all failed"))->click();
        QCOMPARE(session.batch().total, 5);
        QTRY_VERIFY(!session.batch().running);
    }

    void waitingFieldsArePausedAndCancelled()
    {
        Session session;
        const int fields = base::coreCount() + 4; // more than begin at once
        openProject(session, *m_folder, ids(fields));
        JobPanel panel(&session);
        panel.resize(700, 200);
        panel.show();
        QVERIFY(QTest::qWaitForWindowActive(&panel));
        session.segmentAll();
        session.pauseSegmentation();
        QTRY_VERIFY(!session.batch().running);
        const auto waiting = [&] { return static_cast<int>(session.waitingFields().size()); };
        const int before = waiting();
        QVERIFY(before > 0);
        auto* const table = panel.findChild<QTableView*>();
        QTRY_VERIFY(table->model()->rowCount() >= before);
        QCOMPARE(text(*table, table->model()->rowCount() - 1, JobListModel::StateColumn), QStringLiteral("paused"));
        panel.focusList();
        table->selectRow(table->model()->rowCount() - 1);
        QTest::keyClick(table, Qt::Key_Delete);
        QCOMPARE(waiting(), before - 1);
        QPushButton* const goOn = button(panel, QStringLiteral("Go on"));
        QVERIFY(goOn && goOn->isEnabled());
        goOn->click();
        QTRY_VERIFY(!session.batch().running);
        QCOMPARE(waiting(), 0);
        QCOMPARE(session.batch().done, fields - 1);
    }

    /// What others do does not change what is selected.
    void selectionStays()
    {
        Session session;
        const int fields = base::coreCount() + 4;
        openProject(session, *m_folder, ids(fields));
        JobPanel panel(&session);
        panel.resize(700, 200);
        panel.show();
        QVERIFY(QTest::qWaitForWindowActive(&panel));
        const JobNumber other = session.jobs().begin(QStringLiteral("other"));
        session.segmentAll();
        session.pauseSegmentation();
        QTRY_VERIFY(!session.batch().running);
        auto* const table = panel.findChild<QTableView*>();
        QTRY_VERIFY(table->model()->rowCount() >= fields);
        QPushButton* const cancel = button(panel, QStringLiteral("Cancel"));
        QVERIFY(!cancel->isEnabled()); // without a selection
        QVERIFY(button(panel, QStringLiteral("Stop segmenting"))->isEnabled());
        panel.focusList();
        table->selectRow(table->model()->rowCount() - 1);
        QVERIFY(cancel->isEnabled());
        const QString title = text(*table, table->model()->rowCount() - 1, JobListModel::TitleColumn);
        session.jobs().end(other, jobs::JobEnd::Done);
        session.cancelFields({session.waitingFields().front()});
        QTRY_COMPARE(text(*table, 0, JobListModel::StateColumn).contains(QStringLiteral("running")), false);
        QTest::qWait(300);
        QCOMPARE(table->selectionModel()->selectedRows().size(), 1);
        QCOMPARE(text(*table, table->selectionModel()->selectedRows().front().row(), JobListModel::TitleColumn), title);
        QCOMPARE(table->currentIndex().row(), table->selectionModel()->selectedRows().front().row());
        session.cancelSegmentation();
    }

    void manyWaitingFields()
    {
        Session session;
        openProject(session, *m_folder, ids(kMany));
        JobListModel model(&session);
        JobPanel panel(&session);
        panel.resize(700, 200);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        session.segmentAll();
        session.pauseSegmentation();
        QTRY_VERIFY(!session.batch().running);
        QTRY_VERIFY(panel.findChild<QTableView*>()->model()->rowCount() >= kMany);
        QElapsedTimer timer;
        timer.start();
        model.refresh();
        const double first = double(timer.nsecsElapsed()) / 1e6;
        session.cancelFields({session.waitingFields().front()});
        timer.restart();
        model.refresh();
        const double next = double(timer.nsecsElapsed()) / 1e6;
        QTest::qWait(200);
        timer.restart();
        panel.findChild<QTableView*>()->scrollToBottom();
        panel.repaint();
        qInfo("%d waiting fields: first list %.1f ms, after a change %.1f ms, to the end and painted %.1f ms", model.rowCount(), first, next,
              double(timer.nsecsElapsed()) / 1e6);
        QVERIFY(next < 30.0);
        session.cancelSegmentation();
    }

    void barTellsOfAPause()
    {
        BatchBar bar;
        BatchProgress batch;
        batch.total = 10;
        batch.done = 3;
        batch.secondsLeft = 12.0;
        batch.running = true;
        bar.show(batch);
        QVERIFY(bar.findChild<QLabel*>()->text().contains(QStringLiteral("3 of 10")));
        QVERIFY(bar.findChild<QLabel*>()->text().contains(QStringLiteral("12 s left")));
        batch.paused = true;
        batch.running = false;
        bar.show(batch);
        QVERIFY(!bar.isHidden());
        QVERIFY(bar.findChild<QLabel*>()->text().startsWith(QStringLiteral("Paused")));
        QVERIFY(!bar.findChild<QLabel*>()->text().contains(QStringLiteral("left")));
        batch.paused = false;
        bar.show(batch);
        QVERIFY(bar.isHidden());
    }
};

QTEST_MAIN(TestJobPanel)
#include "tst_JobPanel.moc"
