// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Project.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/store/ProjectPrivate.h"
#include "core/store/Schema.h"

#include <QHash>

#include <algorithm>
#include <unistd.h>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::store {

namespace {

/// Documents kept in memory. A 2048 x 2048 field takes 32 MB.
constexpr std::size_t kCachedDocuments = 6;

FieldState stateOf(const Document& doc, const std::string& failure)
{
    if (doc.segmented)
        return FieldState::Segmented;
    return failure.empty() ? FieldState::New : FieldState::Failed;
}

} // namespace

const char* nameOf(FieldState state)
{
    switch (state) {
    case FieldState::New:
        return "new";
    case FieldState::Segmented:
        return "segmented";
    case FieldState::Failed:
        return "failed";
    }
    return "";
}

Project::Project(std::unique_ptr<Private> p) : d(std::move(p)) {}
Project::Project(Project&&) noexcept = default;
Project& Project::operator=(Project&&) noexcept = default;
Project::~Project() = default;

Project Project::create(const fs::path& name, const ProjectOptions& options)
{
    const fs::path path = behindLink(name);
    const std::string taken = "\"" + base::toUtf8(path) + "\" exists already; open it, or choose another name.";
    std::error_code ignored;
    if (fs::exists(path, ignored))
        throw base::Error(taken);
    if (path.has_parent_path())
        fs::create_directories(path.parent_path(), ignored);
    // Made under another name and then linked: a program killed meanwhile leaves nothing that looks like a project.
    fs::path unfinished = path;
    unfinished += ".part-" + std::to_string(::getpid());
    fs::remove(unfinished, ignored);
    try {
        Database database(unfinished, true, std::chrono::seconds(5));
        createSchema(database, {{QStringLiteral("scheme"), QString::fromStdString(options.scheme.toJson())},
                                {QStringLiteral("pixel_size"), QString::number(options.pixelSize, 'g', 17)}});
    } catch (...) {
        fs::remove(unfinished, ignored);
        throw;
    }
    std::error_code failure;
    fs::create_hard_link(unfinished, path, failure);
    if (failure && !fs::exists(path, ignored)) // a file system without links
        fs::rename(unfinished, path, failure);
    fs::remove(unfinished, ignored);
    if (failure)
        throw base::Error(fs::exists(path, ignored) ? taken : "\"" + base::toUtf8(path) + "\" cannot be written: " + failure.message() + ".");
    return open(path);
}

Document& Project::Private::document(std::size_t field)
{
    const auto at = std::ranges::find(cache, field, [](const auto& entry) { return entry.first; });
    if (at != cache.end()) {
        cache.splice(cache.begin(), cache, at);
        return cache.front().second;
    }
    const auto load = [&] {
        const FieldRecord& r = record(field);
        cache.emplace_front(field, loadDocument(database, numbers[field], r.size, r.weakLabels, scheme.classCount()));
    };
    try {
        try {
            load();
        } catch (const base::Error&) {
            // Another process may have stored it meanwhile, with another size.
            const Database::Snapshot snapshot(database);
            if (database.dataVersion() == dataVersion)
                throw;
            catchUp();
            load();
        }
    } catch (const base::Error& error) {
        damaged("the field \"" + record(field).id + "\" cannot be loaded (" + error.what() + ")");
    }
    if (cache.size() > kCachedDocuments)
        cache.pop_back();
    return cache.front().second;
}

void Project::Private::forget(std::size_t field)
{
    cache.remove_if([field](const auto& entry) { return entry.first == field; });
}

/// Brings the record of a field in line with its document.
void Project::Private::refresh(std::size_t field)
{
    const Document& doc = document(field);
    FieldRecord& r = record(field);
    r.cellCount = static_cast<int>(doc.field.cells().size());
    r.reviewedCount = static_cast<int>(
        std::ranges::count_if(doc.field.cells(), [](const auto& entry) { return entry.second.review != annotation::ReviewState::Unreviewed; }));
    r.questionCount = static_cast<int>(std::ranges::count_if(doc.field.cells(), [](const auto& entry) { return !entry.second.question.empty(); }));
    r.weakLabels = doc.field.weakLabels();
    r.state = stateOf(doc, r.failure);
    if (r.state == FieldState::Segmented)
        r.failure.clear();
}

/// Runs a change of one field in a transaction. Where it fails, file, document and record are as they were.
void Project::Private::change(std::size_t field, const std::function<void()>& body)
{
    refuseReadOnly();
    try {
        Database::Transaction transaction(database);
        catchUp();
        body();
        transaction.commit();
    } catch (...) {
        // The file is what counts: the document is read again as it stands there.
        forget(field);
        throw;
    }
    refresh(field);
}

/// Stores what edits changed of a document that was in the file with the masks `before`. The caller holds the transaction.
void Project::Private::save(std::size_t field, const std::vector<PackedBand>& bands, const annotation::EditScope& scope)
{
    Document& doc = document(field);
    const qint64 number = numbers[field];
    saveBands(database, number, bands);
    saveCells(database, number, doc.field, scope.cells);
    if (scope.weakLabels)
        saveWeakLabels(record(field).id, doc.field.weakLabels());
    saveState(database, number, doc);
    const std::string& failure = record(field).failure;
    if (const FieldState state = stateOf(doc, failure); state != record(field).state || !failure.empty())
        database.run(QStringLiteral("UPDATE field SET state = ?, failure = ? WHERE number = ?"),
                     {static_cast<int>(state), state == FieldState::Segmented ? QStringLiteral("") : toQString(failure), number});
}

/// Takes back or repeats edits until as many are applied. The caller holds the transaction.
void Project::Private::moveTo(std::size_t field, std::size_t applied, const base::CancelToken& cancel)
{
    Document& doc = document(field);
    if (applied > doc.edits)
        throw base::Error("The history of the field has " + std::to_string(doc.edits) + " steps; step " + std::to_string(applied) + " is none of them.");
    const Masks before = Masks::of(doc.field);
    annotation::EditScope whole;
    while (doc.applied != applied) {
        cancel.throwIfCancelled();
        const bool back = doc.applied > applied;
        const auto edit = loadEdit(database, numbers[field], back ? doc.applied - 1 : doc.applied);
        back ? edit->revert(doc.field) : edit->apply(doc.field);
        back ? --doc.applied : ++doc.applied;
        annotation::EditScope scope = edit->scope();
        whole.cells.merge(scope.cells);
        whole.weakLabels = whole.weakLabels || scope.weakLabels;
    }
    save(field, packMasks(before, Masks::of(doc.field)), whole);
}

void Project::Private::saveWeakLabels(const std::string& id, const std::vector<int>& classes)
{
    database.run(QStringLiteral("INSERT INTO weak_label (image_id, classes, by_person) VALUES (?, ?, 1)"
                                " ON CONFLICT (image_id) DO UPDATE SET classes = excluded.classes, by_person = 1"),
                 {toQString(id), classesToText(classes)});
}

const fs::path& Project::path() const
{
    return d->path;
}

const annotation::LabelScheme& Project::scheme() const
{
    return d->scheme;
}

double Project::defaultPixelSize() const
{
    return d->pixelSize;
}

const std::vector<FieldRecord>& Project::fields() const
{
    return d->records;
}

std::optional<std::size_t> Project::find(const std::string& id) const
{
    const auto at = d->indexOfId.find(id);
    return at == d->indexOfId.end() ? std::nullopt : std::optional(at->second);
}

void Project::setFailure(std::size_t field, const std::string& message)
{
    d->refuseReadOnly();
    Database::Transaction transaction(d->database, Database::Durability::Ordered);
    d->catchUp();
    FieldRecord& r = d->record(field);
    const FieldState state = r.state == FieldState::Segmented ? FieldState::Segmented : FieldState::Failed;
    d->database.run(QStringLiteral("UPDATE field SET state = ?, failure = ? WHERE number = ?"),
                    {static_cast<int>(state), toQString(message), d->numbers[field]});
    transaction.commit();
    r.state = state;
    r.failure = message;
}

std::string Project::Private::editText(std::size_t field, std::size_t place)
{
    const std::vector<std::string> texts = loadEditTexts(database, numbers[field], place, 1);
    return texts.empty() ? std::string() : texts.front();
}

bool Project::refresh()
{
    if (d->database.dataVersion() == d->dataVersion)
        return false;
    const Database::Snapshot snapshot(d->database);
    d->catchUp();
    return true;
}

const annotation::FieldAnnotation& Project::annotation(std::size_t field)
{
    if (d->readOnly)
        refresh();
    return d->document(field).field;
}

void Project::apply(std::size_t field, std::shared_ptr<const annotation::Edit> edit)
{
    d->change(field, [&] {
        Document& doc = d->document(field);
        const Masks before = Masks::of(doc.field);
        edit->apply(doc.field);
        appendEdit(d->database, d->numbers[field], doc, storedEdit(*edit));
        d->save(field, packMasks(before, Masks::of(doc.field)), edit->scope());
    });
}

bool Project::undo(std::size_t field)
{
    bool moved = false;
    d->change(field, [&] {
        if (const std::size_t applied = d->document(field).applied; applied > 0) {
            d->moveTo(field, applied - 1);
            moved = true;
        }
    });
    return moved;
}

bool Project::redo(std::size_t field)
{
    bool moved = false;
    d->change(field, [&] {
        if (const Document& doc = d->document(field); doc.applied < doc.edits) {
            d->moveTo(field, doc.applied + 1);
            moved = true;
        }
    });
    return moved;
}

void Project::goTo(std::size_t field, std::size_t applied)
{
    d->change(field, [&] {
        if (d->document(field).applied != applied)
            d->moveTo(field, applied);
    });
}

std::size_t Project::appliedEdits(std::size_t field)
{
    return d->document(field).applied;
}

std::size_t Project::editCount(std::size_t field)
{
    return d->document(field).edits;
}

std::vector<HistoryEntry> Project::history(std::size_t field, std::size_t first, std::size_t count)
{
    std::vector<HistoryEntry> entries;
    QSqlQuery rows = d->database.run(QStringLiteral("SELECT description, time FROM edit WHERE field = ? AND place >= ? ORDER BY place LIMIT ?"),
                                     {d->numbers.at(field), static_cast<qint64>(first), static_cast<qint64>(count)});
    while (rows.next())
        entries.push_back({rows.value(0).toString().toStdString(), rows.value(1).toLongLong()});
    return entries;
}

std::vector<std::string> Project::historyTexts(std::size_t field)
{
    return loadEditTexts(d->database, d->numbers[field], 0, d->document(field).edits);
}

std::string Project::undoText(std::size_t field)
{
    const Document& doc = d->document(field);
    return doc.applied > 0 ? d->editText(field, doc.applied - 1) : std::string();
}

std::string Project::redoText(std::size_t field)
{
    const Document& doc = d->document(field);
    return doc.applied < doc.edits ? d->editText(field, doc.applied) : std::string();
}

std::optional<std::string> Project::setting(const std::string& key) const
{
    QSqlQuery query = d->database.run(QStringLiteral("SELECT value FROM setting WHERE name = ?"), {toQString(key)});
    if (!query.next())
        return std::nullopt;
    return query.value(0).toString().toStdString();
}

void Project::Private::saveSetting(const std::string& key, const std::string& value)
{
    database.run(QStringLiteral("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
                 {toQString(key), toQString(value)});
}

void Project::setSetting(const std::string& key, const std::string& value)
{
    d->refuseReadOnly();
    Database::Transaction transaction(d->database, Database::Durability::Ordered); // a convenience, not worth waiting for the disk
    d->saveSetting(key, value);
    transaction.commit();
}

} // namespace cellproof::store
