// SPDX-License-Identifier: GPL-3.0-or-later
// Runs cellproof-cli as a script would.
#include "core/annotation/LabelScheme.h"
#include "core/annotation/MaskEdit.h"
#include "core/base/File.h"
#include "core/exchange/MaskFiles.h"
#include "core/mask/Components.h"
#include "core/mask/RunLength.h"
#include "core/store/Project.h"
#include "core/store/ProjectLock.h"
#include "tests/support/Submissions.h"
#include "tests/support/TestData.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <csignal>
#include <fstream>
#include <map>

using namespace cellproof;
using cellproof::testing::readSubmission;
namespace fs = std::filesystem;

namespace {

struct Outcome
{
    int code = -1;
    QString output;
    QString errors;
    [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(output.toUtf8()).object(); }
};

Outcome run(const QStringList& arguments, const QByteArray& input = {})
{
    QProcess process;
    process.start(QStringLiteral(CELLPROOF_CLI), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(200000) || process.exitStatus() != QProcess::NormalExit)
        return {-1, {}, QStringLiteral("crashed or hung")};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

} // namespace

class TestCli : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] fs::path fsPath(const QString& name) const { return path(name).toStdString(); }
    [[nodiscard]] QByteArray fileBytes(const QString& name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void initTestCase()
    {
        const Outcome made = run({QStringLiteral("simulate"), path(QStringLiteral("images")), QStringLiteral("--fields"), QStringLiteral("3"),
                                  QStringLiteral("--size"), QStringLiteral("512"), QStringLiteral("--seed"), QStringLiteral("5"), QStringLiteral("--json")});
        QCOMPARE(made.code, 0);
        QCOMPARE(made.json()[QStringLiteral("fields")].toInt(), 3);
    }

    void runsTheWholePath()
    {
        const Outcome outcome = run({QStringLiteral("run"), path(QStringLiteral("images")), QStringLiteral("-o"), path(QStringLiteral("out")),
                                     QStringLiteral("--labels"), path(QStringLiteral("images/labels.csv")), QStringLiteral("--json")});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        const int cells = outcome.json()[QStringLiteral("segmentation")][QStringLiteral("cells")].toInt();
        QVERIFY(cells > 3);
        QVERIFY(fs::exists(fsPath(QStringLiteral("out/contact-sheet.png"))));

        const auto fields = readSubmission(fsPath(QStringLiteral("out/submission.csv")));
        QCOMPARE(fields.size(), std::size_t(3));
        std::size_t masks = 0;
        for (const auto& field : fields) {
            const mask::LabelMask cellMask = exchange::readMaskFile(fsPath(QStringLiteral("out/masks")) / (field.id + "_cellmask.png"));
            const mask::LabelMask nuclei = exchange::readMaskFile(fsPath(QStringLiteral("out/masks")) / (field.id + "_nucleimask.png"));
            QVERIFY(mask::pairViolations(cellMask, nuclei).empty());
            // The submission decodes to exactly the cells of the mask file.
            const auto expected = mask::encodeCells(cellMask);
            QCOMPARE(field.masks.size(), expected.size());
            for (const auto& [id, runs] : expected)
                QVERIFY(std::ranges::find(field.masks, runs) != field.masks.end());
            for (const auto& prediction : field.predictions)
                QCOMPARE(prediction.confidence, 0.5);
            masks += field.masks.size();
        }
        QCOMPARE(masks, static_cast<std::size_t>(cells));
    }

    void givesTheSameBytesAgain()
    {
        for (const char* const name : {"one", "two"}) {
            const Outcome outcome = run({QStringLiteral("run"), path(QStringLiteral("images")), QStringLiteral("-o"), path(QString::fromLatin1(name)),
                                         QStringLiteral("--jobs"), name[0] == 'o' ? QStringLiteral("1") : QStringLiteral("3")});
            QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        }
        QVERIFY(base::readFile(fsPath(QStringLiteral("one/submission.csv"))) == base::readFile(fsPath(QStringLiteral("two/submission.csv"))));
        QVERIFY(base::readFile(fsPath(QStringLiteral("one/contact-sheet.png"))) == base::readFile(fsPath(QStringLiteral("two/contact-sheet.png"))));
        QVERIFY(run({QStringLiteral("run"), path(QStringLiteral("images")), QStringLiteral("-o"), path(QStringLiteral("one"))}).code == 1);
    }

    void listsUnlabelledCellsUnderEveryClassAtItsBaseRate()
    {
        const auto fields = readSubmission(fsPath(QStringLiteral("one/submission.csv")));
        for (const auto& field : fields) {
            QCOMPARE(field.predictions.size(), 19 * field.masks.size());
            const auto scheme = annotation::LabelScheme::builtIn("hpa2021");
            for (const auto& prediction : field.predictions)
                QVERIFY(qAbs(prediction.confidence - scheme.at(prediction.classId).baseRate) < 1e-5);
        }
        const Outcome omit = run({QStringLiteral("export"), QStringLiteral("submission"), path(QStringLiteral("one/project.cellproof")), QStringLiteral("-o"),
                                  path(QStringLiteral("omit.csv")), QStringLiteral("--unlabelled"), QStringLiteral("omit"), QStringLiteral("--header"),
                                  QStringLiteral("ImageID")});
        QCOMPARE(omit.code, 0);
        std::ifstream stream(fsPath(QStringLiteral("omit.csv")));
        std::string header;
        std::getline(stream, header);
        QCOMPARE(header, std::string("ImageID,ImageWidth,ImageHeight,PredictionString"));
    }

    void stepsOfTheirOwn()
    {
        const QString project = path(QStringLiteral("steps.cellproof"));
        QCOMPARE(run({QStringLiteral("new"), project, QStringLiteral("--images"), path(QStringLiteral("images")), QStringLiteral("--labels"),
                      path(QStringLiteral("images/labels.csv"))})
                     .code,
                 0);
        const QString field = QStringLiteral("simulated-0002");
        Outcome outcome = run({QStringLiteral("segment"), project, QStringLiteral("--fields"), field, QStringLiteral("--json")});
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.json()[QStringLiteral("segmentation")][QStringLiteral("segmented")].toInt(), 1);
        // Fields that were never read have no size to write.
        QCOMPARE(run({QStringLiteral("export"), QStringLiteral("submission"), project, QStringLiteral("-o"), path(QStringLiteral("steps.csv"))}).code, 1);
        outcome = run({QStringLiteral("segment"), project, QStringLiteral("--json")});
        QCOMPARE(outcome.json()[QStringLiteral("segmentation")][QStringLiteral("segmented")].toInt(), 2);
        QCOMPARE(outcome.json()[QStringLiteral("segmentation")][QStringLiteral("already")].toInt(), 1);
        QCOMPARE(run({QStringLiteral("export"), QStringLiteral("submission"), project, QStringLiteral("-o"), path(QStringLiteral("steps.csv"))}).code, 0);
        QVERIFY(base::readFile(fsPath(QStringLiteral("steps.csv"))) == base::readFile(fsPath(QStringLiteral("out/submission.csv"))));
        outcome = run({QStringLiteral("info"), project, QStringLiteral("--json")});
        QCOMPARE(outcome.json()[QStringLiteral("fieldCount")].toInt(), 3);
        QCOMPARE(outcome.json()[QStringLiteral("segmented")].toInt(), 3);
    }

    void dividesAndMerges()
    {
        const QString all = path(QStringLiteral("out/project.cellproof"));
        const Outcome shared = run({QStringLiteral("share"), all, QStringLiteral("-o"), path(QStringLiteral("shares")), QStringLiteral("--people"),
                                    QStringLiteral("anna,ben"), QStringLiteral("--common"), QStringLiteral("0.4"), QStringLiteral("--json")});
        QVERIFY2(shared.code == 0, qPrintable(shared.errors));
        const QString first = shared.json()[QStringLiteral("shares")][0][QStringLiteral("project")].toString();
        const QString second = shared.json()[QStringLiteral("shares")][1][QStringLiteral("project")].toString();
        QVERIFY(first.endsWith(QStringLiteral("project-anna.cellproof")));
        QCOMPARE(
            run({QStringLiteral("share"), all, QStringLiteral("-o"), path(QStringLiteral("shares")), QStringLiteral("--people"), QStringLiteral("anna")}).code,
            1);

        const QString merged = path(QStringLiteral("merged.cellproof"));
        const Outcome united = run({QStringLiteral("merge"), first, second, QStringLiteral("-o"), merged, QStringLiteral("--agreement"),
                                    path(QStringLiteral("agreement.csv")), QStringLiteral("--json")});
        QVERIFY2(united.code == 0, qPrintable(united.errors));
        QCOMPARE(united.json()[QStringLiteral("fields")].toInt(), 3);
        QCOMPARE(united.json()[QStringLiteral("cells_compared")].toInt(), 0);
        QVERIFY(fileBytes(QStringLiteral("agreement.csv")).startsWith("class,cells,both,"));
        // Nobody worked on it: it is what was divided.
        QCOMPARE(run({QStringLiteral("export"), QStringLiteral("submission"), merged, QStringLiteral("-o"), path(QStringLiteral("merged.csv"))}).code, 0);
        const auto sorted = [this](const char* name) {
            QList<QByteArray> lines = fileBytes(QString::fromLatin1(name)).split('\n');
            std::ranges::sort(lines);
            return lines;
        };
        QCOMPARE(sorted("merged.csv"), sorted("out/submission.csv"));
        QCOMPARE(run({QStringLiteral("merge"), first, second, QStringLiteral("-o"), merged}).code, 1); // nothing is written over
        QCOMPARE(run({QStringLiteral("merge"), first, QStringLiteral("-o"), path(QStringLiteral("m.cellproof"))}).code, 2);
    }

    void backsUpAndRestores()
    {
        const QString project = path(QStringLiteral("merged.cellproof"));
        const Outcome made = run({QStringLiteral("backup"), project, QStringLiteral("--json")});
        QVERIFY2(made.code == 0, qPrintable(made.errors));
        const fs::path folder = fsPath(QStringLiteral("merged.cellproof.backups"));
        QVERIFY(fs::is_directory(folder));
        const fs::path backup = fs::directory_iterator(folder)->path();
        base::writeFile(fsPath(QStringLiteral("merged.cellproof")), std::string_view("damaged"));
        QCOMPARE(run({QStringLiteral("info"), project}).code, 1);
        const Outcome restored = run({QStringLiteral("restore"), project, QStringLiteral("--from"), QString::fromStdString(backup.string())});
        QVERIFY2(restored.code == 0, qPrintable(restored.errors));
        QCOMPARE(run({QStringLiteral("check"), project}).code, 0);
    }

    void whatAnotherProgramHasIsLeftAlone()
    {
        const QString project = path(QStringLiteral("merged.cellproof"));
        const store::LockResult lock = store::ProjectLock::tryTake(project.toStdString(), "somebody");
        QVERIFY(lock.lock);
        const Outcome refused = run({QStringLiteral("segment"), project, QStringLiteral("--again")});
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.errors.contains(QStringLiteral("somebody")), qPrintable(refused.errors));
        QCOMPARE(run({QStringLiteral("info"), project}).code, 0);
    }

    void checksAndRepairs()
    {
        const QString file = path(QStringLiteral("broken.cellproof"));
        {
            store::Project project = store::Project::create(file.toStdString(), {});
            image::FieldFiles files;
            files.id = "f";
            project.addFields({files});
            project.setFieldContent(0, {{12, 8}, 0.08, {}, {}});
            mask::LabelMask cells({12, 8});
            mask::LabelMask nuclei({12, 8});
            for (int y = 1; y < 7; ++y) {
                for (int x = 1; x < 7; ++x)
                    cells.set({x, y}, x == 3 && y == 3 ? 0 : 1); // a hole
            }
            nuclei.set({9, 4}, 1); // outside of its cell
            std::map<mask::CellId, annotation::MaskEdit::Change> changes;
            changes[1].after = annotation::measureCells(cells, nuclei).at(1);
            const mask::LabelMask blank({12, 8});
            project.apply(0, std::make_shared<annotation::MaskEdit>("Break", mask::MaskDelta::between(blank, cells), mask::MaskDelta::between(blank, nuclei),
                                                                    std::move(changes)));
        }
        const Outcome found = run({QStringLiteral("check"), file, QStringLiteral("--json")});
        QCOMPARE(found.code, 1);
        const QString text = QString::fromUtf8(QJsonDocument(found.json()).toJson());
        QVERIFY2(text.contains(QStringLiteral("has holes of 1 pixel")) && text.contains(QStringLiteral("reaches out of its cell")), qPrintable(text));
        const Outcome repaired = run({QStringLiteral("check"), file, QStringLiteral("--repair"), QStringLiteral("--json")});
        QVERIFY2(repaired.code == 0, qPrintable(repaired.output));
        QCOMPARE(repaired.json()[QStringLiteral("repaired")].toArray().size(), qsizetype(2));
        QCOMPARE(run({QStringLiteral("check"), file}).code, 0);
        store::Project project = store::Project::open(file.toStdString());
        QCOMPARE(project.undoText(0), std::string("Repair the masks"));
        QVERIFY(mask::pairViolations(project.annotation(0).cellMask(), project.annotation(0).nucleusMask()).empty());
        QVERIFY(project.undo(0));
        QCOMPARE(mask::pairViolations(project.annotation(0).cellMask(), project.annotation(0).nucleusMask()).size(), std::size_t(2));
    }

    void rendersWhatItIsAskedFor()
    {
        if (!fs::exists(fs::path(CELLPROOF_CLI).parent_path() / "cellproof-render"))
            QSKIP("cellproof-render is built with the window only");
        const QString project = path(QStringLiteral("one/project.cellproof"));
        const QString id =
            run({QStringLiteral("info"), project, QStringLiteral("--json")}).json()[QStringLiteral("fields")][0][QStringLiteral("id")].toString();
        const auto render = [&](const QString& file, const QStringList& options) {
            return run(QStringList{QStringLiteral("render"), project, QStringLiteral("--field"), id, QStringLiteral("-o"), path(file)} + options);
        };

        const Outcome whole = render(QStringLiteral("whole.png"), {QStringLiteral("--json")});
        QVERIFY2(whole.code == 0, qPrintable(whole.errors));
        QVERIFY(whole.errors.isEmpty());
        QCOMPARE(whole.json()[QStringLiteral("width")].toInt(), 512);
        QVERIFY(whole.json()[QStringLiteral("cells")].toInt() > 0);
        const QByteArray drawn = fileBytes(QStringLiteral("whole.png"));
        for (const QStringList& options : {QStringList{QStringLiteral("--overlay"), QStringLiteral("none")},
                                           {QStringLiteral("--overlay"), QStringLiteral("outlines,labels")},
                                           {QStringLiteral("--overlay"), QStringLiteral("fills")},
                                           {QStringLiteral("--overlay"), QStringLiteral("fills"), QStringLiteral("--by-class")},
                                           {QStringLiteral("--look"), QStringLiteral("colour-safe")},
                                           {QStringLiteral("--look"), QStringLiteral("side-by-side")},
                                           {QStringLiteral("--vision"), QStringLiteral("protanopia")}}) {
            QCOMPARE(render(QStringLiteral("other.png"), options).code, 0);
            QVERIFY2(fileBytes(QStringLiteral("other.png")) != drawn, qPrintable(options.join(QLatin1Char(' '))));
        }
        QCOMPARE(render(QStringLiteral("again.png"), {}).code, 0);
        QVERIFY(fileBytes(QStringLiteral("again.png")) == drawn);

        const Outcome part = render(QStringLiteral("part.png"), {QStringLiteral("--region"), QStringLiteral("100,50,200,100"), QStringLiteral("--width"),
                                                                 QStringLiteral("400"), QStringLiteral("--json")});
        QCOMPARE(part.json()[QStringLiteral("width")].toInt(), 400);
        QCOMPARE(part.json()[QStringLiteral("height")].toInt(), 200);

        QCOMPARE(render(QStringLiteral("no.png"), {QStringLiteral("--look"), QStringLiteral("pretty")}).code, 2);
        QCOMPARE(
            run({QStringLiteral("render"), project, QStringLiteral("--field"), QStringLiteral("nix"), QStringLiteral("-o"), path(QStringLiteral("no.png"))})
                .code,
            1);
        QVERIFY(!fs::exists(fsPath(QStringLiteral("no.png"))));
    }

    void masksEncodeAndDecode()
    {
        const QString mask = path(QStringLiteral("out/masks/simulated-0001_cellmask.png"));
        const Outcome encoded = run({QStringLiteral("mask"), QStringLiteral("encode"), mask});
        QCOMPARE(encoded.code, 0);
        QVERIFY(encoded.output.startsWith(QStringLiteral("1\teN")));
        const QString back = path(QStringLiteral("back.png"));
        const Outcome decoded = run({QStringLiteral("mask"), QStringLiteral("decode"), QStringLiteral("--width"), QStringLiteral("512"),
                                     QStringLiteral("--height"), QStringLiteral("512"), QStringLiteral("-o"), back},
                                    encoded.output.toUtf8());
        QVERIFY2(decoded.code == 0, qPrintable(decoded.errors));
        QVERIFY(exchange::readMaskFile(back.toStdString()) == exchange::readMaskFile(mask.toStdString()));
        QCOMPARE(run({QStringLiteral("mask"), QStringLiteral("decode"), QStringLiteral("--width"), QStringLiteral("511"), QStringLiteral("--height"),
                      QStringLiteral("512"), QStringLiteral("-o"), back},
                     encoded.output.toUtf8())
                     .code,
                 1);
    }

    void aBadFieldDoesNotStopTheOthers()
    {
        const fs::path images = fsPath(QStringLiteral("bad images ü"));
        fs::create_directories(images);
        for (const char* const colour : {"red", "green", "blue", "yellow"}) {
            fs::copy_file(fsPath(QStringLiteral("images")) / ("simulated-0001_" + std::string(colour) + ".png"),
                          images / ("good one_" + std::string(colour) + ".png"));
            base::writeFile(images / ("broken_" + std::string(colour) + ".png"), std::string_view("this is no picture"));
            if (std::string(colour) != "blue")
                fs::copy_file(fsPath(QStringLiteral("images")) / ("simulated-0001_" + std::string(colour) + ".png"),
                              images / ("no-blue_" + std::string(colour) + ".png"));
        }
        const Outcome outcome =
            run({QStringLiteral("run"), QString::fromStdString(images.string()), QStringLiteral("-o"), path(QStringLiteral("bad")), QStringLiteral("--json")});
        QCOMPARE(outcome.code, 1);
        const QJsonObject failed = outcome.json()[QStringLiteral("segmentation")][QStringLiteral("failed")].toObject();
        QCOMPARE(failed.size(), 2);
        QVERIFY(failed[QStringLiteral("broken")].toString().contains(QStringLiteral("broken_")));
        QVERIFY(failed[QStringLiteral("no-blue")].toString().contains(QStringLiteral("blue")));
        QVERIFY(outcome.errors.contains(QStringLiteral("no-blue")));
        // What can be read but not segmented stands in the submission without cells; what cannot be read is left out.
        const auto fields = readSubmission(fsPath(QStringLiteral("bad/submission.csv")));
        QCOMPARE(fields.size(), std::size_t(2));
        for (const auto& field : fields)
            QCOMPARE(field.id == "no-blue", field.masks.size() == 1 && mask::areaOf(field.masks.front()) == 0);
    }

    void wrongInputLeavesEarlierResultsAlone()
    {
        const fs::path project = fsPath(QStringLiteral("one/project.cellproof"));
        const auto before = base::readFile(project);
        const QString out = path(QStringLiteral("one"));
        QCOMPARE(run({QStringLiteral("run"), path(QStringLiteral("mistyped")), QStringLiteral("-o"), out, QStringLiteral("--force")}).code, 1);
        QCOMPARE(run({QStringLiteral("run"), path(QStringLiteral("images")), QStringLiteral("-o"), out, QStringLiteral("--force"), QStringLiteral("--scheme"),
                      QStringLiteral("none")})
                     .code,
                 1);
        QCOMPARE(run({QStringLiteral("run"), path(QStringLiteral("images")), QStringLiteral("-o"), out, QStringLiteral("--force"), QStringLiteral("--labels"),
                      path(QStringLiteral("none.csv"))})
                     .code,
                 1);
        QCOMPARE(run({QStringLiteral("export"), QStringLiteral("submission"), path(QStringLiteral("one/project.cellproof")), QStringLiteral("-o"),
                      path(QStringLiteral("one/project.cellproof"))})
                     .code,
                 1);
        QVERIFY(base::readFile(project) == before);
        // A new project with a wrong label table is not begun.
        QCOMPARE(run({QStringLiteral("new"), path(QStringLiteral("never.cellproof")), QStringLiteral("--images"), path(QStringLiteral("images")),
                      QStringLiteral("--labels"), path(QStringLiteral("none.csv"))})
                     .code,
                 1);
        QVERIFY(!fs::exists(fsPath(QStringLiteral("never.cellproof"))));
        // With --force the earlier project is put aside.
        QCOMPARE(run({QStringLiteral("run"), path(QStringLiteral("images")), QStringLiteral("-o"), out, QStringLiteral("--force")}).code, 0);
        QVERIFY(base::readFile(fsPath(QStringLiteral("one/project-1.cellproof"))) == before);
    }

    void class2018NumbersAreNotTakenFor2021()
    {
        base::writeFile(fsPath(QStringLiteral("2018.csv")), std::string_view("Id,Target\nsimulated-0001,1 3\n"));
        const auto make = [&](const QString& scheme) {
            return run({QStringLiteral("new"), path(scheme + QStringLiteral(".cellproof")), QStringLiteral("--images"), path(QStringLiteral("images")),
                        QStringLiteral("--labels"), path(QStringLiteral("2018.csv")), QStringLiteral("--scheme"), scheme});
        };
        const Outcome wrong = make(QStringLiteral("hpa2021"));
        QCOMPARE(wrong.code, 1);
        QVERIFY(wrong.errors.contains(QStringLiteral("hpa2018")));
        QCOMPARE(make(QStringLiteral("hpa2018")).code, 0);
    }

    void aChannelCutShortIsTold()
    {
        const fs::path images = fsPath(QStringLiteral("cut"));
        fs::create_directories(images);
        for (const char* const colour : {"red", "green", "blue", "yellow"})
            fs::copy_file(fsPath(QStringLiteral("images")) / ("simulated-0001_" + std::string(colour) + ".png"),
                          images / ("f_" + std::string(colour) + ".png"));
        fs::resize_file(images / "f_red.png", 20000);
        Outcome outcome = run({QStringLiteral("run"), QString::fromStdString(images.string()), QStringLiteral("-o"), path(QStringLiteral("cut-out"))});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.errors.contains(QStringLiteral("f_red.png")), qPrintable(outcome.errors));
        QVERIFY(fs::exists(fsPath(QStringLiteral("cut-out/masks/f_cellmask.png"))));
        fs::resize_file(images / "f_blue.png", 20000);
        outcome = run({QStringLiteral("run"), QString::fromStdString(images.string()), QStringLiteral("-o"), path(QStringLiteral("cut-out-2"))});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.errors.contains(QStringLiteral("f_blue.png")), qPrintable(outcome.errors));
    }

    void relativeFoldersWork()
    {
        QProcess process;
        process.setWorkingDirectory(path(QStringLiteral("images")));
        process.start(QStringLiteral(CELLPROOF_CLI), {QStringLiteral("run"), QStringLiteral("."), QStringLiteral("-o"), QStringLiteral("../relative"),
                                                      QStringLiteral("--jobs"), QStringLiteral("2")});
        QVERIFY(process.waitForFinished(60000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        QVERIFY(base::readFile(fsPath(QStringLiteral("relative/submission.csv"))) == base::readFile(fsPath(QStringLiteral("two/submission.csv"))));
    }

    void decodingIsBounded()
    {
        const auto decode = [&](const QString& side, const QByteArray& input) {
            return run({QStringLiteral("mask"), QStringLiteral("decode"), QStringLiteral("--width"), side, QStringLiteral("--height"), side,
                        QStringLiteral("-o"), path(QStringLiteral("bounded.png"))},
                       input)
                .code;
        };
        QCOMPARE(decode(QStringLiteral("65535"), {}), 1);
        QCOMPARE(decode(QStringLiteral("8"), QByteArray(100000, 'A')), 1);
        QCOMPARE(decode(QStringLiteral("8"), {}), 0);
    }

    void exitCodesTellWrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::newRow("nothing") << QStringList{} << 2;
        QTest::newRow("unknown command") << QStringList{QStringLiteral("polish")} << 2;
        QTest::newRow("missing option") << QStringList{QStringLiteral("run"), QStringLiteral("x")} << 2;
        QTest::newRow("bad number") << QStringList{QStringLiteral("simulate"), QStringLiteral("x"), QStringLiteral("--fields"), QStringLiteral("-3")} << 2;
        QTest::newRow("bad header") << QStringList{QStringLiteral("export"), QStringLiteral("submission"), QStringLiteral("p"), QStringLiteral("-o"),
                                                   QStringLiteral("f"),      QStringLiteral("--header"),   QStringLiteral("Id")}
                                    << 2;
        QTest::newRow("unknown method") << QStringList{QStringLiteral("segment"), QStringLiteral("p"), QStringLiteral("--method"), QStringLiteral("guess")}
                                        << 2;
        QTest::newRow("help") << QStringList{QStringLiteral("--help")} << 0;
        QTest::newRow("version") << QStringList{QStringLiteral("--version")} << 0;
        QTest::newRow("no project") << QStringList{QStringLiteral("info"), QStringLiteral("none.cellproof")} << 1;
        QTest::newRow("no folder") << QStringList{QStringLiteral("new"), QStringLiteral("/tmp/none.cellproof"), QStringLiteral("--images"),
                                                  QStringLiteral("none")}
                                   << 1;
    }

    void exitCodesTellWrongUse()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        const Outcome outcome = run(arguments);
        QCOMPARE(outcome.code, code);
        QVERIFY(code == 0 || !outcome.errors.isEmpty());
    }

    void interruptLeavesAProjectThatOpens()
    {
        const QString project = path(QStringLiteral("interrupted.cellproof"));
        const QString images = path(QStringLiteral("many"));
        QCOMPARE(
            run({QStringLiteral("simulate"), images, QStringLiteral("--fields"), QStringLiteral("12"), QStringLiteral("--size"), QStringLiteral("512")}).code,
            0);
        QCOMPARE(run({QStringLiteral("new"), project, QStringLiteral("--images"), images}).code, 0);
        QProcess process;
        process.start(QStringLiteral(CELLPROOF_CLI), {QStringLiteral("segment"), project, QStringLiteral("--jobs"), QStringLiteral("1")});
        QVERIFY(process.waitForStarted());
        const auto segmented = [&] { return run({QStringLiteral("info"), project, QStringLiteral("--json")}).json()[QStringLiteral("segmented")].toInt(); };
        QTRY_VERIFY_WITH_TIMEOUT(segmented() >= 2, 60000);
        QElapsedTimer timer;
        timer.start();
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(20000));
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 1);
        const int before = segmented();
        QVERIFY(before >= 2 && before < 12);
        const Outcome rest = run({QStringLiteral("segment"), project, QStringLiteral("--json")});
        QCOMPARE(rest.code, 0);
        QCOMPARE(rest.json()[QStringLiteral("segmentation")][QStringLiteral("segmented")].toInt(), 12 - before);
    }

    void realFieldsPassTheReferenceValidator()
    {
        CELLPROOF_SHARED_PATH(images, "data/hpa-png");
        CELLPROOF_SHARED_PATH(validator, "tools/validate_submission.py");
        const Outcome outcome = run({QStringLiteral("run"), QString::fromStdString(images.string()), QStringLiteral("-o"), path(QStringLiteral("real")),
                                     QStringLiteral("--labels"), QString::fromStdString((images / "labels.csv").string())});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        if (QProcess::execute(QStringLiteral("/usr/bin/python3"), {QStringLiteral("-c"), QStringLiteral("import numpy")}) != 0)
            QSKIP("needs Debian's python3-numpy for the reference validator");
        QCOMPARE(
            QProcess::execute(QStringLiteral("/usr/bin/python3"), {QString::fromStdString(validator.string()), path(QStringLiteral("real/submission.csv"))}),
            0);
    }

    void everyKindOfRealFileIsRead()
    {
        CELLPROOF_SHARED_PATH(data, "data");
        const std::map<std::string, int> fields = {{"hpa-jpg", 2}, {"odd", 1}, {"cells-on-black", 81}};
        for (const auto& [folder, count] : fields) {
            const QString project = path(QString::fromStdString(folder + ".cellproof"));
            const Outcome outcome =
                run({QStringLiteral("new"), project, QStringLiteral("--images"), QString::fromStdString((data / folder).string()), QStringLiteral("--json")});
            QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
            QCOMPARE(outcome.json()[QStringLiteral("fields")].toInt(), count);
        }
        // Blue and green only: segmented as far as it goes, with a notice.
        const Outcome partial = run({QStringLiteral("run"), QString::fromStdString((data / "partial").string()), QStringLiteral("-o"),
                                     path(QStringLiteral("partial")), QStringLiteral("--json")});
        QVERIFY2(partial.code == 0, qPrintable(partial.errors));
        QVERIFY(partial.json()[QStringLiteral("segmentation")][QStringLiteral("cells")].toInt() > 10);
        QVERIFY(!partial.json()[QStringLiteral("segmentation")][QStringLiteral("notices")].toObject().isEmpty());
    }

    void importsTheRealTableQuickly()
    {
        CELLPROOF_SHARED_PATH(table, "data/tables/hpa2021_train.csv");
        QElapsedTimer timer;
        timer.start();
        const Outcome outcome = run({QStringLiteral("new"), path(QStringLiteral("table.cellproof")), QStringLiteral("--images"), path(QStringLiteral("images")),
                                     QStringLiteral("--labels"), QString::fromStdString(table.string()), QStringLiteral("--json")});
        QCOMPARE(outcome.code, 1); // it lists none of the simulated fields, which is told
        QCOMPARE(outcome.json()[QStringLiteral("labels")][QStringLiteral("rows")].toInt(), 21806);
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_Cli.moc"
