// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pipeline/Simulate.h"
#include "tests/support/TestData.h"
#include "ui/session/Session.h"
#include "ui/window/MainWindow.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTimer>
#include <QtTest/QtTest>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>

namespace cellproof::testing {

inline constexpr int kPatience = 60000; // milliseconds

/// Settings and data folders of the tests' own, dialogs that a test can find.
inline void prepareApplication()
{
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    QCoreApplication::setOrganizationName(QStringLiteral("Cellproof tests"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QStandardPaths::setTestModeEnabled(true);
}

/// An empty folder that also holds the settings from now on.
inline std::unique_ptr<QTemporaryDir> freshFolder()
{
    auto folder = std::make_unique<QTemporaryDir>();
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder->path());
    return folder;
}

/// A folder with simulated fields of 512 x 512 pixels and their labels.
inline std::filesystem::path writeImages(const QTemporaryDir& folder, const std::string& name, int count, unsigned seed = 3)
{
    const std::filesystem::path images = std::filesystem::path(folder.path().toStdString()) / name;
    simulate::SimulationOptions options;
    options.size = {512, 512};
    options.seed = seed;
    options.mitotic = 0.0;
    pipeline::writeSimulation(images, options, count);
    return images;
}

/// Opens a folder or project and waits until all fields are segmented and the first one is drawn with its cells.
inline void openAndWait(ui::MainWindow& window, const std::filesystem::path& path)
{
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QSignalSpy opened(&window.session(), &ui::Session::projectOpened);
    window.open(path);
    QVERIFY(!opened.isEmpty() || opened.wait(kPatience));
    QTRY_VERIFY_WITH_TIMEOUT(!window.session().batch().running, kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(window.session().pixels() && window.session().masks(), kPatience);
}

/// The widget of that type and accessible name.
template <class Widget>
Widget* findNamed(const QWidget& window, const QString& name)
{
    const QList<Widget*> all = window.findChildren<Widget*>();
    const auto at = std::ranges::find(all, name, [](const Widget* widget) { return widget->accessibleName(); });
    return at == all.end() ? nullptr : *at;
}

/// Runs the action of that text ("&" left out), as its menu would.
inline void trigger(const QWidget& window, const QString& text)
{
    for (QAction* const action : window.findChildren<QAction*>()) {
        if (action->text().remove(QLatin1Char('&')) == text) {
            action->trigger();
            return;
        }
    }
    QFAIL(qPrintable(QStringLiteral("no action %1").arg(text)));
}

/// The longest time for which the window's thread did not answer.
class LongestGap
{
public:
    LongestGap()
    {
        QObject::connect(&m_ticker, &QTimer::timeout, [this] { m_longest = std::max(m_longest, m_sinceTick.restart()); });
        m_sinceTick.start();
        m_ticker.start(1);
    }

    [[nodiscard]] qint64 milliseconds() const { return std::max(m_longest, m_sinceTick.elapsed()); }

private:
    QTimer m_ticker;
    QElapsedTimer m_sinceTick;
    qint64 m_longest = 0;
};

} // namespace cellproof::testing
