// SPDX-License-Identifier: GPL-3.0-or-later
// Tools at work on a project: what they do is in its file, with undo.
#include "core/mask/Components.h"
#include "core/pipeline/Simulate.h"
#include "tests/gui/CanvasFixtures.h"
#include "ui/session/Session.h"
#include "ui/tools/SessionToolHost.h"
#include "ui/tools/ToolBox.h"

#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;

namespace {

constexpr int kPatience = 60000; // milliseconds

/// A project of two simulated fields on a canvas, wired as in the window.
struct Place
{
    QTemporaryDir folder;
    std::filesystem::path images;
    Session session;
    ShownCanvas canvas{{512, 512}};
    SessionToolHost host{session, canvas};
    ToolBox tools{host, canvas};
    QStringList told;

    Place()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("Cellproof tests"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
        images = std::filesystem::path(folder.path().toStdString()) / "images";
        simulate::SimulationOptions options;
        options.size = {512, 512};
        options.seed = 5;
        options.mitotic = 0.0;
        pipeline::writeSimulation(images, options, 2);
        QObject::connect(&session, &Session::annotationChanged, &tools, &ToolBox::documentChanged);
        QObject::connect(&session, &Session::currentFieldChanged, &tools, &ToolBox::fieldChanged);
        QObject::connect(&session, &Session::pixelsChanged, [this] {
            if (session.pixels())
                canvas.setField({std::make_shared<image::Pyramid>(session.pixels()->pyramid), 0.08});
            else
                canvas.clearField();
        });
        QObject::connect(&session, &Session::masksChanged, [this] { canvas.setMasks(session.masks()); });
        QObject::connect(&session, &Session::failed, [this](const QString& sentence) { told << sentence; });
        QObject::connect(&host, &SessionToolHost::told, [this](const QString& sentence) { told << sentence; });
        QObject::connect(&host, &SessionToolHost::selectionAsked, [this](const std::vector<mask::CellId>& cells) { canvas.setSelection(cells); });
    }

    void open(bool segmented)
    {
        QSignalSpy opened(&session, &Session::projectOpened);
        session.openFolder(images);
        QVERIFY(opened.wait(kPatience));
        if (!segmented)
            session.cancelSegmentation();
        QTRY_VERIFY_WITH_TIMEOUT(!session.batch().running, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(session.pixels() && (!segmented || session.masks()), kPatience);
    }

    void stroke(QPointF from, QPointF to)
    {
        const QPointF a = canvas.toWidget(from);
        const QPointF b = canvas.toWidget(to);
        QMouseEvent press(QEvent::MouseButtonPress, a, canvas.mapToGlobal(a), Qt::LeftButton, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&canvas, &press);
        QMouseEvent move(QEvent::MouseMove, b, canvas.mapToGlobal(b), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&canvas, &move);
        QMouseEvent release(QEvent::MouseButtonRelease, b, canvas.mapToGlobal(b), Qt::LeftButton, Qt::NoButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&canvas, &release);
    }
};

} // namespace

class TestToolsSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStrokeIsInTheProject();
    void firstCellOfAFieldNeverSegmented();
    void anotherFieldDuringAStroke();
    void equalSegmentationDuringAStroke();
    void otherSegmentationDuringAStroke();
};

void TestToolsSession::aStrokeIsInTheProject()
{
    Place place;
    place.open(true);
    const auto [id, cell] = *place.session.annotation().cells().begin();
    const auto before = place.session.annotation().cellMask().toIds();
    place.canvas.setSelection({id});
    place.tools.setTool(ToolId::Eraser);
    place.tools.options().setBrushDiameter(12);
    place.stroke({double(cell.bounds.x), double(cell.bounds.y)}, {double(cell.bounds.right()), double(cell.bounds.y)});
    QVERIFY(place.session.undoText().startsWith(QStringLiteral("Erase from cell %1").arg(id)));
    QVERIFY(place.session.annotation().cell(id)->area < cell.area);
    QCOMPARE(mask::pairViolations(place.session.annotation().cellMask(), place.session.annotation().nucleusMask()), std::vector<std::string>());
    QTRY_VERIFY(place.canvas.masks() && *place.canvas.masks()->cells == place.session.annotation().cellMask());
    const store::Project again = store::Project::open(place.session.project().path());
    QVERIFY(const_cast<store::Project&>(again).annotation(0).cellMask() == place.session.annotation().cellMask());
    place.session.undo();
    QVERIFY(place.session.annotation().cellMask().toIds() == before);
    QVERIFY(place.told.isEmpty());
}

void TestToolsSession::firstCellOfAFieldNeverSegmented()
{
    Place place;
    place.open(false);
    if (!place.session.annotation().size().isEmpty())
        QSKIP("the field was segmented before it could be stopped");
    place.tools.setTool(ToolId::Brush);
    place.tools.options().setBrushDiameter(60);
    place.stroke({200, 200}, {260, 240});
    QVERIFY2(place.told.isEmpty(), qPrintable(place.told.join(QLatin1Char(' '))));
    QCOMPARE(place.session.undoText(), QStringLiteral("Draw cell 1"));
    QVERIFY((place.session.annotation().size() == base::Size{512, 512}));
    QCOMPARE(place.session.annotation().cells().size(), 1U);
    QCOMPARE(place.canvas.selection(), std::vector<mask::CellId>{1});
    QTRY_VERIFY(place.canvas.masks() && place.canvas.masks()->cell(1));
    // Segmenting later leaves a person's cell alone.
    place.session.segmentAll();
    QTRY_VERIFY_WITH_TIMEOUT(!place.session.batch().running, kPatience);
    QVERIFY(place.session.annotation().cell(1));
    QCOMPARE(place.session.annotation().cell(1)->maskProvenance.source, annotation::Source::Person);
}

void TestToolsSession::anotherFieldDuringAStroke()
{
    Place place;
    place.open(true);
    place.tools.setTool(ToolId::Brush);
    const QPointF at = place.canvas.toWidget({100, 100});
    QMouseEvent press(QEvent::MouseButtonPress, at, place.canvas.mapToGlobal(at), Qt::LeftButton, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&place.canvas, &press);
    QVERIFY(place.tools.isUnderWay());
    place.session.showField(1 - place.session.currentField());
    QVERIFY(!place.tools.isUnderWay());
    QMouseEvent release(QEvent::MouseButtonRelease, at, place.canvas.mapToGlobal(at), Qt::LeftButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&place.canvas, &release);
    for (std::size_t i = 0; i < 2; ++i)
        QVERIFY(QString::fromStdString(place.session.project().undoText(i)).startsWith(QStringLiteral("Segment the field")));
    QTRY_VERIFY_WITH_TIMEOUT(place.session.pixels() != nullptr, kPatience);
}

/// The same masks are found: the stroke goes on.
void TestToolsSession::equalSegmentationDuringAStroke()
{
    Place place;
    place.open(true);
    const auto [id, cell] = *place.session.annotation().cells().begin();
    place.canvas.setSelection({id});
    place.tools.setTool(ToolId::Eraser);
    place.tools.options().setBrushDiameter(12);
    const QPointF at = place.canvas.toWidget({double(cell.bounds.x), double(cell.bounds.y)});
    const QPointF to = place.canvas.toWidget({double(cell.bounds.right()), double(cell.bounds.y)});
    QMouseEvent press(QEvent::MouseButtonPress, at, place.canvas.mapToGlobal(at), Qt::LeftButton, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&place.canvas, &press);
    const std::size_t edits = place.session.project().editCount(0);
    place.session.segmentCurrentAgain();
    QTRY_VERIFY_WITH_TIMEOUT(!place.session.batch().running, kPatience);
    QCOMPARE(place.session.batch().failed, 0);
    QMouseEvent move(QEvent::MouseMove, to, place.canvas.mapToGlobal(to), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&place.canvas, &move);
    QMouseEvent release(QEvent::MouseButtonRelease, to, place.canvas.mapToGlobal(to), Qt::LeftButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&place.canvas, &release);
    QVERIFY(!place.tools.isUnderWay());
    QVERIFY(place.session.project().editCount(0) > edits);
    QVERIFY2(place.session.undoText().startsWith(QStringLiteral("Erase from cell %1").arg(id)), qPrintable(place.session.undoText()));
}

/// Other masks are found: the stroke is stored before, or it is said that it ended.
void TestToolsSession::otherSegmentationDuringAStroke()
{
    Place place;
    place.open(true);
    const auto& here = place.session.field(0).files.channels;
    const auto& there = place.session.field(1).files.channels;
    for (std::size_t i = 0; i < here.size(); ++i)
        std::filesystem::copy_file(there[i]->path, here[i]->path, std::filesystem::copy_options::overwrite_existing);
    const auto [id, cell] = *place.session.annotation().cells().begin();
    place.canvas.setSelection({id});
    place.tools.setTool(ToolId::Eraser);
    place.tools.options().setBrushDiameter(12);
    const QPointF at = place.canvas.toWidget({double(cell.bounds.x), double(cell.bounds.y)});
    const QPointF to = place.canvas.toWidget({double(cell.bounds.right()), double(cell.bounds.y)});
    QMouseEvent press(QEvent::MouseButtonPress, at, place.canvas.mapToGlobal(at), Qt::LeftButton, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&place.canvas, &press);
    const std::size_t edits = place.session.project().editCount(0);
    place.session.segmentCurrentAgain();
    QTRY_VERIFY_WITH_TIMEOUT(!place.session.batch().running, kPatience);
    QMouseEvent move(QEvent::MouseMove, to, place.canvas.mapToGlobal(to), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&place.canvas, &move);
    QMouseEvent release(QEvent::MouseButtonRelease, to, place.canvas.mapToGlobal(to), Qt::LeftButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&place.canvas, &release);
    QVERIFY(!place.tools.isUnderWay());
    QVERIFY(place.session.project().editCount(0) >= edits + 2 || !place.told.isEmpty());
}

QTEST_MAIN(TestToolsSession)
#include "tst_ToolsSession.moc"
