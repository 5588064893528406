// SPDX-License-Identifier: GPL-3.0-or-later
// What a stroke costs from the mouse event until it is painted, at several sizes of the field and numbers of cells. The
// figures are printed, in processor time; the limits are generous, because other work may run beside.
#include "tests/gui/ToolFixtures.h"

#include <QElapsedTimer>

#include <array>
#include <cmath>
#include <ctime>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;

namespace {

/// A field with four channels of 16 bit and so many round cells with nuclei.
struct Field
{
    CanvasField pixels;
    annotation::FieldAnnotation document;
};

Field makeField(int side, int count)
{
    const base::Size size{side, side};
    std::array<image::Plane, image::kChannelCount> planes;
    unsigned noise = 1;
    for (image::Plane& plane : planes) {
        std::vector<std::uint16_t> samples(std::size_t(side) * std::size_t(side));
        for (std::uint16_t& sample : samples)
            sample = static_cast<std::uint16_t>((noise = noise * 1664525U + 1013904223U) >> 18);
        plane = image::Plane(size, std::move(samples));
    }
    const int across = static_cast<int>(std::ceil(std::sqrt(count)));
    const double step = double(side) / across;
    mask::LabelMask cells(size);
    mask::LabelMask nuclei(size);
    const auto disc = [&](mask::LabelMask& mask, base::Position at, double diameter, mask::CellId id) {
        const mask::Region region = mask::brushRegion(at, at, diameter);
        for (const mask::Span& span : region.spans()) {
            for (int x = std::max(span.first, 0); x < std::min(span.end, side) && span.y >= 0 && span.y < side; ++x)
                mask.set({x, span.y}, id);
        }
    };
    for (int i = 0; i < count; ++i) {
        const base::Position at{(i % across + 0.5) * step, (i / across + 0.5) * step};
        disc(cells, at, step * 0.97, i + 1);
        disc(nuclei, at, step * 0.4, i + 1);
    }
    return {{std::make_shared<const image::Pyramid>(image::Image(std::move(planes))), 0.08}, documentOf(cells, nuclei, count + 1)};
}

/// How often a widget was painted.
class PaintCounter : public QObject
{
public:
    explicit PaintCounter(QWidget& widget) { widget.installEventFilter(this); }
    int count = 0;

protected:
    bool eventFilter(QObject*, QEvent* event) override
    {
        count += event->type() == QEvent::Paint;
        return false;
    }
};

/// Processor time of all threads since it was made, in milliseconds: what other programs do meanwhile does not count.
class CpuTimer
{
public:
    [[nodiscard]] double milliseconds() const { return static_cast<double>(std::clock() - m_begun) * 1e3 / CLOCKS_PER_SEC; }

private:
    std::clock_t m_begun = std::clock();
};

double percentile(std::vector<double> values, double part)
{
    std::ranges::sort(values);
    return values[std::min(values.size() - 1, static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

} // namespace

class TestToolsSpeed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stroke_data();
    void stroke();
    void otherGestures_data();
    void otherGestures();
};

void TestToolsSpeed::stroke_data()
{
    QTest::addColumn<int>("side");
    QTest::addColumn<int>("cells");
    for (const int side : {512, 2048, 3072}) {
        for (const int cells : {10, 100, 1000})
            QTest::newRow(qPrintable(QStringLiteral("%1 px, %2 cells").arg(side).arg(cells))) << side << cells;
    }
}

void TestToolsSpeed::stroke()
{
    QFETCH(int, side);
    QFETCH(int, cells);
    Field field = makeField(side, cells);
    ToolBench bench;
    bench.canvas.resize(1920, 1080);
    bench.canvas.setField(field.pixels);
    bench.host.show(std::move(field.document));
    bench.canvas.actualSize();
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(40);
    bench.options().setOverNeighbours(true);
    QCoreApplication::processEvents();

    std::vector<double> dabs;
    std::vector<double> waits;
    std::vector<double> releases;
    std::vector<double> undos;
    for (int round = 0; round < 6; ++round) {
        const QPointF centre(side / 2.0, side / 2.0);
        const auto at = [&](int i) { return centre + QPointF(std::cos(i * 0.11 + round), std::sin(i * 0.17)) * std::min(200.0, side * 0.3); };
        const mask::CellId target = bench.cellAt(static_cast<int>(at(0).x()), static_cast<int>(at(0).y()));
        bench.host.select(target == 0 ? std::vector<mask::CellId>() : std::vector<mask::CellId>{target});
        bench.hover(at(0));
        QCoreApplication::processEvents();
        bench.press(at(0));
        QCoreApplication::processEvents();
        PaintCounter painted(bench.canvas);
        for (int i = 1; i <= 150; ++i) {
            const CpuTimer cpu;
            QElapsedTimer wall;
            wall.start();
            bench.drag(at(i));
            QCoreApplication::processEvents(); // paints
            dabs.push_back(cpu.milliseconds());
            waits.push_back(static_cast<double>(wall.nsecsElapsed()) / 1e6);
        }
        QVERIFY2(painted.count >= 150, qPrintable(QString::number(painted.count)));
        const CpuTimer release;
        bench.release(at(150));
        QCoreApplication::processEvents();
        releases.push_back(release.milliseconds());
        const CpuTimer undo;
        bench.host.undo();
        QCoreApplication::processEvents();
        undos.push_back(undo.milliseconds());
    }
    qInfo("%4d px, %4d cells: dab of 40 px until painted %.2f ms median, %.2f ms 99th percentile (%.2f and %.2f by the clock); release %.1f ms, undo %.1f ms",
          side, cells, percentile(dabs, 0.5), percentile(dabs, 0.99), percentile(waits, 0.5), percentile(waits, 0.99), percentile(releases, 0.5),
          percentile(undos, 0.5));
    QVERIFY(percentile(dabs, 0.5) < 20.0);
}

void TestToolsSpeed::otherGestures_data()
{
    stroke_data();
}

/// Each from the release (the wand from the press, and for each move) until painted.
void TestToolsSpeed::otherGestures()
{
    QFETCH(int, side);
    QFETCH(int, cells);
    Field field = makeField(side, cells);
    ToolBench bench;
    bench.canvas.resize(1920, 1080);
    bench.canvas.setField(field.pixels);
    bench.host.show(std::move(field.document));
    bench.canvas.actualSize();
    QCoreApplication::processEvents();
    const int across = static_cast<int>(std::ceil(std::sqrt(cells)));
    const double step = double(side) / across;
    // The cell at the middle and the one to its right.
    const QPointF first((across / 2 - 0.5) * step, (std::min(across / 2, cells / across - 1) + 0.5) * step);
    const QPointF second = first + QPointF(step, 0);
    const auto measure = [](auto&& run) {
        const CpuTimer cpu;
        run();
        QCoreApplication::processEvents();
        return cpu.milliseconds();
    };
    const auto commit = [&](ToolId tool, const std::vector<QPointF>& way) {
        bench.take(tool);
        // An outline is added to a cell: what small cells leave between them is too little for a new one.
        bench.host.select(tool == ToolId::Polygon ? std::vector<mask::CellId>{bench.cellAt(int(first.x()), int(first.y()))} : std::vector<mask::CellId>());
        bench.press(way.front());
        for (const QPointF at : way)
            bench.drag(at);
        QCoreApplication::processEvents();
        const std::size_t before = bench.edits();
        const double time = measure([&] { bench.release(way.back()); });
        if (bench.edits() == before)
            QTest::qFail(qPrintable(QStringLiteral("no edit by tool %1: %2").arg(static_cast<int>(tool)).arg(bench.host.told.join(QLatin1Char(' ')))), __FILE__,
                         __LINE__);
        else
            bench.host.undo();
        QCoreApplication::processEvents();
        return time;
    };
    const double split = commit(ToolId::Split, {first - QPointF(0, step * 0.6), first + QPointF(1, step * 0.6)});
    const double merge = commit(ToolId::Merge, {first, second});
    const double outline = commit(ToolId::Polygon, {first, first + QPointF(step, 0), first + QPointF(step, step), first + QPointF(0, step)});

    bench.take(ToolId::Wand);
    bench.options().setOverNeighbours(true);
    bench.options().setTolerance(0.05);
    bench.host.select({});
    const double wandPress = measure([&] { bench.press(first); });
    std::vector<double> wandMoves;
    for (int i = 1; i <= 30; ++i)
        wandMoves.push_back(measure([&] { bench.drag(first + QPointF(5.0 * i, 0)); }));
    const double wandRelease = measure([&] { bench.release(first + QPointF(150, 0)); });
    qInfo("%4d px, %4d cells: split %.1f, merge %.1f, outline %.1f; wand: press %.1f, move %.1f median, %.1f most, release %.1f ms", side, cells, split, merge,
          outline, wandPress, percentile(wandMoves, 0.5), percentile(wandMoves, 1.0), wandRelease);
    QVERIFY(split < 500.0 && merge < 500.0 && wandPress < 500.0);
}

QTEST_MAIN(TestToolsSpeed)
#include "tst_ToolsSpeed.moc"
