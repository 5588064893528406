// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/FieldLooks.h"

#include "core/base/Error.h"
#include "ui/session/Session.h"

#include <chrono>

namespace cellproof::ui {

namespace {

constexpr std::chrono::seconds kRest(1);
constexpr std::chrono::seconds kAgainAfter(4); // where the file was locked: each try may wait for a moment

const std::string kDefaultKey = "look:all";

std::string keyOf(const std::string& id)
{
    return "look:field " + id;
}

/// A look behind the number of times that looks had been copied to all fields: "3 {...}".
std::string toText(std::int64_t generation, const FieldLook& look)
{
    return std::to_string(generation) + ' ' + look.toJson();
}

std::optional<std::pair<std::int64_t, FieldLook>> fromText(const std::string& text)
{
    const std::size_t space = text.find(' ');
    if (space == std::string::npos)
        return std::nullopt;
    bool isNumber = false;
    const qlonglong generation = QString::fromStdString(text.substr(0, space)).toLongLong(&isNumber);
    std::optional<FieldLook> look = FieldLook::fromJson(text.substr(space + 1));
    if (!isNumber || !look)
        return std::nullopt;
    return std::pair(static_cast<std::int64_t>(generation), std::move(*look));
}

std::optional<std::pair<std::int64_t, FieldLook>> read(const store::Project& project, const std::string& key)
{
    try {
        const std::optional<std::string> text = project.setting(key);
        return text ? fromText(*text) : std::nullopt;
    } catch (const base::Error&) {
        return std::nullopt;
    }
}

struct DefaultLook
{
    FieldLook look;
    std::int64_t generation = 0; ///< how often a look was copied to all: own looks of before no longer count
};

DefaultLook readDefault(const store::Project& project)
{
    auto stored = read(project, kDefaultKey);
    return stored ? DefaultLook{std::move(stored->second), stored->first} : DefaultLook{};
}

std::optional<FieldLook> readOwn(const store::Project& project, const std::string& id, std::int64_t generation)
{
    auto stored = read(project, keyOf(id));
    if (!stored || stored->first != generation)
        return std::nullopt;
    return std::move(stored->second);
}

bool write(store::Project& project, const std::string& key, const std::string& text)
{
    try {
        project.setSetting(key, text);
        return true;
    } catch (const base::Error&) {
        return false;
    }
}

} // namespace

FieldLook lookOf(const store::Project& project, const std::string& fieldId)
{
    DefaultLook all = readDefault(project);
    std::optional<FieldLook> own = readOwn(project, fieldId, all.generation);
    return own ? std::move(*own) : std::move(all.look);
}

FieldLooks::FieldLooks(Session* session, QObject* parent) : QObject(parent), m_session(session)
{
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &FieldLooks::flush);
    // Asked for before a project is closed, too.
    connect(m_session, &Session::commitAsked, this, &FieldLooks::flush);
}

bool FieldLooks::isField(int field) const
{
    return m_session->hasProject() && field >= 0 && field < m_session->fieldCount();
}

bool FieldLooks::isUnwritten(int field) const
{
    return m_project == m_session->projectNumber() && m_unwritten.contains(m_session->field(field).id);
}

FieldLook FieldLooks::look(int field) const
{
    if (!isField(field))
        return defaultLook();
    return isUnwritten(field) ? m_unwritten.at(m_session->field(field).id) : lookOf(m_session->project(), m_session->field(field).id);
}

bool FieldLooks::isOwn(int field) const
{
    return isField(field) && (isUnwritten(field) || readOwn(m_session->project(), m_session->field(field).id, readDefault(m_session->project()).generation));
}

FieldLook FieldLooks::defaultLook() const
{
    return m_session->hasProject() ? readDefault(m_session->project()).look : FieldLook();
}

void FieldLooks::set(int field, const FieldLook& look)
{
    if (!isField(field))
        return;
    if (m_project != m_session->projectNumber())
        m_unwritten.clear();
    m_project = m_session->projectNumber();
    m_unwritten[m_session->field(field).id] = look;
    m_rest.start(kRest);
}

bool FieldLooks::copyToAll(const FieldLook& look)
{
    if (!m_session->hasProject())
        return false;
    const std::int64_t generation = readDefault(m_session->project()).generation + 1;
    if (!write(m_session->project(), kDefaultKey, toText(generation, look)))
        return false;
    m_unwritten.clear();
    m_rest.stop();
    return true;
}

void FieldLooks::flush()
{
    m_rest.stop();
    if (!m_session->hasProject() || m_project != m_session->projectNumber()) {
        m_unwritten.clear();
        return;
    }
    if (m_unwritten.empty() || m_session->isReadOnly())
        return;
    const std::int64_t generation = readDefault(m_session->project()).generation;
    while (!m_unwritten.empty()) {
        const auto& [id, look] = *m_unwritten.begin();
        if (!write(m_session->project(), keyOf(id), toText(generation, look))) {
            m_rest.start(kAgainAfter);
            return;
        }
        m_unwritten.erase(m_unwritten.begin());
    }
}

} // namespace cellproof::ui
