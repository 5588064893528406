// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/FolderReader.h"

#include "core/base/File.h"
#include "core/base/Threads.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::image {

namespace {

constexpr std::size_t kSniffBytes = 64;

} // namespace

std::string quoted(const fs::path& path)
{
    return "\"" + readableText(path.native()) + "\"";
}

/// Whether `a` is to be kept when both hold the same channel.
bool FolderReader::isBetter(const Candidate& a, const Candidate& b)
{
    return a.parsed.rank != b.parsed.rank ? a.parsed.rank < b.parsed.rank : a.name.native() < b.name.native();
}

void FolderReader::add(fs::path name)
{
    Candidate candidate{std::move(name), {}};
    candidate.parsed = parseFileName(candidate.name.native());
    const FileName& parsed = candidate.parsed;
    if (parsed.isLeftOut || (parsed.extension == FileName::Extension::Other && !parsed.channel))
        return;
    if (!isUtf8(candidate.name.native())) {
        if (parsed.extension == FileName::Extension::Image || (parsed.extension == FileName::Extension::Unknown && parsed.channel))
            m_unnameable.push_back(std::move(candidate.name));
        return;
    }
    if (!parsed.channel) {
        m_whole.push_back(std::move(candidate));
        return;
    }
    if (parsed.extension != FileName::Extension::Image && !looksLikeImageFile(m_folder / candidate.name))
        return;
    if (parsed.second)
        m_ambiguous.push_back(std::move(candidate));
    else
        place(std::move(candidate));
}

std::vector<FieldFiles> FolderReader::finish()
{
    reportNames();
    placeAmbiguous();
    std::vector<FieldFiles> fields;
    fields.reserve(m_fields.size());
    for (auto& [id, slots] : m_fields)
        fields.push_back(toField(id, slots));
    addWhole(fields);
    return fields;
}

bool FolderReader::looksLikeImageFile(const fs::path& path)
{
    try {
        return looksLikeImage(base::readFileStart(path, kSniffBytes));
    } catch (const base::Error& error) {
        m_problems.push_back({path, error.what()});
        return false;
    }
}

void FolderReader::reportNames()
{
    if (m_unnameable.empty())
        return;
    const fs::path& first = *std::ranges::min_element(m_unnameable); // the order of a folder is any
    const std::size_t count = m_unnameable.size();
    m_problems.push_back({m_folder, count == 1 ? quoted(m_folder / first) + " has a name that is not UTF-8; rename it."
                                               : std::to_string(count) + " images in " + quoted(m_folder) + " have names that are not UTF-8, such as " +
                                                     quoted(first) + "; rename them."});
}

void FolderReader::place(Candidate candidate)
{
    const std::string id = candidate.parsed.id.empty() ? base::toUtf8(m_folder.filename()) : candidate.parsed.id;
    m_fields[id][indexOf(*candidate.parsed.channel)].push_back(std::move(candidate));
}

/// `X_red_green.png` is a picture of two channels where X has channel files of its own, else the green of `X_red`.
void FolderReader::placeAmbiguous()
{
    std::vector<Candidate> kept;
    for (Candidate& candidate : m_ambiguous) {
        const std::string& id = candidate.parsed.id;
        const std::size_t end = id.rfind('_');
        if (end != std::string::npos && !m_fields.contains(id.substr(0, end)))
            kept.push_back(std::move(candidate));
    }
    for (Candidate& candidate : kept)
        place(std::move(candidate));
}

FieldFiles FolderReader::toField(const std::string& id, Slots& slots) const
{
    FieldFiles field;
    field.id = id;
    std::vector<Channel> twice;
    for (const Channel channel : kChannels) {
        std::vector<Candidate>& files = slots[indexOf(channel)];
        if (files.empty())
            continue;
        std::ranges::sort(files, isBetter);
        field.channels[indexOf(channel)] = ChannelFile{m_folder / files.front().name, -1};
        if (files.size() > 1)
            twice.push_back(channel);
    }
    if (!twice.empty()) {
        std::string names(nameOf(twice.front()));
        for (std::size_t i = 1; i < twice.size(); ++i)
            names += (i + 1 < twice.size() ? ", " : " and ") + std::string(nameOf(twice[i]));
        const std::vector<Candidate>& first = slots[indexOf(twice.front())];
        std::string unused = quoted(first[1].name);
        for (std::size_t i = 2; i < first.size(); ++i)
            unused += ", " + quoted(first[i].name);
        field.notices.push_back("The " + names + (twice.size() == 1 ? " channel is" : " channels are") + " there twice; " + quoted(first.front().name) +
                                " is used, " + unused + " is not" + (twice.size() == 1 ? "." : ", and so on."));
    }
    return field;
}

/// Looks into the files without a channel's name.
void FolderReader::addWhole(std::vector<FieldFiles>& fields)
{
    std::ranges::sort(m_whole, isBetter);
    std::map<std::string_view, std::size_t> taken; // id -> index in fields
    for (std::size_t i = 0; i < fields.size(); ++i)
        taken.emplace(fields[i].id, i);
    std::vector<const Candidate*> toInspect;
    for (const Candidate& candidate : m_whole) {
        const auto found = taken.find(candidate.parsed.stem);
        if (found == taken.end())
            toInspect.push_back(&candidate);
        else if (candidate.parsed.extension == FileName::Extension::Image)
            fields[found->second].notices.push_back(quoted(candidate.name) + " is not used: the field has a file for each channel.");
    }

    std::vector<Inspected> inspected(toInspect.size());
    base::parallelFor(toInspect.size(), [&](std::size_t i) {
        m_cancel.throwIfCancelled();
        inspected[i] = inspect(*toInspect[i]);
    });
    std::map<std::string, std::size_t> wholeIds;
    std::size_t singles = 0;
    const Candidate* example = nullptr;
    for (std::size_t i = 0; i < inspected.size(); ++i) {
        if (inspected[i].problem)
            m_problems.push_back(std::move(*inspected[i].problem));
        if (inspected[i].single && singles++ == 0)
            example = toInspect[i];
        if (!inspected[i].field)
            continue;
        const auto [at, isNew] = wholeIds.emplace(inspected[i].field->id, fields.size());
        if (isNew)
            fields.push_back(std::move(*inspected[i].field));
        else
            fields[at->second].notices.push_back(quoted(toInspect[i]->name) + " is not used: another file of that name has all channels.");
    }
    if (example)
        m_problems.push_back({m_folder / example->name, quoted(m_folder) + " holds " + std::to_string(singles) + (singles == 1 ? " image" : " images") +
                                                            " of one channel whose name does not tell which, such as " + quoted(example->name) +
                                                            "; name them ..._red, ..._green, ..._blue or ..._yellow."});
}

FolderReader::Inspected FolderReader::inspect(const Candidate& candidate) const
{
    const fs::path path = m_folder / candidate.name;
    Inspected result;
    try {
        if (candidate.parsed.extension == FileName::Extension::Unknown && !looksLikeImage(base::readFileStart(path, kSniffBytes)))
            return result;
        const ImageFileInfo info = inspectImage(path);
        if (info.planes < 3)
            result.single = true;
        else
            result.field = wholeField(candidate, path, info);
    } catch (const base::Error& error) {
        result.problem = FileProblem{path, error.what()};
    }
    return result;
}

FieldFiles FolderReader::wholeField(const Candidate& candidate, const fs::path& path, const ImageFileInfo& info)
{
    FieldFiles field;
    field.id = candidate.parsed.stem;
    std::vector<bool> used(std::size_t(info.planes));
    for (std::size_t p = 0; p < info.channelHints.size(); ++p) {
        if (const auto& hint = info.channelHints[p]; hint && !field.channels[indexOf(*hint)]) {
            field.channels[indexOf(*hint)] = ChannelFile{path, static_cast<int>(p)};
            used[p] = true;
        }
    }
    const bool hinted = std::ranges::find(used, true) != used.end();
    std::string order;
    std::size_t next = 0;
    for (std::size_t p = 0; p < used.size(); ++p) { // the rest in the order red, green, blue, yellow
        while (next < kChannelCount && field.channels[next])
            ++next;
        if (next == kChannelCount)
            break;
        if (used[p])
            continue;
        field.channels[next] = ChannelFile{path, static_cast<int>(p)};
        const std::string name(nameOf(kChannels[next]));
        order += (order.empty() ? "" : ", ") + name;
        if (hinted)
            field.notices.push_back("Plane " + std::to_string(p + 1) + " of " + quoted(candidate.name) +
                                    (info.channelHints[p] ? " has a name that tells " + std::string(nameOf(*info.channelHints[p])) + " like another one"
                                                          : std::string(" has a name that tells no channel")) +
                                    "; it is taken as " + name + ".");
    }
    if (!hinted && !info.isColour)
        field.notices.push_back("The channels of " + quoted(candidate.name) + " have no names that tell which they are; they were taken as " + order + ".");
    if (info.planes > int(kChannelCount))
        field.notices.push_back(quoted(candidate.name) + " holds " + std::to_string(info.planes) + " planes; four of them are used.");
    return field;
}

} // namespace cellproof::image
