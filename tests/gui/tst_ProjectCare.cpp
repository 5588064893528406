// SPDX-License-Identifier: GPL-3.0-or-later
// Restore points, backups, the lock and moved images, as the window works with them.
#include "core/annotation/LabelEdits.h"
#include "core/pipeline/Simulate.h"
#include "tests/gui/SessionFixture.h"
#include "ui/session/ProjectCare.h"

#include <memory>
#include <unistd.h>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;
namespace fs = std::filesystem;

namespace {

constexpr int kPatience = 60000; ///< milliseconds

} // namespace

class TestProjectCare : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_images;
    fs::path m_project;

    void open(Session& session) const
    {
        session.openProject(m_project);
        QTRY_VERIFY_WITH_TIMEOUT(!session.batch().running && session.pixels(), kPatience);
    }

    static mask::CellId firstCell(const Session& session) { return session.annotation().cells().begin()->first; }

    static std::string noteOf(const Session& session) { return session.annotation().cells().begin()->second.note; }

    static void write(Session& session, const std::string& note) { session.apply(annotation::setNote(session.annotation(), firstCell(session), note)); }

private Q_SLOTS:
    void initTestCase() { prepareSession(); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_images = fs::path(m_folder->path().toStdString()) / "images";
        simulate::SimulationOptions options;
        options.size = {256, 256};
        options.mitotic = 0.0;
        pipeline::writeSimulation(m_images, options, 2);
        m_project = fs::path(m_folder->path().toStdString()) / "p.cellproof";
        store::Project::create(m_project, {}).addFields(image::scanFolder(m_images).fields);
    }

    void goingBackToARestorePoint()
    {
        Session session;
        ProjectCare care(session);
        open(session);
        QVERIFY(!session.annotation().cells().empty());
        QSignalSpy failed(&care, &ProjectCare::failed);
        QSignalSpy began(&session, &Session::waitBegun);
        QSignalSpy ended(&session, &Session::waitEnded);
        QSignalSpy told(&session, &Session::told);
        write(session, "before");
        care.addRestorePoint(QStringLiteral("here"));
        QCOMPARE(care.restorePoints().size(), std::size_t(1));
        write(session, "after");
        QCOMPARE(care.restorePoints().front().differing, std::size_t(1));
        care.goToRestorePoint(care.restorePoints().front().number);
        QCOMPARE(began.size(), 1);
        // Nothing is changed meanwhile, and that is said.
        write(session, "meanwhile");
        QCOMPARE(told.size(), 1);
        QVERIFY(ended.wait(kPatience));
        QCOMPARE(noteOf(session), std::string("before"));
        QCOMPARE(care.restorePoints().size(), std::size_t(2)); // one leads forth again
        write(session, "again");
        QCOMPARE(noteOf(session), std::string("again"));
        QVERIFY(failed.isEmpty());
    }

    void resultsOfTheBatchWaitForAStepOfOurOwn()
    {
        Session session;
        open(session);
        const std::size_t edits = session.project().editCount(0);
        session.retryFields({}); // nothing to do
        session.segmentCurrentAgain();
        bool cancelled = false;
        session.beginWait(QStringLiteral("step"), [&] { cancelled = true; });
        QTest::qWait(1500);
        QVERIFY(session.batch().running);
        QCOMPARE(session.project().editCount(0), edits);
        session.cancelWait();
        QVERIFY(cancelled);
        session.endWait();
        QTRY_VERIFY_WITH_TIMEOUT(!session.batch().running, kPatience);
        QCOMPARE(session.batch().failed, 0);
        QCOMPARE(session.batch().done, 1);
    }

    void backupIsPutBack()
    {
        Session session;
        ProjectCare care(session);
        QSignalSpy made(&care, &ProjectCare::backupMade);
        QSignalSpy failed(&care, &ProjectCare::failed);
        QSignalSpy closed(&session, &Session::projectClosed);
        QSignalSpy ended(&session, &Session::waitEnded);
        open(session);
        QTRY_VERIFY_WITH_TIMEOUT(!made.isEmpty(), kPatience);
        write(session, "kept");
        const auto before = made.size();
        QTest::qWait(1100); // backups are named by the second
        care.backUp();
        QTRY_VERIFY_WITH_TIMEOUT(made.size() > before, kPatience);
        write(session, "lost");
        care.putBack(store::backups(m_project).front().file);
        QCOMPARE(closed.size(), 1);
        QVERIFY(!session.hasProject());
        session.cancelSegmentation(); // as a key would while nothing is open
        session.undo();
        QVERIFY(ended.wait(kPatience));
        QVERIFY(session.hasProject() && !session.isReadOnly());
        QCOMPARE(noteOf(session), std::string("kept"));
        QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed.front().front().toString()));
    }

    void secondWindowOnlyLooks()
    {
        auto first = std::make_unique<Session>();
        open(*first);
        Session second;
        second.openProject(m_project);
        QVERIFY(second.isReadOnly());
        QVERIFY(!second.readOnlyReason().isEmpty());
        QSignalSpy told(&second, &Session::told);
        write(second, "refused");
        QCOMPARE(told.size(), 1);
        QCOMPARE(noteOf(second), std::string());
        second.importLabels(m_folder->path().toStdString() + "/none.csv");
        second.importMasks(m_images, false);
        second.segmentAll();
        second.segmentCurrentAgain();
        second.pauseSegmentation();
        second.cancelSegmentation();
        QVERIFY(!second.isBusy() && !second.batch().running);
        first.reset();
        open(second);
        QVERIFY(!second.isReadOnly());
        write(second, "taken");
        QCOMPARE(noteOf(second), std::string("taken"));
    }

    void fileThatCannotBeWrittenIsOnlyLookedAt()
    {
        if (::getuid() == 0)
            QSKIP("nothing is forbidden to this user");
        fs::permissions(m_project, fs::perms::owner_read);
        Session session;
        session.openProject(m_project);
        QVERIFY(session.isReadOnly());
        QVERIFY(!session.readOnlyReason().isEmpty());
    }

    void folderWhoseProjectAnotherWindowHasIsLeftAsItIs()
    {
        m_project = m_images / "p.cellproof";
        store::Project::create(m_project, {}).addFields(image::scanFolder(m_images).fields);
        Session first;
        first.openProject(m_project);
        const int fields = first.fieldCount();
        for (const char* const channel : {"red", "green", "blue", "yellow"}) {
            const fs::path some = first.field(0).files.channels[2]->path;
            fs::copy_file(some, m_images / ("later_" + std::string(channel) + some.extension().string()));
        }
        Session second;
        QSignalSpy opened(&second, &Session::projectOpened);
        second.openFolder(m_images);
        QVERIFY(opened.wait(kPatience));
        QVERIFY(second.isReadOnly());
        QCOMPARE(second.fieldCount(), fields);
        // Whoever has it adds them.
        opened.clear();
        QSignalSpy openedAgain(&first, &Session::projectOpened);
        first.openFolder(m_images);
        QVERIFY(openedAgain.wait(kPatience));
        QCOMPARE(first.fieldCount(), fields + 1);
    }

    void movedImagesAreFound()
    {
        const fs::path now = m_images.parent_path() / "moved";
        fs::path first;
        {
            const store::Project project = store::Project::open(m_project);
            first = project.images().front().path;
        }
        fs::rename(m_images, now);
        Session session;
        ProjectCare care(session);
        QSignalSpy missing(&care, &ProjectCare::imagesMissing);
        store::MovedImages found;
        connect(&care, &ProjectCare::imagesFound, this, [&](const store::MovedImages& images) { found = images; });
        session.openProject(m_project);
        session.cancelSegmentation();
        QTRY_COMPARE_WITH_TIMEOUT(missing.size(), 1, kPatience);
        QCOMPARE(missing.front().front().toInt(), int(session.project().images().size()));
        care.findImages(first, now / first.filename());
        QTRY_COMPARE_WITH_TIMEOUT(found.matched.size(), session.project().images().size(), kPatience);
        QVERIFY(found.missing.empty() && found.differing.empty());
        QVERIFY(care.relocate(found.matched));
        QTRY_VERIFY_WITH_TIMEOUT(session.pixels(), kPatience);
        QVERIFY(!care.relocate({}));
    }
};

QTEST_MAIN(TestProjectCare)
#include "tst_ProjectCare.moc"
