// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/MainWindow.h"
#include "ui/window/Theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>

#include <clocale>

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    std::setlocale(LC_NUMERIC, "C"); // Qt took the user's: numbers in files have a point
    QApplication::setApplicationName(QStringLiteral("Cellproof"));
    QApplication::setOrganizationName(QStringLiteral("Cellproof"));
    QApplication::setApplicationVersion(QStringLiteral(CELLPROOF_VERSION));

    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate("main", "Proofreads single-cell images of the Human Protein Atlas kind."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("path"), QCoreApplication::translate("main", "A project (NAME.cellproof) or a folder of images."),
                                 QStringLiteral("[path]"));
    parser.process(application);

    const bool light = QSettings().value(QStringLiteral("theme")).toString() == QStringLiteral("light");
    cellproof::ui::applyTheme(application, light ? cellproof::ui::Theme::Light : cellproof::ui::Theme::Dark);
    cellproof::ui::MainWindow window;
    window.show();
    if (!parser.positionalArguments().isEmpty())
        window.open(parser.positionalArguments().front().toStdString());
    return QApplication::exec();
}
