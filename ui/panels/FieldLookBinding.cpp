// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/FieldLookBinding.h"

#include "ui/panels/ChannelPanel.h"
#include "ui/session/FieldLooks.h"
#include "ui/session/Session.h"

namespace cellproof::ui {

void bindFieldLooks(Session& session, FieldLooks& looks, ChannelPanel& panel)
{
    Session* const s = &session;
    FieldLooks* const l = &looks;
    ChannelPanel* const p = &panel;
    QObject::connect(s, &Session::currentFieldChanged, p, [s, l, p] {
        if (s->currentField() >= 0)
            p->setFieldLook(l->look(s->currentField()));
    });
    QObject::connect(p, &ChannelPanel::fieldLookEdited, l, [s, l](const FieldLook& look) {
        if (s->currentField() >= 0)
            l->set(s->currentField(), look);
    });
    QObject::connect(p, &ChannelPanel::copyToAllAsked, l, [s, l, p](const FieldLook& look) {
        if (s->currentField() < 0)
            return;
        Q_EMIT p->told(l->copyToAll(look) ? ChannelPanel::tr("All fields are shown like this one now.")
                                          : ChannelPanel::tr("The project could not be written just now; copy to all fields again."));
    });
    QObject::connect(p, &ChannelPanel::defaultAsked, l, [s, l, p] {
        if (s->currentField() < 0)
            return;
        l->set(s->currentField(), l->defaultLook());
        p->setFieldLook(l->defaultLook());
    });
}

} // namespace cellproof::ui
