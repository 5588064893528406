// SPDX-License-Identifier: GPL-3.0-or-later
// What happens while something else happens: projects opened under open dialogs, results that come late, large folders,
// images that are replaced.
#include "core/base/Error.h"
#include "core/base/File.h"
#include "tests/gui/WindowFixture.h"
#include "ui/canvas/Canvas.h"
#include "ui/commands/CommandPalette.h"
#include "ui/panels/MessageBar.h"
#include "ui/tools/SessionToolHost.h"

#include <QFileDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSqlDatabase>
#include <QSqlQuery>

#include <fstream>

using namespace cellproof;
using namespace cellproof::testing;
using namespace cellproof::ui;
namespace fs = std::filesystem;

namespace {

/// Chooses a file in the file dialog that is open.
void choose(const MainWindow& window, const fs::path& file)
{
    auto* const dialog = window.findChild<QFileDialog*>();
    QVERIFY(dialog);
    dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(QString::fromStdString(file.string()));
    QMetaObject::invokeMethod(dialog, "accept");
}

} // namespace

class TestWindowFiles : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_images;

    /// A project without fields beside the images.
    [[nodiscard]] fs::path otherProject() const
    {
        const fs::path path = fs::path(m_folder->path().toStdString()) / "other.cellproof";
        static_cast<void>(store::Project::create(path, {}));
        return path;
    }

private Q_SLOTS:
    void initTestCase() { prepareApplication(); }

    void init()
    {
        m_folder = freshFolder();
        m_images = writeImages(*m_folder, "images", 2);
    }

    void longTextsDoNotWidenTheWindow()
    {
        MainWindow window;
        window.show();
        const int before = window.minimumSizeHint().width();
        const QString text(400, QLatin1Char('m'));
        Q_EMIT window.session().busyChanged(text);
        auto* const host = window.findChild<SessionToolHost*>();
        Q_EMIT host->hinted(text);
        QCoreApplication::processEvents();
        QVERIFY(window.minimumSizeHint().width() < before + 400);
    }

    void imagesReadAgainKeepTheView()
    {
        MainWindow window;
        openAndWait(window, m_images);
        auto* const canvas = window.findChild<Canvas*>();
        QTest::keyClick(canvas, Qt::Key_Right);
        canvas->zoomAt({100, 100}, 3.0);
        const double scale = canvas->scale();
        const QPointF corner = canvas->toImage({0, 0});
        const auto selection = canvas->selection();
        Q_EMIT window.session().pixelsChanged();
        QCOMPARE(canvas->scale(), scale);
        QCOMPARE(canvas->toImage({0, 0}), corner);
        QCOMPARE(canvas->selection(), selection);
        QVERIFY(canvas->masks());
        QTest::keyClick(canvas, Qt::Key_D);
        QTRY_VERIFY_WITH_TIMEOUT(canvas->hasField() && canvas->view().isFitted(), kPatience);
    }

    void workDoneWhileAFieldIsSegmentedAgainIsKept()
    {
        MainWindow window;
        openAndWait(window, m_images);
        QSignalSpy failed(&window.session(), &Session::failed);
        QSignalSpy told(&window.session(), &Session::told);
        window.session().segmentCurrentAgain();
        QVERIFY(window.session().batch().running);
        auto* const canvas = window.findChild<Canvas*>();
        QTest::keyClick(canvas, Qt::Key_Right);
        QTest::keyClick(canvas, Qt::Key_U);
        const annotation::Cell first = window.session().annotation().cells().begin()->second;
        QCOMPARE(first.review, annotation::ReviewState::Unsure);
        QTRY_VERIFY_WITH_TIMEOUT(!window.session().batch().running, kPatience);
        QCOMPARE(window.session().annotation().cells().begin()->first, first.id);
        QCOMPARE(window.session().annotation().cells().begin()->second.review, first.review);
        QCOMPARE(window.session().field(0).state, store::FieldState::Segmented);
        QVERIFY(window.session().field(0).failure.empty());
        QCOMPARE(window.session().batch().failed, 0);
        QVERIFY(failed.isEmpty());
        QCOMPARE(told.size(), 1);
        QVERIFY(told[0][0].toString().contains(QStringLiteral("found again")));
    }

    void aResultIsStoredOnceTheFileIsFree()
    {
        MainWindow window;
        openAndWait(window, m_images);
        const auto madeAt = [&] { return window.session().annotation().cells().begin()->second.maskProvenance.time; };
        const auto before = madeAt();
        QSignalSpy failed(&window.session(), &Session::failed);
        {
            QSqlDatabase other = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("other program"));
            other.setDatabaseName(QString::fromStdString(window.session().project().path().string()));
            QVERIFY(other.open());
            QSqlQuery query(other);
            QVERIFY(query.exec(QStringLiteral("BEGIN IMMEDIATE")));
            QSignalSpy ended(&window.session(), &Session::commitAsked); // the first try begins with it
            window.session().segmentCurrentAgain();
            ended.clear();
            QVERIFY(ended.wait(kPatience));
            QVERIFY(window.session().batch().running);
            QVERIFY(query.exec(QStringLiteral("ROLLBACK")));
        }
        QSqlDatabase::removeDatabase(QStringLiteral("other program"));
        QTRY_VERIFY_WITH_TIMEOUT(!window.session().batch().running, kPatience);
        QCOMPARE(window.session().batch().failed, 0);
        QVERIFY(madeAt() > before);
        QVERIFY(failed.isEmpty());
    }

    void anotherProjectClosesTheListOfCommands()
    {
        MainWindow window;
        openAndWait(window, m_images);
        const fs::path other = otherProject();
        QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
        const QPointer<CommandPalette> palette = window.findChild<CommandPalette*>();
        QVERIFY(palette && palette->isVisible());
        auto* const search = palette->findChild<QLineEdit*>();
        search->setText(QStringLiteral("nucleoplasm")); // a class of the project that goes away
        window.open(other);
        QVERIFY(!palette || !palette->isVisible());
        QTRY_VERIFY(!palette);
        trigger(window, QStringLiteral("All commands …"));
        QVERIFY(window.findChild<CommandPalette*>());
    }

    void aFileChosenForAnotherProjectIsLeftAlone()
    {
        MainWindow window;
        openAndWait(window, m_images);
        const fs::path other = otherProject();
        trigger(window, QStringLiteral("Import weak labels …"));
        window.open(other);
        QSignalSpy imported(&window.session(), &Session::labelsImported);
        choose(window, m_images / "labels.csv");
        QCoreApplication::processEvents();
        QVERIFY(window.messages().last().contains(QStringLiteral("Another project was opened")));
        QVERIFY(!imported.wait(300));
    }

    void labelsAreImportedBehind()
    {
        MainWindow window;
        openAndWait(window, m_images);
        const std::string id = window.session().field(1).id;
        const fs::path table = fs::path(m_folder->path().toStdString()) / "more.csv";
        base::writeFile(table, "ID,Label\n" + id + ",7|3\n");
        QSignalSpy imported(&window.session(), &Session::labelsImported);
        QSignalSpy reset(&window.session(), &Session::fieldsReset);
        trigger(window, QStringLiteral("Import weak labels …"));
        choose(window, table);
        QVERIFY(imported.wait(kPatience));
        QCOMPARE(reset.size(), 1);
        QCOMPARE(window.session().field(1).weakLabels, (std::vector<int>{3, 7}));
        window.session().showField(1);
        QCOMPARE(window.session().annotation().weakLabels(), (std::vector<int>{3, 7}));
    }

    void theSubmissionAsksGetsItsSuffixAndOutlivesTheProject()
    {
        MainWindow window;
        window.show();
        QSignalSpy opened(&window.session(), &Session::projectOpened);
        window.open(m_images);
        QVERIFY(opened.wait(kPatience));
        window.session().cancelSegmentation();
        QTRY_VERIFY_WITH_TIMEOUT(!window.session().batch().running, kPatience);
        const int waiting = window.session().waitingFieldCount();
        QVERIFY(waiting > 0);
        const fs::path other = otherProject();
        trigger(window, QStringLiteral("Write submission CSV …"));
        auto* const question = window.findChild<QMessageBox*>();
        QVERIFY(question && question->text().contains(QStringLiteral("not segmented yet")));
        QVERIFY(!window.findChild<QFileDialog*>());
        const QList<QAbstractButton*> buttons = question->buttons();
        const auto anyway = std::ranges::find_if(buttons, [&](auto* button) { return question->buttonRole(button) == QMessageBox::AcceptRole; });
        QVERIFY(anyway != buttons.end());
        (*anyway)->click();
        QSignalSpy written(&window.session(), &Session::submissionWritten);
        choose(window, m_images / "mine");
        window.open(other);
        QCOMPARE(window.session().fieldCount(), 0);
        QVERIFY(!written.isEmpty() || written.wait(kPatience));
        QVERIFY(fs::exists(m_images / "mine.csv"));
        QVERIFY(!fs::exists(m_images / "mine"));
    }

    void aProjectInTheUsersOwnFolderExportsToTheDocuments()
    {
        const fs::path own = fs::path(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation).toStdString()) / "projects";
        const fs::path path = own / "plate 7-0123abcd.cellproof";
        fs::remove(path);
        static_cast<void>(store::Project::create(path, {}));
        MainWindow window;
        window.show();
        window.open(path);
        trigger(window, QStringLiteral("Write submission CSV …"));
        auto* const dialog = window.findChild<QFileDialog*>();
        QVERIFY(dialog);
        QCOMPARE(dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->text(), QStringLiteral("plate 7_submission.csv"));
        QVERIFY(!dialog->directory().absolutePath().contains(QString::fromStdString(own.string())));
        dialog->close();
        fs::remove(path);
    }

    void opensFiveThousandFieldsWithoutAStandstill()
    {
        const fs::path many = fs::path(m_folder->path().toStdString()) / "many";
        fs::create_directories(many);
        std::string labels = "ID,Label\n";
        for (int i = 0; i < 5000; ++i) {
            const std::string id = "f" + std::to_string(i);
            for (const char* const channel : {"_red.png", "_blue.png"})
                std::ofstream(many / (id + channel)).put('\n');
            labels += id + "," + std::to_string(i % 19) + "\n";
        }
        base::writeFile(many / "labels.csv", labels);
        MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QSignalSpy opened(&window.session(), &Session::projectOpened);
        LongestGap gap;
        window.open(many);
        QVERIFY(opened.wait(kPatience));
        window.session().cancelSegmentation();
        QTest::qWait(300);
        QCOMPARE(window.session().fieldCount(), 5000);
        QCOMPARE(window.session().field(4999).weakLabels.size(), std::size_t(1));
        const qint64 opening = gap.milliseconds();
        QSignalSpy imported(&window.session(), &Session::labelsImported);
        window.session().importLabels(many / "labels.csv");
        QVERIFY(imported.wait(kPatience));
        const qint64 all = gap.milliseconds();
        qInfo("longest standstill: %lld ms while opening, %lld ms with labels", static_cast<long long>(opening), static_cast<long long>(all));
        QVERIFY(all < 250);
    }

    void stepsThroughFieldsReadWhatIsInViewOnly()
    {
        const fs::path many = writeImages(*m_folder, "several", 12);
        MainWindow window;
        openAndWait(window, many);
        for (int i = 1; i < 12; ++i) {
            window.session().showField(i);
            QVERIFY(window.session().readsUnderWay() <= 3);
        }
        QTRY_VERIFY_WITH_TIMEOUT(window.session().pixels(), kPatience);
    }

    void imagesReplacedAfterSegmentationAreTold()
    {
        const QString notice = QStringLiteral("image has changed since the cells were found");
        fs::path changed;
        {
            MainWindow window;
            openAndWait(window, m_images);
            changed = window.session().field(0).files.channels[1]->path;
            QVERIFY(!window.findChild<Canvas*>()->notice().contains(notice));
            fs::copy_file(window.session().field(1).files.channels[1]->path, changed, fs::copy_options::overwrite_existing);
        }
        MainWindow window;
        openAndWait(window, m_images);
        QTRY_VERIFY_WITH_TIMEOUT(window.findChild<Canvas*>()->notice().contains(notice), kPatience); // after the picture
        window.session().segmentCurrentAgain();
        QTRY_VERIFY_WITH_TIMEOUT(!window.session().batch().running, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!window.findChild<Canvas*>()->notice().contains(notice), kPatience);
    }

    void whatWasFoundOnOpeningStandsInTheBar()
    {
        base::writeFile(m_images / "odd_blue.png", std::string_view("no picture"));
        fs::remove(m_images / "labels.csv");
        base::writeFile(m_images / "labels.csv", std::string_view("ID,Label\nsomebody-else,3\n"));
        MainWindow window;
        QSignalSpy opened(&window.session(), &Session::projectOpened);
        window.show();
        window.open(m_images);
        QVERIFY(opened.wait(kPatience));
        auto* const bar = window.findChild<MessageBar*>();
        QTRY_VERIFY(bar->isVisible());
        QVERIFY(bar->sentences().contains(QStringLiteral("labels.csv lists none of these fields.")));
        QCOMPARE(window.messages().size(), bar->sentences().size());
        bar->dismiss();
        QVERIFY(!bar->isVisible());
        QVERIFY(!window.messages().isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(!window.session().batch().running, kPatience);
        QVERIFY(!window.findChild<QMessageBox*>());
    }

    void aMistypedPathSaysSo()
    {
        MainWindow window;
        window.show();
        window.open(m_images / "nothing here");
        window.open(m_images / "nothing here");
        const QList<QMessageBox*> boxes = window.findChildren<QMessageBox*>();
        QCOMPARE(boxes.size(), 1);
        QVERIFY(boxes[0]->text().startsWith(QStringLiteral("There is no folder or project")));
        QCOMPARE(boxes[0]->text().count(QStringLiteral("There is no folder")), 1);
    }

    void aFolderWithATableOf2018GetsItsClasses()
    {
        base::writeFile(m_images / "labels.csv", std::string_view("Id,Target\nsimulated-0001,27 3\n"));
        MainWindow window;
        openAndWait(window, m_images);
        QCOMPARE(window.session().project().scheme().classCount(), 28);
        QCOMPARE(window.session().field(0).weakLabels, (std::vector<int>{3, 27}));
    }

    void aDamagedFieldIsToldAndItsImagesAreShown()
    {
        fs::path project;
        {
            MainWindow window;
            openAndWait(window, m_images);
            project = window.session().project().path();
        }
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("damage"));
            database.setDatabaseName(QString::fromStdString(project.string()));
            QVERIFY(database.open());
            QVERIFY(QSqlQuery(database).exec(QStringLiteral("UPDATE mask_band SET content = x'00' WHERE field = 1")));
        }
        QSqlDatabase::removeDatabase(QStringLiteral("damage"));
        MainWindow window;
        QSignalSpy failed(&window.session(), &Session::failed);
        window.open(m_images);
        QTRY_VERIFY_WITH_TIMEOUT(window.session().pixels() != nullptr, kPatience);
        QCOMPARE(window.session().currentField(), 0);
        QVERIFY(!failed.isEmpty() && failed[0][0].toString().contains(QStringLiteral("simulated-0001")));
        QVERIFY(window.session().annotation().cells().empty());
        window.session().showField(1);
        QTRY_VERIFY_WITH_TIMEOUT(window.session().masks() != nullptr, kPatience);
    }
};

QTEST_MAIN(TestWindowFiles)
#include "tst_WindowFiles.moc"
