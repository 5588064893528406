// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QApplication;

namespace cellproof::ui {

enum class Theme { Dark, Light };

/// Gives the whole application the colours of a theme. Grey without tint, so that it does not colour the judgement of
/// images.
void applyTheme(QApplication& application, Theme theme);

} // namespace cellproof::ui
