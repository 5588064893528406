// SPDX-License-Identifier: GPL-3.0-or-later
// Keys, options, icons and bars of the tools.
#include "tests/gui/ToolFixtures.h"
#include "ui/tools/ToolBar.h"
#include "ui/tools/ToolIcons.h"
#include "ui/tools/ToolOptionsBar.h"

#include <QApplication>
#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QFrame>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenuBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;

class TestToolBox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keysTakeTools_data();
    void keysTakeTools();
    void anotherToolEndsTheGesture_data();
    void anotherToolEndsTheGesture();
    void cornersOutliveWhatIsNoSwitch();
    void everyActionHasTextTooltipAndItsOwnKey();
    void bracketsAndWheelChangeTheSize();
    void sizeStaysWithinBounds();
    void partCycles();
    void lettersInTextFieldsAreLetters();
    void altDoesNotOpenTheMenu();
    void disabledWithoutProject();
    void optionsAreKept();
    void wrongSettingsAreIgnored();
    void iconsAreDrawn();
    void barShowsWhatMatters();
    void barAndOptionsAgree();
    void keyboardGoesBackToTheCanvas();
    void optionsFitIntoTheWidth();
    void questionAboutPieces();
    void windowMayGoInAnyOrder();
};

void TestToolBox::keysTakeTools_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<ToolId>("tool");
    QTest::newRow("select") << int(Qt::Key_Q) << ToolId::Select;
    QTest::newRow("brush") << int(Qt::Key_P) << ToolId::Brush;
    QTest::newRow("eraser") << int(Qt::Key_E) << ToolId::Eraser;
    QTest::newRow("outline") << int(Qt::Key_O) << ToolId::Polygon;
    QTest::newRow("fill") << int(Qt::Key_F) << ToolId::FillHoles;
    QTest::newRow("wand") << int(Qt::Key_W) << ToolId::Wand;
    QTest::newRow("new cell") << int(Qt::Key_K) << ToolId::NewCell;
    QTest::newRow("split") << int(Qt::Key_S) << ToolId::Split;
    QTest::newRow("merge") << int(Qt::Key_J) << ToolId::Merge;
    QTest::newRow("pick") << int(Qt::Key_L) << ToolId::Pick;
}

void TestToolBox::keysTakeTools()
{
    QFETCH(int, key);
    QFETCH(ToolId, tool);
    ToolBench bench;
    bench.take(tool == ToolId::Brush ? ToolId::Select : ToolId::Brush);
    QSignalSpy changed(bench.box.get(), &ToolBox::toolChanged);
    bench.key(key);
    QCOMPARE(bench.box->tool(), tool);
    QCOMPARE(changed.count(), 1);
    for (const QAction* const action : bench.box->toolActions())
        QCOMPARE(action->isChecked(), action->data().toInt() == static_cast<int>(tool));
    QCOMPARE(bench.canvas.tool() == nullptr, tool == ToolId::Select);
    bench.key(key); // once more changes nothing
    QCOMPARE(bench.box->tool(), tool);
}

void TestToolBox::anotherToolEndsTheGesture_data()
{
    using Way = QList<QPointF>;
    QTest::addColumn<ToolId>("tool");
    QTest::addColumn<Way>("way");
    QTest::addColumn<bool>("byClicks");
    QTest::addColumn<int>("edits");
    const Way around{{200, 190}, {280, 190}, {280, 280}, {200, 280}, {201, 195}};
    QTest::newRow("brush") << ToolId::Brush << Way{{90, 150}, {90, 165}, {90, 180}} << false << 1;
    QTest::newRow("eraser") << ToolId::Eraser << Way{{40, 40}, {50, 50}} << false << 1;
    QTest::newRow("outline") << ToolId::Polygon << around << false << 1;
    QTest::newRow("corners") << ToolId::Polygon << around.first(4) << true << 1;
    QTest::newRow("two corners") << ToolId::Polygon << around.first(2) << true << 0;
    QTest::newRow("new cell") << ToolId::NewCell << around << false << 1;
    QTest::newRow("wand") << ToolId::Wand << Way{{20, 20}, {22, 20}} << false << 1;
    QTest::newRow("split") << ToolId::Split << Way{{90, 30}, {90, 100}, {90, 175}} << false << 1;
    QTest::newRow("merge") << ToolId::Merge << Way{{100, 100}, {180, 100}} << false << 1;
}

/// The button is still down when the key of another tool comes: nothing that was done is lost, and nothing is done twice.
void TestToolBox::anotherToolEndsTheGesture()
{
    QFETCH(ToolId, tool);
    QFETCH(QList<QPointF>, way);
    QFETCH(bool, byClicks);
    QFETCH(int, edits);
    for (const int key : {int(Qt::Key_L), int(Qt::Key_Q), int(Qt::Key_Plus)}) {
        ToolBench bench;
        bench.take(tool);
        if (key == Qt::Key_Plus && (tool == ToolId::Polygon || tool == ToolId::NewCell))
            continue; // a new cell is selected, and grows
        if (byClicks) {
            for (const QPointF corner : way)
                bench.click(corner);
        } else {
            bench.press(way.front());
            for (const QPointF at : way)
                bench.drag(at);
        }
        QCOMPARE(bench.edits(), std::size_t(0));
        bench.key(key);
        const std::size_t after = bench.edits();
        QCOMPARE(int(after), key == Qt::Key_Plus ? std::max(int(after), edits) : edits);
        QVERIFY(edits > 0 || bench.host.told.join(QLatin1Char(' ')).contains(QLatin1String("not kept")));
        if (key == Qt::Key_Plus)
            continue;
        QVERIFY(bench.box->tool() != tool);
        if (!byClicks) {
            bench.drag(way.front() + QPointF(5, 5));
            bench.release(way.front() + QPointF(5, 5));
        }
        QCOMPARE(bench.edits(), after);
        bench.check();
    }
}

/// Between clicks there is time for another look at the image.
void TestToolBox::cornersOutliveWhatIsNoSwitch()
{
    ToolBench bench;
    bench.take(ToolId::Polygon);
    for (const QPointF corner : {QPointF(200, 190), QPointF(280, 190), QPointF(280, 280)})
        bench.click(corner);
    bench.canvas.setLayout(CanvasLayout::SideBySide);
    bench.canvas.setLayout(CanvasLayout::Overlay);
    QVERIFY(bench.box->isUnderWay());
    QCOMPARE(bench.edits(), std::size_t(0));
    bench.key(Qt::Key_Return);
    QCOMPARE(bench.edits(), std::size_t(1));
}

void TestToolBox::everyActionHasTextTooltipAndItsOwnKey()
{
    ToolBench bench;
    std::set<QString> keys;
    std::set<QString> texts;
    for (const QAction* const action : bench.box->actions()) {
        if (action->isSeparator())
            continue;
        QVERIFY(texts.insert(action->text().remove(QLatin1Char('&'))).second);
        QVERIFY(!action->toolTip().isEmpty());
        for (const QKeySequence& key : action->shortcuts()) {
            QVERIFY2(keys.insert(key.toString()).second, qPrintable(key.toString()));
            if (key == action->shortcut())
                QVERIFY2(action->toolTip().contains(key.toString(QKeySequence::NativeText).toHtmlEscaped()), qPrintable(action->toolTip()));
        }
    }
    for (const char* const key : {"P", "E", "O", "F", "W", "S", "J", "L", "[", "]", "+", "-", "Del", "T"})
        QVERIFY2(keys.contains(QString::fromLatin1(key)), key);
    // Those of the window (fields, cells, channels, look, outlines, review) stay free.
    for (const char* const key : {"D", "A", "R", "G", "B", "Y", "V", "C", "Z", "M", "N", "X", "U", "I", "1", "Shift+1", "Return", "Left", "Right", "Tab"})
        QVERIFY2(!keys.contains(QString::fromLatin1(key)), key);
}

void TestToolBox::bracketsAndWheelChangeTheSize()
{
    ToolBench bench;
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(40);
    bench.key(Qt::Key_BracketRight);
    QCOMPARE(bench.options().brushDiameter(), 47.0);
    bench.key(Qt::Key_BracketLeft);
    QCOMPARE(bench.options().brushDiameter(), 40.0);
    const double scale = bench.canvas.scale();
    bench.altWheel({200, 150}, 120);
    QCOMPARE(bench.options().brushDiameter(), 47.0);
    bench.altWheel({200, 150}, -240);
    QVERIFY(bench.options().brushDiameter() < 40.0);
    QCOMPARE(bench.canvas.scale(), scale);
    // A fine wheel gets there too.
    bench.options().setBrushDiameter(3);
    for (int i = 0; i < 4; ++i)
        bench.altWheel({200, 150}, 30);
    QCOMPARE(bench.options().brushDiameter(), 4.0);
}

void TestToolBox::sizeStaysWithinBounds()
{
    ToolBench bench;
    for (int i = 0; i < 100; ++i)
        bench.options().stepBrush(1);
    QCOMPARE(bench.options().brushDiameter(), ToolOptions::kGreatestDiameter);
    for (int i = 0; i < 100; ++i)
        bench.options().stepBrush(-1);
    QCOMPARE(bench.options().brushDiameter(), ToolOptions::kLeastDiameter);
    bench.options().setBrushDiameter(std::numeric_limits<double>::quiet_NaN());
    QCOMPARE(bench.options().brushDiameter(), ToolOptions::kLeastDiameter);
    // A brush of one pixel paints one pixel; of the greatest size it is no problem either.
    bench.clear();
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(500);
    bench.click({200, 150});
    QCOMPARE(bench.area(1), capsuleArea({200, 150}, {200, 150}, 500));
}

void TestToolBox::partCycles()
{
    ToolBench bench;
    QCOMPARE(bench.options().part(), mask::Part::Cell);
    for (const mask::Part part : {mask::Part::Nucleus, mask::Part::Both, mask::Part::Cell}) {
        bench.key(Qt::Key_T);
        QCOMPARE(bench.options().part(), part);
    }
}

void TestToolBox::lettersInTextFieldsAreLetters()
{
    ToolBench bench;
    QWidget window;
    auto* const layout = new QVBoxLayout(&window);
    auto* const text = new QLineEdit(&window);
    layout->addWidget(text);
    window.addActions(bench.box->actions());
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    text->setFocus();
    QTest::keyClicks(text, QStringLiteral("pew"));
    QCOMPARE(text->text(), QStringLiteral("pew"));
    QCOMPARE(bench.box->tool(), ToolId::Select);
}

void TestToolBox::altDoesNotOpenTheMenu()
{
    ToolBench bench;
    bench.take(ToolId::Brush);
    QKeyEvent alt(QEvent::ShortcutOverride, Qt::Key_Alt, Qt::AltModifier);
    alt.ignore();
    QCoreApplication::sendEvent(&bench.canvas, &alt);
    QVERIFY(alt.isAccepted()); // the menu bar looks for this one
    bench.take(ToolId::Select);
    QKeyEvent again(QEvent::ShortcutOverride, Qt::Key_Alt, Qt::AltModifier);
    again.ignore();
    QCoreApplication::sendEvent(&bench.canvas, &again);
    QVERIFY(!again.isAccepted());
}

void TestToolBox::disabledWithoutProject()
{
    ToolBench bench;
    bench.take(ToolId::Brush);
    bench.box->setEnabled(false);
    QCOMPARE(bench.box->tool(), ToolId::Select);
    bench.host.select({7});
    bench.key(Qt::Key_Delete);
    QCOMPARE(bench.edits(), 0U);
    bench.box->setEnabled(true);
    bench.key(Qt::Key_Delete);
    QCOMPARE(bench.edits(), 1U);
}

void TestToolBox::optionsAreKept()
{
    const ToolBench bench; // for settings of its own
    {
        ToolOptions options;
        options.setBrushDiameter(77);
        options.setPart(mask::Part::Both);
        options.setOverNeighbours(true);
        options.setCutPieces(mask::Pieces::Vanish);
        options.setTolerance(0.33);
        options.setSmoothing(5);
    }
    ToolOptions again;
    QCOMPARE(again.brushDiameter(), 77.0);
    QCOMPARE(again.part(), mask::Part::Both);
    QVERIFY(again.overNeighbours());
    QVERIFY(again.cutPieces() == mask::Pieces::Vanish);
    QCOMPARE(again.tolerance(), 0.33);
    QCOMPARE(again.smoothing(), 5);
    // Also before the program ends.
    again.setCutPieces({});
    QTRY_VERIFY(!ToolOptions().cutPieces());
}

void TestToolBox::wrongSettingsAreIgnored()
{
    ToolBench bench;
    QSettings settings;
    settings.setValue(QStringLiteral("tools/brush diameter"), QStringLiteral("huge"));
    settings.setValue(QStringLiteral("tools/part"), 17);
    settings.setValue(QStringLiteral("tools/tolerance"), -4);
    settings.setValue(QStringLiteral("tools/cut pieces"), QStringLiteral("?"));
    const ToolOptions options;
    QCOMPARE(options.brushDiameter(), 40.0);
    QCOMPARE(options.part(), mask::Part::Cell);
    QCOMPARE(options.tolerance(), 0.1);
    QVERIFY(!options.cutPieces());
}

void TestToolBox::iconsAreDrawn()
{
    const QPalette before = QGuiApplication::palette();
    const auto drawn = [](const QIcon& icon, QColor text) {
        QPalette palette;
        palette.setColor(QPalette::ButtonText, text);
        QGuiApplication::setPalette(palette);
        return icon.pixmap(22, 22).toImage().convertToFormat(QImage::Format_ARGB32);
    };
    std::vector<QIcon> icons;
    for (const ToolId tool : kTools)
        icons.push_back(toolIcon(tool));
    for (const CommandIcon command :
         {CommandIcon::SplitByNuclei, CommandIcon::MergeSelected, CommandIcon::Remove, CommandIcon::Grow, CommandIcon::Shrink, CommandIcon::Smooth})
        icons.push_back(commandIcon(command));
    std::vector<QImage> pictures;
    for (const QIcon& icon : icons) {
        const QImage light = drawn(icon, Qt::white);
        const QImage dark = drawn(icon, Qt::black);
        int ink = 0;
        bool bright = false;
        for (int y = 0; y < light.height(); ++y) {
            for (int x = 0; x < light.width(); ++x) {
                ink += qAlpha(light.pixel(x, y)) > 128;
                bright = bright || (qAlpha(light.pixel(x, y)) > 128 && qGray(light.pixel(x, y)) > 200 && qGray(dark.pixel(x, y)) < 50);
            }
        }
        QVERIFY(ink > 20 && ink < 400);
        QVERIFY(bright);
        QVERIFY(std::ranges::find(pictures, light) == pictures.end());
        pictures.push_back(light);
    }
    QGuiApplication::setPalette(before);
}

namespace {

template <class Widget>
Widget* named(const QWidget& parent, const char* name)
{
    for (Widget* const widget : parent.findChildren<Widget*>()) {
        if (widget->accessibleName() == QLatin1String(name))
            return widget;
    }
    return nullptr;
}

template <class Button>
Button* withText(const QWidget& parent, const char* text)
{
    for (Button* const button : parent.findChildren<Button*>()) {
        if (button->text() == QLatin1String(text))
            return button;
    }
    return nullptr;
}

} // namespace

void TestToolBox::barShowsWhatMatters()
{
    ToolBench bench;
    ToolOptionsBar bar(*bench.box);
    bar.show();
    auto* const size = named<QSpinBox>(bar, "Diameter of the brush in pixels");
    auto* const tolerance = named<QSlider>(bar, "Tolerance of the wand");
    auto* const smoothing = named<QSpinBox>(bar, "Smoothing in pixels");
    auto* const over = withText<QCheckBox>(bar, "Paint over neighbours");
    auto* const part = withText<QToolButton>(bar, "Nucleus");
    auto* const pieces = named<QComboBox>(bar, "What becomes of pieces that are cut off");
    QVERIFY(size && tolerance && smoothing && over && part && pieces);
    bench.take(ToolId::Eraser);
    QVERIFY(!pieces->isVisible());
    bench.options().setCutPieces(mask::Pieces::Vanish);
    QVERIFY(pieces->isVisible());
    bench.options().setCutPieces({});
    QVERIFY(!pieces->isVisible());
    for (const ToolId tool : kTools) {
        bench.take(tool);
        QVERIFY(part->isVisible());
        QVERIFY2(bar.minimumSizeHint().width() < 700, qPrintable(QString::number(bar.minimumSizeHint().width())));
        QCOMPARE(size->isVisible(), tool == ToolId::Brush || tool == ToolId::Eraser);
        QCOMPARE(tolerance->isVisible(), tool == ToolId::Wand);
        QCOMPARE(smoothing->isVisible(), tool == ToolId::Wand || tool == ToolId::Select);
        QCOMPARE(over->isVisible(), tool == ToolId::Brush || tool == ToolId::Polygon || tool == ToolId::Wand || tool == ToolId::NewCell);
    }
}

void TestToolBox::barAndOptionsAgree()
{
    ToolBench bench;
    ToolOptionsBar bar(*bench.box);
    bar.show();
    bench.take(ToolId::Brush);
    auto* const size = named<QSpinBox>(bar, "Diameter of the brush in pixels");
    auto* const slider = named<QSlider>(bar, "Diameter of the brush");
    size->setValue(123);
    QCOMPARE(bench.options().brushDiameter(), 123.0);
    const int at = slider->value();
    slider->setValue(at + 20);
    QVERIFY(bench.options().brushDiameter() > 150);
    QCOMPARE(size->value(), static_cast<int>(bench.options().brushDiameter()));
    slider->setValue(slider->maximum());
    QCOMPARE(bench.options().brushDiameter(), 500.0);
    slider->setValue(slider->minimum());
    QCOMPARE(bench.options().brushDiameter(), 1.0);
    QTest::mouseClick(withText<QToolButton>(bar, "Nucleus"), Qt::LeftButton);
    QCOMPARE(bench.options().part(), mask::Part::Nucleus);
    bench.options().cyclePart();
    QVERIFY(withText<QToolButton>(bar, "Both")->isChecked());
    auto* const over = withText<QCheckBox>(bar, "Paint over neighbours");
    over->click();
    QVERIFY(bench.options().overNeighbours());
    // The menu's entry is the same option.
    for (QAction* const action : bench.box->optionActions()) {
        if (action->isCheckable()) {
            QVERIFY(action->isChecked());
            action->trigger();
        }
    }
    QVERIFY(!over->isChecked());
    auto* const pieces = named<QComboBox>(bar, "What becomes of pieces that are cut off");
    pieces->setCurrentIndex(2);
    Q_EMIT pieces->activated(2);
    QVERIFY(bench.options().cutPieces() == mask::Pieces::Vanish);

    ToolBar tools(*bench.box);
    tools.show();
    int buttons = 0;
    for (const QToolButton* const button : tools.findChildren<QToolButton*>())
        buttons += !button->accessibleName().isEmpty() && !button->icon().isNull();
    QCOMPARE(buttons, bench.box->toolActions().size() + bench.box->commandActions().size());
}

void TestToolBox::keyboardGoesBackToTheCanvas()
{
    ToolBench bench;
    QWidget window;
    auto* const layout = new QVBoxLayout(&window);
    auto* const bar = new ToolOptionsBar(*bench.box, &window);
    layout->addWidget(bar);
    layout->addWidget(&bench.canvas);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    bench.take(ToolId::Brush);
    auto* const size = named<QSpinBox>(*bar, "Diameter of the brush in pixels");
    size->setFocus();
    QTest::keyClicks(size, QStringLiteral("5"));
    QTest::keyClick(size, Qt::Key_Return);
    QCOMPARE(QApplication::focusWidget(), static_cast<QWidget*>(&bench.canvas));
    size->setFocus();
    QTest::keyClick(size, Qt::Key_Escape);
    QCOMPARE(QApplication::focusWidget(), static_cast<QWidget*>(&bench.canvas));
    size->setFocus();
    QTest::mouseClick(withText<QToolButton>(*bar, "Both"), Qt::LeftButton);
    QTRY_COMPARE(QApplication::focusWidget(), static_cast<QWidget*>(&bench.canvas));
    // A click into the number is to type another one; one on an arrow beside it is done with.
    auto* const text = size->findChild<QLineEdit*>();
    QTest::mouseClick(text, Qt::LeftButton);
    QCoreApplication::processEvents();
    QVERIFY(size->hasFocus());
    QTest::mouseClick(size, Qt::LeftButton, {}, {size->width() - 5, 5});
    QTRY_COMPARE(QApplication::focusWidget(), static_cast<QWidget*>(&bench.canvas));
    // The wheel over it changes the size and leaves the keyboard where it is.
    const double before = bench.options().brushDiameter();
    QWheelEvent turned(QPointF(10, 10), size->mapToGlobal(QPointF(10, 10)), {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(size, &turned);
    QVERIFY(bench.options().brushDiameter() > before);
    QVERIFY(bench.canvas.hasFocus());
    bench.canvas.setParent(nullptr);
}

/// The bar never makes the window wider, and shows what matters in a narrow one.
void TestToolBox::optionsFitIntoTheWidth()
{
    ToolBench bench;
    bench.options().setCutPieces(mask::Pieces::BecomeCells);
    QWidget window;
    auto* const layout = new QVBoxLayout(&window);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* const bar = new ToolOptionsBar(*bench.box, &window);
    layout->addWidget(bar);
    window.resize(1200, 100);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    bench.take(ToolId::Brush);
    auto* const slider = named<QSlider>(*bar, "Diameter of the brush");
    QVERIFY(slider->isVisible());
    QVERIFY(window.minimumSizeHint().width() < 200);
    const int roomy = bar->layout()->minimumSize().width();
    window.resize(roomy - 60, 100);
    QVERIFY(!slider->isVisible());
    bench.take(ToolId::Split);
    bench.take(ToolId::Brush);
    QCoreApplication::processEvents();
    QVERIFY(!slider->isVisible());
    QCOMPARE(window.width(), roomy - 60);
    for (const QWidget* const box : {static_cast<QWidget*>(named<QSpinBox>(*bar, "Diameter of the brush in pixels")),
                                     static_cast<QWidget*>(named<QComboBox>(*bar, "What becomes of pieces that are cut off")),
                                     static_cast<QWidget*>(withText<QCheckBox>(*bar, "Paint over neighbours"))}) {
        QVERIFY(box->isVisible());
        QVERIFY(box->width() >= box->minimumSizeHint().width());
        QVERIFY(box->mapTo(&window, QPoint(box->width(), 0)).x() <= window.width());
    }
    window.resize(1200, 100);
    QVERIFY(slider->isVisible());
}

void TestToolBox::questionAboutPieces()
{
    ToolBench bench;
    ToolOptionsBar bar(*bench.box);
    bar.show();
    auto* const question = bench.canvas.findChild<QFrame*>(QStringLiteral("PiecesQuestion"));
    QVERIFY(question && !question->isVisible());
    bench.host.select({1});
    bench.take(ToolId::Eraser);
    bench.options().setBrushDiameter(6);
    bench.stroke({{30, 130}, {145, 130}});
    QVERIFY(question->isVisible());
    QVERIFY(bench.canvas.hasFocus());
    QVERIFY(bench.host.field.cell(10));
    // It says of which cell, and lies on the canvas; a click beside the buttons is none on the image.
    QVERIFY(question->findChild<QLabel*>()->text().contains(QStringLiteral("1 piece of cell 1")));
    QVERIFY(bench.canvas.rect().contains(question->geometry()) || question->width() > bench.canvas.width());
    QTest::mouseClick(question, Qt::LeftButton, {}, {3, 3});
    QVERIFY(question->isVisible());
    QCOMPARE(bench.edits(), 1U);
    bench.key(Qt::Key_Delete);
    QVERIFY(!question->isVisible());
    QVERIFY(!bench.host.field.cell(10));
    QVERIFY(bench.host.field.cell(1)); // which is selected
    QVERIFY(bench.options().cutPieces() == mask::Pieces::Vanish);
    QCOMPARE(bench.edits(), 2U);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Remove what was cut off cell 1"));
    QVERIFY(bench.host.told.last().contains(QStringLiteral("1 piece of cell 1 vanished; undo")));
    bench.check();
    bench.host.undo();
    QVERIFY(bench.host.field.cell(10));
    bench.host.undo();
    bench.stroke({{30, 130}, {145, 130}});
    QVERIFY(!question->isVisible());
    QVERIFY(bench.host.told.last().contains(QStringLiteral("1 piece of cell 1 vanished; undo")));
    bench.host.undo();

    // Each button does what its key does.
    const auto button = [&](const char* text) {
        for (QPushButton* const each : question->findChildren<QPushButton*>()) {
            if (each->text().startsWith(QLatin1String(text)))
                return each;
        }
        return static_cast<QPushButton*>(nullptr);
    };
    for (const bool byKey : {false, true}) {
        bench.options().setCutPieces({});
        bench.stroke({{30, 130}, {145, 130}});
        QVERIFY(question->isVisible());
        byKey ? bench.key(Qt::Key_Return) : button("Cells of their own")->click();
        QVERIFY(!question->isVisible());
        QCOMPARE(bench.host.field.cells().size(), 4U);
        QVERIFY(bench.options().cutPieces() == mask::Pieces::BecomeCells);
        bench.host.undo();
    }

    // Whoever goes on leaves the pieces as they are, and the question is gone.
    for (int way = 0; way < 7; ++way) {
        bench.options().setCutPieces({});
        bench.host.select({1});
        bench.take(ToolId::Eraser);
        bench.stroke({{30, 130}, {145, 130}});
        QVERIFY(question->isVisible());
        const std::size_t edits = bench.edits();
        if (way == 0)
            button("Keep for now")->click();
        else if (way == 1)
            bench.click({390, 10});
        else if (way == 2)
            bench.host.undo();
        else if (way == 3)
            bench.key(Qt::Key_P);
        else if (way == 4)
            bench.key(Qt::Key_Plus);
        else if (way == 5)
            bench.box->documentChanged(); // a change that is none of the masks
        else
            bench.key(Qt::Key_Escape);
        QCOMPARE(question->isVisible(), way == 5);
        QCOMPARE(bench.box->tool(), way == 3 ? ToolId::Brush : ToolId::Eraser);
        QCOMPARE(bench.edits(), way == 2 ? edits - 1 : way == 4 ? edits + 1 : edits);
        QVERIFY(!bench.options().cutPieces());
        QCOMPARE(bench.host.field.cells().size(), way == 2 ? 3U : 4U);
        while (bench.edits() > 0)
            bench.host.undo();
    }

    // Another field makes an open question void.
    bench.options().setCutPieces({});
    bench.host.select({2});
    bench.stroke({{230, 100}, {138, 100}});
    QVERIFY(question->isVisible());
    bench.host.show(annotation::FieldAnnotation(ToolBench::kSize));
    QVERIFY(!question->isVisible());
}

/// A window destroys its children in the order in which it got them, also in the middle of a stroke.
void TestToolBox::windowMayGoInAnyOrder()
{
    for (const bool canvasFirst : {false, true}) {
        const ToolBench bench; // for settings of its own
        auto canvas = std::make_unique<ShownCanvas>(QSize(400, 300));
        canvas->setField(flatField({400, 300}, 1, 2));
        auto host = std::make_unique<TestHost>(*canvas);
        host->field = annotation::FieldAnnotation({400, 300});
        ToolBox box(*host, *canvas);
        box.setTool(ToolId::Brush);
        QTest::mousePress(canvas.get(), Qt::LeftButton, {}, {200, 150});
        QVERIFY(box.isUnderWay());
        if (canvasFirst)
            canvas.reset();
        host.reset();
    }
}

QTEST_MAIN(TestToolBox)
#include "tst_ToolsBox.moc"
