// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace cellproof::ui {

class ChannelPanel;
class FieldLooks;
class Session;

/// Lets a panel show the look that is kept with the field in view, and keeps with it what the user changes there. All three are
/// to live as long as one of them sends signals.
void bindFieldLooks(Session& session, FieldLooks& looks, ChannelPanel& panel);

} // namespace cellproof::ui
