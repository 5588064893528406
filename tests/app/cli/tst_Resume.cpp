// SPDX-License-Identifier: GPL-3.0-or-later
// "cellproof-cli segment" is killed again and again at random moments and goes on each time: at the end every field is segmented,
// once. CELLPROOF_CRASHES says how often it is killed (10).
#include "core/pipeline/BatchOrder.h"
#include "core/pipeline/Simulate.h"
#include "tests/support/TestData.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>

#include <random>

using namespace cellproof;
namespace fs = std::filesystem;

namespace {

constexpr int kFields = 12;

/// Milliseconds that the program took, or none where it was killed.
std::optional<qint64> run(const QStringList& arguments, int killAfter = -1)
{
    QElapsedTimer timer;
    timer.start();
    QProcess process;
    process.start(QStringLiteral(CELLPROOF_CLI), arguments);
    if (!process.waitForFinished(killAfter < 0 ? 200000 : killAfter)) {
        process.kill();
        process.waitForFinished();
        return std::nullopt;
    }
    return process.exitCode() == 0 ? std::optional(timer.elapsed()) : std::nullopt;
}

} // namespace

class TestResume : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void afterKills_data()
    {
        QTest::addColumn<bool>("again");
        QTest::newRow("what waits") << false;
        QTest::newRow("all anew") << true;
    }

    void afterKills()
    {
        QFETCH(bool, again);
        const std::size_t edits = again ? 2 : 1; // of each field at the end
        const QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        simulate::SimulationOptions options;
        options.size = {384, 384};
        options.mitotic = 0.0;
        pipeline::writeSimulation(root / "images", options, kFields);
        const fs::path path = root / "p.cellproof";
        {
            store::Project project = store::Project::create(path, {});
            project.addFields(image::scanFolder(root / "images").fields);
        }
        const QString name = QString::fromStdString(path.string());
        const QStringList command =
            again ? QStringList{QStringLiteral("segment"), name, QStringLiteral("--again")} : QStringList{QStringLiteral("segment"), name};
        if (again)
            QVERIFY(run({QStringLiteral("segment"), name}));
        std::mt19937 random(7);
        const int wanted = std::max(1, qEnvironmentVariableIntValue("CELLPROOF_CRASHES") > 0 ? qEnvironmentVariableIntValue("CELLPROOF_CRASHES") : 10);
        int kills = 0;
        bool ended = false;
        int killedBetween = 0;
        std::size_t done = 0;
        while (kills < wanted && !ended) {
            ended = run(command, std::uniform_int_distribution(20, 600)(random)).has_value();
            if (ended)
                break;
            ++kills;
            store::Project project = store::Project::open(path);
            std::size_t segmented = 0;
            for (std::size_t field = 0; field < project.fields().size(); ++field) {
                QVERIFY(project.editCount(field) <= edits); // nothing twice
                segmented += project.editCount(field) == edits;
            }
            QVERIFY(segmented >= done); // what was done stays
            killedBetween += segmented > 0 && segmented < kFields;
            done = segmented;
            // Killed when all was done: another "--again" would be another order.
            ended = segmented == kFields && pipeline::loadBatchOrder(project).again.empty();
        }
        if (!ended)
            QVERIFY(run(command));
        store::Project project = store::Project::open(path);
        QCOMPARE(project.check(), std::vector<std::string>());
        for (std::size_t field = 0; field < project.fields().size(); ++field) {
            QCOMPARE(project.fields()[field].state, store::FieldState::Segmented);
            QCOMPARE(project.editCount(field), edits); // nothing twice, nothing left out
        }
        QVERIFY(pipeline::loadBatchOrder(project).again.empty());
        qInfo("killed %d times, %d of them between the first and the last field", kills, killedBetween);
        QVERIFY(kills > 0);
    }
};

QTEST_GUILESS_MAIN(TestResume)
#include "tst_Resume.moc"
