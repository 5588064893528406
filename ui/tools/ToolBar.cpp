// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/ToolBar.h"

#include "ui/tools/ToolBox.h"

#include <QAction>

namespace cellproof::ui {

namespace {

constexpr int kIconSide = 22;

} // namespace

ToolBar::ToolBar(ToolBox& tools, QWidget* parent) : QToolBar(tr("Tools"), parent)
{
    setObjectName(QStringLiteral("ToolBar"));
    setOrientation(Qt::Vertical);
    setMovable(false);
    setToolButtonStyle(Qt::ToolButtonIconOnly);
    setIconSize(QSize(kIconSide, kIconSide));
    addActions(tools.toolActions());
    addSeparator();
    addActions(tools.commandActions());
    // A screen reader would read the tooltip's markup.
    for (const QList<QAction*>* const list : {&tools.toolActions(), &tools.commandActions()}) {
        for (QAction* const action : *list)
            widgetForAction(action)->setAccessibleName(action->text().remove(QLatin1Char('&')));
    }
}

} // namespace cellproof::ui
