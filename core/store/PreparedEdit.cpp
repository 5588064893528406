// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/ProjectPrivate.h"

#include <optional>
#include <utility>

namespace cellproof::store {

PreparedEdit::PreparedEdit(annotation::FieldAnnotation before, std::shared_ptr<const annotation::Edit> edit)
{
    auto prepared = std::make_shared<Private>();
    prepared->before = std::move(before);
    prepared->edit = std::move(edit);
    prepared->after = prepared->before;
    prepared->edit->apply(prepared->after);
    prepared->stored = storedEdit(*prepared->edit);
    prepared->bands = packMasks(Masks::of(prepared->before), Masks::of(prepared->after));
    d = std::move(prepared);
}

const annotation::FieldAnnotation& PreparedEdit::before() const
{
    return d->before;
}

const annotation::FieldAnnotation& PreparedEdit::after() const
{
    return d->after;
}

const annotation::Edit& PreparedEdit::edit() const
{
    return *d->edit;
}

bool Project::apply(std::size_t field, const PreparedEdit& edit, const FieldProperties& content)
{
    const PreparedEdit::Private& prepared = edit.packed();
    d->refuseReadOnly();
    std::optional<FieldRecord> kept;
    const auto giveUp = [&] {
        if (kept)
            d->record(field) = std::move(*kept);
        d->forget(field);
    };
    try {
        // Whoever made the edit can make it again: a power cut may take it back, never what a person did before or after.
        Database::Transaction transaction(d->database, Database::Durability::Ordered);
        d->catchUp();
        kept = d->record(field);
        d->saveContent(field, content);
        Document& doc = d->document(field);
        if (doc.field != prepared.before) {
            giveUp();
            return false;
        }
        doc.field = prepared.after;
        appendEdit(d->database, d->numbers[field], doc, prepared.stored);
        d->save(field, prepared.bands, prepared.edit->scope());
        transaction.commit();
    } catch (...) {
        giveUp();
        throw;
    }
    d->refresh(field);
    return true;
}

} // namespace cellproof::store
