// SPDX-License-Identifier: GPL-3.0-or-later
// Exports and imports a project with cellproof-cli and has a reader of its own look at the files.
#include "core/annotation/LabelEdits.h"
#include "core/store/Project.h"

#include <QtTest/QtTest>

#include <QProcess>
#include <QTemporaryDir>

#include <csignal>
#include <filesystem>

using namespace cellproof;
namespace fs = std::filesystem;

namespace {

int run(const QStringList& arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QStringLiteral(CELLPROOF_CLI), arguments);
    return process.waitForFinished(200000) && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
}

} // namespace

class TestArchiveCommands : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    [[nodiscard]] QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

private Q_SLOTS:
    void initTestCase()
    {
        QCOMPARE(
            run({QStringLiteral("simulate"), path("images"), QStringLiteral("--fields"), QStringLiteral("3"), QStringLiteral("--size"), QStringLiteral("512")}),
            0);
        QCOMPARE(run({QStringLiteral("new"), path("p.cellproof"), QStringLiteral("--images"), path("images"), QStringLiteral("--labels"),
                      path("images/labels.csv")}),
                 0);
        QCOMPARE(run({QStringLiteral("segment"), path("p.cellproof")}), 0);
        store::Project project = store::Project::open(path("p.cellproof").toStdString());
        const annotation::Provenance person{annotation::Source::Person, "Ada", {}, 1763670592123};
        const auto id = project.annotation(1).cells().begin()->first;
        project.apply(1, annotation::setClass(project.annotation(1), project.scheme(), {id}, 4, true, person));
        project.apply(1, annotation::setReview(project.annotation(1), project.scheme(), {id}, annotation::ReviewState::Accepted, person));
        project.apply(1, annotation::setNote(project.annotation(1), id, "ü"));
        project.undo(1);
        QCOMPARE(run({QStringLiteral("export"), QStringLiteral("project"), path("p.cellproof"), QStringLiteral("-o"), path("archive")}), 0);
    }

    void anotherProgramReadsTheSame()
    {
        QCOMPARE(run({QStringLiteral("export"), QStringLiteral("masks"), path("p.cellproof"), QStringLiteral("-o"), path("masks")}), 0);
        QProcess python;
        python.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        python.start(QStringLiteral("/usr/bin/python3"), {QStringLiteral(CELLPROOF_SOURCE_DIR "/tests/app/cli/check_archive.py"), QStringLiteral(CELLPROOF_CLI),
                                                          path("p.cellproof"), path("archive"), path("masks")});
        if (!python.waitForFinished(60000) || python.exitCode() == 77)
            QSKIP("needs Debian's python3-numpy and python3-pil");
        QCOMPARE(python.exitCode(), 0);
        QVERIFY(python.readAllStandardOutput().contains("3 fields, "));
    }

    void comesBack()
    {
        QCOMPARE(run({QStringLiteral("import"), QStringLiteral("project"), path("archive"), QStringLiteral("-o"), path("sub/q.cellproof"),
                      QStringLiteral("--images"), path("images")}),
                 0);
        QCOMPARE(run({QStringLiteral("check"), path("sub/q.cellproof")}), 0);
        store::Project project = store::Project::open(path("sub/q.cellproof").toStdString());
        QVERIFY(fs::exists(project.fields()[2].files.channels[3]->path));
        QVERIFY(project.redo(1));
        QCOMPARE(project.annotation(1).cells().begin()->second.note, std::string("ü"));
        QCOMPARE(run({QStringLiteral("import"), QStringLiteral("project"), path("archive"), QStringLiteral("-o"), path("sub/q.cellproof")}), 1);
        QCOMPARE(run({QStringLiteral("export"), QStringLiteral("project"), path("p.cellproof"), QStringLiteral("-o"), path("archive")}), 1);
        QCOMPARE(run({QStringLiteral("export"), QStringLiteral("project"), path("p.cellproof"), QStringLiteral("-o"), path("short"),
                      QStringLiteral("--no-history")}),
                 0);
        QVERIFY(!fs::exists(path("short/fields/simulated-0002/history.jsonl").toStdString()));
        QCOMPARE(run({QStringLiteral("import"), QStringLiteral("project")}), 2);
    }
};

QTEST_GUILESS_MAIN(TestArchiveCommands)
#include "tst_ArchiveCommands.moc"
