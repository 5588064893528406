// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of the batch, remembered when the project is closed; failures; the order of the fields.
#include "core/base/Threads.h"
#include "core/pipeline/Simulate.h"
#include "tests/gui/SessionFixture.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;
namespace fs = std::filesystem;

namespace {

const int kFields = base::coreCount() + 5; // more than begin at once
constexpr int kPatience = 60000;           ///< milliseconds

} // namespace

class TestSessionBatch : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_projects = 0;
    fs::path m_images;
    fs::path m_project;

    static int segmentedIn(const fs::path& path)
    {
        const store::Project project = store::Project::open(path);
        return static_cast<int>(std::ranges::count(project.fields(), store::FieldState::Segmented, &store::FieldRecord::state));
    }

    static void waitForEnd(Session& session) { QTRY_VERIFY_WITH_TIMEOUT(!session.batch().running, kPatience); }

private Q_SLOTS:
    void initTestCase()
    {
        prepareSession();
        m_images = fs::path(m_folder.path().toStdString());
        simulate::SimulationOptions options;
        options.size = {256, 256};
        options.mitotic = 0.0;
        pipeline::writeSimulation(m_images, options, kFields);
    }

    void init()
    {
        m_project = m_images / (std::to_string(++m_projects) + ".cellproof");
        store::Project project = store::Project::create(m_project, {});
        project.addFields(image::scanFolder(m_images).fields);
        QCOMPARE(project.fields().size(), std::size_t(kFields));
    }

    void pausedBatchStaysPaused()
    {
        int before = 0;
        {
            Session session;
            session.openProject(m_project);
            QVERIFY(session.batch().running);
            session.pauseSegmentation();
            QVERIFY(session.batch().paused);
            waitForEnd(session); // what has begun is finished
            before = session.batch().done;
            QVERIFY(before >= 1 && before < kFields);
            QCOMPARE(static_cast<int>(session.waitingFields().size()), kFields - before);
            QTest::qWait(100);
            QCOMPARE(session.batch().done, before);
        }
        QCOMPARE(segmentedIn(m_project), before);
        {
            Session session;
            session.openProject(m_project);
            QTest::qWait(100);
            QVERIFY(session.batch().paused && !session.batch().running);
            QCOMPARE(segmentedIn(m_project), before);
            session.resumeSegmentation();
            waitForEnd(session);
            QVERIFY(!session.batch().paused);
        }
        QCOMPARE(segmentedIn(m_project), kFields);
    }

    void stoppedBatchStaysStopped()
    {
        {
            Session session;
            session.openProject(m_project);
            session.cancelSegmentation();
            waitForEnd(session);
        }
        Session session;
        QSignalSpy told(&session, &Session::told);
        session.openProject(m_project);
        QVERIFY(!session.batch().running && !session.batch().paused);
        QVERIFY(session.waitingFields().empty());
        QCOMPARE(told.size(), 1); // it says so
        session.segmentAll();
        waitForEnd(session);
        QCOMPARE(segmentedIn(m_project), kFields);
    }

    void interruptedBatchGoesOn()
    {
        {
            Session session;
            session.openProject(m_project);
            QTRY_VERIFY_WITH_TIMEOUT(session.batch().done >= 1, kPatience);
        }
        Session session;
        session.openProject(m_project);
        QVERIFY(session.batch().total < kFields);
        waitForEnd(session);
        QCOMPARE(segmentedIn(m_project), kFields);
        for (int i = 0; i < kFields; ++i)
            QCOMPARE(session.project().editCount(static_cast<std::size_t>(i)), std::size_t(1));
    }

    void fieldsNextToTheOneInViewComeFirst()
    {
        Session session;
        session.openProject(m_project);
        session.cancelSegmentation();
        waitForEnd(session);
        session.showField(3);
        session.segmentAll();
        session.pauseSegmentation();
        const std::vector<int> order = session.waitingFields();
        for (std::size_t i = 1; i < order.size(); ++i)
            QVERIFY(std::abs(order[i] - 3) >= std::abs(order[i - 1] - 3));
        QVERIFY(std::ranges::find(order, 3) == order.end()); // it has begun
        session.cancelSegmentation();
        waitForEnd(session);
    }

    void failedFieldIsTriedAgainOnRequest()
    {
        const fs::path blue = store::Project::open(m_project).fields()[2].files.channels[image::indexOf(image::Channel::Blue)]->path;
        const fs::path aside = m_images / "aside";
        fs::rename(blue, aside);
        {
            Session session;
            session.openProject(m_project);
            waitForEnd(session);
            QCOMPARE(session.batch().failed, 1);
            QCOMPARE(session.batch().done, kFields); // the others went on
            QCOMPARE(session.failedFields(), std::vector<int>{2});
            QVERIFY(!session.field(2).failure.empty());
        }
        Session session;
        session.openProject(m_project);
        QVERIFY(!session.batch().running); // not by itself
        QCOMPARE(session.failedFields(), std::vector<int>{2});
        fs::rename(aside, blue);
        session.retryFields(session.failedFields());
        QVERIFY(session.batch().running);
        waitForEnd(session);
        QCOMPARE(session.failedFields(), std::vector<int>());
        QCOMPARE(session.field(2).state, store::FieldState::Segmented);
    }

    void fieldTakenOutStaysOut()
    {
        {
            Session session;
            session.openProject(m_project);
            session.cancelFields({0, kFields - 1}); // one has begun, one waits
            waitForEnd(session);
            QCOMPARE(session.batch().done, kFields - 2);
        }
        Session session;
        session.openProject(m_project);
        QVERIFY(!session.batch().running);
        QCOMPARE(segmentedIn(m_project), kFields - 2);
        session.segmentAll();
        waitForEnd(session);
        QCOMPARE(segmentedIn(m_project), kFields);
    }

    void longStepsAreListed()
    {
        Session session;
        session.openProject(m_project);
        waitForEnd(session);
        QSignalSpy written(&session, &Session::submissionWritten);
        session.exportSubmission(m_images / "out.csv");
        QCOMPARE(session.jobs().running().size(), std::size_t(1));
        QVERIFY(written.wait(kPatience));
        QVERIFY(session.jobs().running().empty());
        QCOMPARE(session.jobs().ended().front().end, jobs::JobEnd::Done);

        QSignalSpy failed(&session, &Session::failed);
        std::ofstream(m_images / "no folder").put('x');
        session.exportSubmission(m_images / "no folder" / "out.csv");
        QVERIFY(failed.wait(kPatience));
        QCOMPARE(session.jobs().ended().front().end, jobs::JobEnd::Failed);
        QVERIFY(!session.jobs().ended().front().error.isEmpty());
        fs::remove(m_images / "no folder");
        session.jobs().retry(session.jobs().ended().front().number);
        QVERIFY(written.wait(kPatience));
        QVERIFY(fs::exists(m_images / "no folder" / "out.csv"));
    }
};

QTEST_MAIN(TestSessionBatch)
#include "tst_SessionBatch.moc"
