// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/Theme.h"

#include <QApplication>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>

namespace cellproof::ui {

namespace {

QPalette darkPalette()
{
    QPalette palette;
    const QColor window(0x2a, 0x2a, 0x2a);
    const QColor base(0x1e, 0x1e, 0x1e);
    const QColor text(0xe4, 0xe4, 0xe4);
    const QColor disabled(0x80, 0x80, 0x80);
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, QColor(0x25, 0x25, 0x25));
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::PlaceholderText, QColor(0xa0, 0xa0, 0xa0));
    palette.setColor(QPalette::Button, QColor(0x38, 0x38, 0x38));
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::ToolTipBase, QColor(0x3c, 0x3c, 0x3c));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::Highlight, QColor(0x2f, 0x6f, 0xb3));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x6c, 0xb2, 0xff));
    palette.setColor(QPalette::Light, QColor(0x50, 0x50, 0x50));
    palette.setColor(QPalette::Midlight, QColor(0x44, 0x44, 0x44));
    palette.setColor(QPalette::Mid, QColor(0x4a, 0x4a, 0x4a));
    palette.setColor(QPalette::Dark, QColor(0x16, 0x16, 0x16));
    palette.setColor(QPalette::Shadow, Qt::black);
    for (const QPalette::ColorRole role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, disabled);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(0x50, 0x50, 0x50));
    return palette;
}

} // namespace

void applyTheme(QApplication& application, Theme theme)
{
    // A sheet that stays while the palette changes keeps the colours of before in most widgets.
    application.setStyleSheet({});
    application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    application.setPalette(theme == Theme::Dark ? darkPalette() : QApplication::style()->standardPalette());
    // Fusion hardly shows which buttons are checked.
    application.setStyleSheet(
        QStringLiteral("QPushButton:checked, QToolButton:checked { background-color: palette(highlight); color: palette(highlighted-text); }"));
}

} // namespace cellproof::ui
