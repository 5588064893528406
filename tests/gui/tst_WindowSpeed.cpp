// SPDX-License-Identifier: GPL-3.0-or-later
// What the window does on its own thread after an edit, in a field of a thousand cells.
#include "core/annotation/LabelEdits.h"
#include "core/annotation/MaskEdit.h"
#include "core/image/Codec.h"
#include "tests/gui/CanvasFixtures.h"
#include "tests/gui/WindowFixture.h"
#include "ui/canvas/Canvas.h"

#include <cmath>
#include <vector>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;

namespace {

constexpr int kSide = 3072;
constexpr int kColumns = 32; ///< of cells, and rows: 1024 cells

/// A project of one dark field of kSide x kSide pixels with a grid of cells that carry three weak labels.
std::filesystem::path writeProject(const QTemporaryDir& folder)
{
    const std::filesystem::path place(folder.path().toStdString());
    const base::Size size{kSide, kSide};
    image::FieldFiles files;
    files.id = "crowd";
    for (std::size_t i = 0; i < image::kChannelCount; ++i) {
        const std::filesystem::path file = place / ("crowd_" + std::string(image::nameOf(image::kChannels[i])) + ".png");
        image::writePng(file, image::Plane(size, std::vector<std::uint8_t>(std::size_t(kSide) * kSide, 20)));
        files.channels[i] = image::ChannelFile{file, -1};
    }
    const std::filesystem::path path = place / "crowd.cellproof";
    store::Project project = store::Project::create(path, {});
    project.addFields({files});
    store::FieldProperties content;
    content.size = size;
    project.setFieldContent(0, content);
    mask::LabelMask cells(size);
    mask::LabelMask nuclei(size);
    constexpr int kPitch = kSide / kColumns;
    for (int i = 0; i < kColumns * kColumns; ++i) {
        const base::Point corner{i % kColumns * kPitch, i / kColumns * kPitch};
        fill(cells, {corner.x, corner.y, kPitch - 2, kPitch - 2}, i + 1);
        fill(nuclei, {corner.x + 30, corner.y + 30, 30, 30}, i + 1);
    }
    project.apply(0, annotation::replaceSegmentation(project.annotation(0), cells, nuclei, {annotation::Source::Model, "test", "1", 0}));
    project.apply(0, std::make_shared<annotation::WeakLabelEdit>(std::vector<int>{}, std::vector<int>{0, 2, 5}));
    return path;
}

/// Milliseconds that a call takes, the middle of several.
template <class Call>
double median(int times, Call&& call)
{
    std::vector<double> all;
    for (int i = 0; i < times; ++i) {
        QElapsedTimer timer;
        timer.start();
        call(i);
        all.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    std::ranges::sort(all);
    return all[all.size() / 2];
}

} // namespace

class TestWindowSpeed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { prepareApplication(); }
    void init();
    void cleanup() { m_window.reset(); }
    void annotationShown_data();
    void annotationShown();
    void allSelected();
    void fieldFromDisk();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;
    Canvas* m_canvas = nullptr;
};

void TestWindowSpeed::init()
{
    m_folder = freshFolder();
    m_window = std::make_unique<MainWindow>();
    m_window->resize(1920, 1080);
    openAndWait(*m_window, writeProject(*m_folder));
    m_canvas = m_window->findChild<Canvas*>();
    QTRY_VERIFY(m_canvas->masks() && m_canvas->masks()->cellShapes.size() == std::size_t(kColumns) * kColumns);
}

void TestWindowSpeed::annotationShown_data()
{
    QTest::addColumn<double>("scale");
    QTest::addColumn<bool>("byClass");
    QTest::newRow("fitted") << 0.0 << false;
    QTest::newRow("chips in view") << 1.0 << false;
    QTest::newRow("fitted, class colours") << 0.0 << true;
    QTest::newRow("chips in view, class colours") << 1.0 << true;
}

/// What follows from a change of the document that touches nothing on the screen, and the painting after it.
void TestWindowSpeed::annotationShown()
{
    QFETCH(double, scale);
    QFETCH(bool, byClass);
    if (scale > 0.0)
        m_canvas->actualSize();
    if (byClass)
        trigger(*m_window, QStringLiteral("Cells in the colours of their classes"));
    QTest::qWait(100);
    Session& session = m_window->session();
    const double shown = median(21, [&](int) { Q_EMIT session.annotationChanged(); });
    const double painted = median(21, [&](int) {
        Q_EMIT session.annotationChanged();
        QCoreApplication::processEvents();
    });
    const double label = median(11, [&](int i) {
        const mask::CellId id = 1 + std::int32_t(i) * 37;
        session.apply(annotation::setReview(session.annotation(), session.project().scheme(), {id}, annotation::ReviewState::Accepted, session.person()));
    });
    const double labelPainted = median(11, [&](int i) {
        const mask::CellId id = 2 + std::int32_t(i) * 37;
        session.apply(annotation::setReview(session.annotation(), session.project().scheme(), {id}, annotation::ReviewState::Accepted, session.person()));
        QCoreApplication::processEvents();
    });
    qInfo("shown %.2f ms, with painting %.2f ms; a label %.2f ms, with painting %.2f ms", shown, painted, label, labelPainted);
    QVERIFY(shown < 25.0); // on a busy machine
}

void TestWindowSpeed::allSelected()
{
    Session& session = m_window->session();
    const double select = median(3, [&](int) {
        trigger(*m_window, QStringLiteral("Select all cells"));
        QTest::keyClick(m_canvas, Qt::Key_Escape);
    });
    trigger(*m_window, QStringLiteral("Select all cells"));
    const double shown = median(5, [&](int) { Q_EMIT session.annotationChanged(); });
    const double painted = median(5, [&](int) {
        Q_EMIT session.annotationChanged();
        QCoreApplication::processEvents();
    });
    qInfo("select all %.2f ms; with all selected: shown %.2f ms, with painting %.2f ms", select, shown, painted);
    QVERIFY(select < 250.0);
}

/// From the key to the picture of a field whose images nobody has read yet, against decoding them alone.
void TestWindowSpeed::fieldFromDisk()
{
    const std::filesystem::path images = std::filesystem::path(m_folder->path().toStdString()) / "large";
    simulate::SimulationOptions options;
    options.size = {2048, 2048};
    options.depth = image::BitDepth::Sixteen;
    pipeline::writeSimulation(images, options, 4);
    MainWindow window;
    window.resize(1920, 1080);
    openAndWait(window, images);
    Session& session = window.session();
    QTest::qWait(1000); // the neighbour is read ahead
    QElapsedTimer timer;
    timer.start();
    (void)image::readField(session.field(2).files, {0.08, 0, false}, {});
    const double decoding = double(timer.nsecsElapsed()) / 1e6;
    double shown = 0.0;
    connect(&session, &Session::pixelsChanged, &window, [&] {
        if (session.pixels() && shown == 0.0) {
            window.findChild<Canvas*>()->repaint();
            shown = double(timer.nsecsElapsed()) / 1e6;
        }
    });
    timer.restart();
    session.showField(3);
    const bool coarse = !window.findChild<Canvas*>()->hasField() && !session.thumbnail(3).isNull();
    QTRY_VERIFY_WITH_TIMEOUT(shown > 0.0, kPatience);
    qInfo("2048 px, 16 bit: decoding alone %.0f ms, from showField() to the picture %.0f ms, a coarse picture at once: %s", decoding, shown,
          coarse ? "yes" : "no");
    QVERIFY(shown < 3 * decoding + 500); // on a busy machine
}

QTEST_MAIN(TestWindowSpeed)
#include "tst_WindowSpeed.moc"
