// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/LabelEdits.h"
#include "tests/core/annotation/Fields.h"
#include "tests/gui/SessionFixture.h"
#include "ui/panels/HistoryModel.h"
#include "ui/panels/HistoryPanel.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QListView>
#include <QScrollBar>

using namespace cellproof;
using namespace cellproof::testing;
using namespace cellproof::ui;

class TestHistoryPanel : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<HistoryPanel> m_panel;
    QListView* m_list = nullptr;

    [[nodiscard]] QAbstractItemModel& model() const { return *m_list->model(); }
    [[nodiscard]] QString text(int row) const { return model().index(row, 0).data().toString(); }
    [[nodiscard]] bool isUndone(int row) const { return model().index(row, 0).data(HistoryModel::UndoneRole).toBool(); }
    [[nodiscard]] int presentRow() const
    {
        for (int row = 0; row < model().rowCount(); ++row) {
            if (model().index(row, 0).data(HistoryModel::PresentRole).toBool())
                return row;
        }
        return -1;
    }
    void note(const std::string& what) { m_session->apply(annotation::setNote(m_session->annotation(), 1, what)); }
    [[nodiscard]] std::string noted() const
    {
        const annotation::Cell* const cell = m_session->annotation().cell(1);
        return cell ? cell->note : std::string("no cell");
    }
    void click(int row)
    {
        m_list->scrollTo(model().index(row, 0));
        QTest::mouseClick(m_list->viewport(), Qt::LeftButton, {}, m_list->visualRect(model().index(row, 0)).center());
    }

private Q_SLOTS:
    void initTestCase() { prepareSession(); }

    /// Field 0 has a segmentation and the notes "one", "two", "three"; field 1 nothing.
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_session = std::make_unique<Session>();
        m_panel = std::make_unique<HistoryPanel>(m_session.get());
        m_panel->resize(300, 400);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
        m_list = m_panel->findChild<QListView*>();
        QCOMPARE(model().rowCount(), 0);
        openProject(*m_session, *m_folder, {"a", "b"});
        m_session->project().setFieldContent(0, {{20, 10}, 0.08, {}, {}});
        auto [cells, nuclei] = threeCells();
        m_session->apply(annotation::replaceSegmentation(m_session->project().annotation(0), std::move(cells), std::move(nuclei), testing::model()));
        for (const char* const what : {"one", "two", "three"})
            note(what);
        QCOMPARE(noted(), std::string("three"));
    }

    void cleanup()
    {
        m_panel.reset();
        m_session.reset();
    }

    void listsEditsWithTheirTime()
    {
        QCOMPARE(model().rowCount(), 5);
        QCOMPARE(presentRow(), 4);
        const std::vector<std::string> texts = m_session->project().historyTexts(0);
        for (int row = 1; row < 5; ++row) {
            QCOMPARE(text(row).toStdString(), texts[static_cast<std::size_t>(row - 1)]);
            QVERIFY(!text(row).isEmpty());
            const QDateTime time = model().index(row, 0).data(HistoryModel::TimeRole).toDateTime();
            QVERIFY(std::abs(time.secsTo(QDateTime::currentDateTime())) < 60);
        }
        QVERIFY(!model().index(0, 0).data(HistoryModel::TimeRole).toDateTime().isValid());
    }

    void followsUndoAndRedo()
    {
        m_session->undo();
        m_session->undo();
        QCOMPARE(presentRow(), 2);
        QVERIFY(!isUndone(2) && isUndone(3) && isUndone(4));
        QVERIFY(model().index(4, 0).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("undone")));
        QCOMPARE(m_list->currentIndex().row(), 2);
        m_session->redo();
        QCOMPARE(presentRow(), 3);
        m_session->apply(annotation::setReview(m_session->annotation(), m_session->project().scheme(), {1}, annotation::ReviewState::Unsure, person()));
        QCOMPARE(model().rowCount(), 5); // in the place of the undone one
        QCOMPARE(presentRow(), 4);
        QCOMPARE(text(4).toStdString(), m_session->project().historyTexts(0).back());
        QVERIFY(text(4) != text(3));
        m_session->undo();
        m_session->undo();
        note("other");
        QCOMPARE(model().rowCount(), 4);
    }

    void aClickGoesThere()
    {
        QSignalSpy changed(m_session.get(), &Session::annotationChanged);
        click(2);
        QCOMPARE(noted(), std::string("one"));
        QCOMPARE(changed.size(), 1); // in one go
        QCOMPARE(presentRow(), 2);
        click(4);
        QCOMPARE(noted(), std::string("three"));
        click(0);
        QVERIFY(m_session->annotation().cells().empty());
        QCOMPARE(m_session->project().appliedEdits(0), std::size_t(0));
        click(3);
        QCOMPARE(noted(), std::string("two"));
        QCOMPARE(model().rowCount(), 5);
    }

    void keysGoThere()
    {
        m_list->setFocus();
        QTest::keyClick(m_list, Qt::Key_Up);
        QTest::keyClick(m_list, Qt::Key_Up);
        QCOMPARE(noted(), std::string("three")); // not yet
        QTest::keyClick(m_list, Qt::Key_Return);
        QCOMPARE(noted(), std::string("one"));
        QTest::keyClick(m_list, Qt::Key_End);
        QTest::keyClick(m_list, Qt::Key_Space);
        QCOMPARE(noted(), std::string("three"));
        QTest::keyClick(m_list, Qt::Key_Home);
        QTest::keyClick(m_list, Qt::Key_Enter);
        QVERIFY(m_session->annotation().cells().empty());
    }

    void eachFieldHasItsOwn()
    {
        m_session->showField(1);
        QCOMPARE(model().rowCount(), 1);
        QCOMPARE(presentRow(), 0);
        m_session->showField(0);
        QCOMPARE(model().rowCount(), 5);
        QTemporaryDir other;
        openProject(*m_session, other, {"a"});
        QCOMPARE(model().rowCount(), 1);
    }

    void whatIsTypedIsKeptBeforeGoing()
    {
        // Somebody who holds typed text hands it over when asked: that makes the undone edits go.
        m_session->undo();
        connect(
            m_session.get(), &Session::commitAsked, this, [this] { note("typed"); }, Qt::SingleShotConnection);
        click(4);
        QCOMPARE(m_session->project().editCount(0), std::size_t(4));
        QCOMPARE(noted(), std::string("typed"));
        m_session->goToHistory(99);
        m_session->goToHistory(-1);
        QCOMPARE(noted(), std::string("typed"));
    }

    void aLongJumpIsOneStep()
    {
        constexpr int kEdits = 300;
        for (int i = 0; i < kEdits; ++i)
            note("note " + std::to_string(i));
        QElapsedTimer timer;
        timer.start();
        click(1);
        const qint64 back = timer.restart();
        QCOMPARE(noted(), std::string());
        click(kEdits + 4);
        const qint64 forth = timer.elapsed();
        QCOMPARE(noted(), "note " + std::to_string(kEdits - 1));
        qInfo("%d edits back in %lld ms, forth in %lld ms", kEdits + 3, static_cast<long long>(back), static_cast<long long>(forth));
        QVERIFY(back < 1000 && forth < 1000);
    }

    void tenThousandEditsWithoutAStandstill()
    {
        constexpr int kEdits = 10000;
        const std::filesystem::path path = m_session->project().path();
        m_session.reset();
        m_panel.reset();
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("many"));
            database.setDatabaseName(QString::fromStdString(path.string()));
            QVERIFY(database.open());
            QSqlQuery query(database);
            // The last edit again and again: it is only listed here.
            QVERIFY(query.exec(QStringLiteral("WITH RECURSIVE n(i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n WHERE i < %1)"
                                              " INSERT INTO edit (field, place, kind, description, time, content)"
                                              " SELECT field, i, kind, description || ' ' || i, time + i, content FROM edit, n WHERE place = 3")
                                   .arg(kEdits - 1)));
            QVERIFY(query.exec(QStringLiteral("UPDATE field SET applied_edits = %1 WHERE number = 1").arg(kEdits)));
        }
        QSqlDatabase::removeDatabase(QStringLiteral("many"));
        m_session = std::make_unique<Session>();
        m_panel = std::make_unique<HistoryPanel>(m_session.get());
        m_panel->resize(300, 400);
        m_panel->show();
        m_list = m_panel->findChild<QListView*>();
        openProject(*m_session, *m_folder, {});
        QCOMPARE(model().rowCount(), kEdits + 1);
        QCOMPARE(presentRow(), kEdits);
        QElapsedTimer timer;
        timer.start();
        note("one more");
        m_list->repaint();
        const auto edit = timer.restart();
        m_session->undo();
        m_list->repaint();
        const auto undone = timer.restart();
        qint64 slowest = 0;
        for (int i = 0; i <= 20; ++i) {
            timer.restart();
            m_list->verticalScrollBar()->setValue(m_list->verticalScrollBar()->maximum() * i / 20);
            m_list->repaint();
            slowest = std::max(slowest, timer.elapsed());
        }
        qInfo("%d edits: one more stored and shown in %lld ms, undone in %lld ms, a place scrolled to in %lld ms at most", kEdits, static_cast<long long>(edit),
              static_cast<long long>(undone), static_cast<long long>(slowest));
        QVERIFY(slowest < 100);
        QVERIFY(edit < 250 && undone < 250);
    }
};

QTEST_MAIN(TestHistoryPanel)
#include "tst_HistoryPanel.moc"
