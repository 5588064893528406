// SPDX-License-Identifier: GPL-3.0-or-later
// While a batch runs the window answers: how long its event loop makes an event wait, with somebody looking through the fields,
// zooming and painting.
#include "tests/gui/WindowFixture.h"
#include "tests/support/Watchdog.h"
#include "ui/canvas/Canvas.h"

#include <QEventLoop>
#include <QMetaEnum>
#include <QTimer>
#include <QWheelEvent>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;

namespace {

constexpr double kMostWait = 30.0;  ///< milliseconds, for 99.9 % of all events
constexpr double kQuietWait = 5.0;  ///< likewise, of an idle window: beyond, the machine is busy with other things
constexpr double kLongEvent = 15.0; ///< milliseconds: told with its name

/// Tells which events took long.
class TracingApplication : public QApplication
{
public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override
    {
        if (m_depth > 0)
            return QApplication::notify(receiver, event);
        const QString name = QString::fromLatin1(receiver->metaObject()->className());
        const int type = event->type();
        ++m_depth;
        QElapsedTimer timer;
        timer.start();
        const bool result = QApplication::notify(receiver, event);
        --m_depth;
        if (const double spent = double(timer.nsecsElapsed()) / 1e6; spent > kLongEvent && m_tracing)
            qInfo("  %.1f ms: %s, event %s", spent, qPrintable(name), QMetaEnum::fromType<QEvent::Type>().valueToKey(type));
        return result;
    }

    void setTracing(bool on) { m_tracing = on; }

private:
    int m_depth = 0;
    bool m_tracing = false;
};

/// As a program does that waits for events; QTest::qWait() sleeps between them.
void wait(int milliseconds)
{
    QEventLoop loop;
    QTimer::singleShot(milliseconds, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
}

void wheel(Canvas& canvas, int delta)
{
    const QPointF at = QPointF(canvas.rect().center());
    QWheelEvent event(at, canvas.mapToGlobal(at), {}, {0, delta}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&canvas, &event);
}

} // namespace

class TestResponsiveness : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { prepareApplication(); }
    void whileABatchRuns();
};

void TestResponsiveness::whileABatchRuns()
{
    const std::unique_ptr<QTemporaryDir> folder = freshFolder();
    const int fields = qEnvironmentVariableIntValue("CELLPROOF_FIELDS") > 0 ? qEnvironmentVariableIntValue("CELLPROOF_FIELDS") : 16;
    const std::filesystem::path images = std::filesystem::path(folder->path().toStdString()) / "images";
    simulate::SimulationOptions options;
    options.size = {2048, 2048};
    options.depth = image::BitDepth::Sixteen;
    pipeline::writeSimulation(images, options, fields);

    MainWindow window;
    window.resize(1600, 900);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    Watchdog idle;
    wait(2000);
    idle.stop();
    qInfo("idle: %s", idle.summary().c_str());

    Session& session = window.session();
    QSignalSpy opened(&session, &Session::projectOpened);
    window.open(images);
    QVERIFY(!opened.isEmpty() || opened.wait(kPatience));
    auto* const canvas = window.findChild<Canvas*>();
    auto* const app = static_cast<TracingApplication*>(QCoreApplication::instance());
    app->setTracing(true);
    Watchdog watchdog;
    QElapsedTimer timer;
    timer.start();
    int strokes = 0;
    for (int step = 0; session.batch().running && timer.elapsed() < 4 * kPatience; ++step) {
        wait(25);
        if (step % 80 == 79)
            session.showField((session.currentField() + 1) % fields);
        else if (step % 80 < 40)
            wheel(*canvas, step % 8 < 4 ? 120 : -120);
        else if (step % 80 == 60 && session.masks()) {
            QTest::keyClick(canvas, Qt::Key_P);
            const QPoint at = canvas->rect().center();
            QTest::mousePress(canvas, Qt::LeftButton, {}, at);
            for (int i = 1; i < 10; ++i)
                QTest::mouseMove(canvas, at + QPoint(4 * i, 2 * i));
            QTest::mouseRelease(canvas, Qt::LeftButton, {}, at + QPoint(40, 20));
            ++strokes;
        }
    }
    watchdog.stop();
    app->setTracing(false);
    qInfo("%d fields of 2048 px in %.1f s, %d strokes: %s", session.batch().done, double(timer.elapsed()) / 1000.0, strokes, watchdog.summary().c_str());
    QCOMPARE(session.batch().done, fields);
    QCOMPARE(session.batch().failed, 0);
    if (idle.percentile(0.999) > kQuietWait)
        QSKIP("The machine is busy with other things, so the figure says nothing of the program.");
    QVERIFY(watchdog.percentile(0.999) <= kMostWait);
}

int main(int argc, char** argv)
{
    TracingApplication application(argc, argv);
    TestResponsiveness test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_Responsiveness.moc"
