// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/FieldSource.h"

#include "core/base/File.h"
#include "core/base/Threads.h"
#include "core/image/Codec.h"
#include "core/image/FileName.h"

#include <algorithm>
#include <map>
#include <set>
#include <sys/stat.h>
#include <unordered_set>

namespace fs = std::filesystem;

namespace cellproof::image {

namespace {

constexpr std::size_t kEntriesBetweenChecks = 1024;
constexpr std::size_t kSniffBytes = 64;

std::string quoted(const fs::path& path)
{
    return "\"" + base::toUtf8(path) + "\"";
}

struct Candidate
{
    fs::path name; // without its folder
    FileName parsed;
};

/// Whether `a` is to be kept when both hold the same channel.
bool isBetter(const Candidate& a, const Candidate& b)
{
    return a.parsed.rank != b.parsed.rank ? a.parsed.rank < b.parsed.rank : a.name.native() < b.name.native();
}

bool looksLikeImageFile(const fs::path& path, std::vector<FileProblem>& problems)
{
    try {
        return looksLikeImage(base::readFileStart(path, kSniffBytes));
    } catch (const base::Error& error) {
        problems.push_back({path, error.what()});
        return false;
    }
}

/// The fields of one folder, without the folders below.
class FolderReader
{
public:
    FolderReader(fs::path folder, FieldScan& result, const base::CancelToken& cancel) : m_folder(std::move(folder)), m_result(result), m_cancel(cancel) {}

    /// Takes note of a file.
    void add(fs::path name)
    {
        Candidate candidate{std::move(name), {}};
        candidate.parsed = parseFileName(base::toUtf8(candidate.name));
        if (candidate.parsed.isLeftOut)
            return;
        if (!candidate.parsed.channel) {
            if (candidate.parsed.extension != FileName::Extension::Other)
                m_whole.push_back(std::move(candidate));
            return;
        }
        if (candidate.parsed.extension != FileName::Extension::Image && !looksLikeImageFile(m_folder / candidate.name, m_result.problems))
            return;
        if (candidate.parsed.second)
            m_ambiguous.push_back(std::move(candidate));
        else
            place(std::move(candidate));
    }

    /// The fields made of what was added, in no particular order.
    [[nodiscard]] std::vector<FieldFiles> finish()
    {
        placeAmbiguous();
        std::vector<FieldFiles> fields;
        fields.reserve(m_fields.size());
        for (auto& [id, slots] : m_fields)
            fields.push_back(toField(id, slots));
        addWhole(fields);
        return fields;
    }

private:
    struct Slots
    {
        std::array<std::optional<Candidate>, kChannelCount> best;
        std::vector<std::string> notices;
    };

    void place(Candidate candidate)
    {
        const std::string id = candidate.parsed.id.empty() ? base::toUtf8(m_folder.filename()) : candidate.parsed.id;
        const Channel channel = *candidate.parsed.channel;
        Slots& slots = m_fields[id];
        std::optional<Candidate>& best = slots.best[indexOf(channel)];
        if (best) {
            if (isBetter(candidate, *best))
                std::swap(candidate, *best);
            slots.notices.push_back("The " + std::string(nameOf(channel)) + " channel is there twice; " + quoted(best->name) + " is used, " +
                                    quoted(candidate.name) + " is not.");
            return;
        }
        best = std::move(candidate);
    }

    /// `X_red_green.png` is a picture of two channels where X has channel files of its own, else the green of `X_red`.
    void placeAmbiguous()
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

    [[nodiscard]] FieldFiles toField(const std::string& id, Slots& slots) const
    {
        FieldFiles field;
        field.id = id;
        field.notices = std::move(slots.notices);
        std::ranges::sort(field.notices);
        for (const Channel channel : kChannels) {
            if (const auto& best = slots.best[indexOf(channel)])
                field.channels[indexOf(channel)] = ChannelFile{m_folder / best->name, -1};
        }
        return field;
    }

    /// Looks into the files without a channel's name.
    void addWhole(std::vector<FieldFiles>& fields)
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
                m_result.problems.push_back(std::move(*inspected[i].problem));
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
            m_result.problems.push_back({m_folder / example->name, quoted(m_folder) + " holds " + std::to_string(singles) +
                                                                       (singles == 1 ? " image" : " images") +
                                                                       " of one channel whose name does not tell which, such as " + quoted(example->name) +
                                                                       "; name them ..._red, ..._green, ..._blue or ..._yellow."});
    }

    struct Inspected
    {
        std::optional<FieldFiles> field;
        std::optional<FileProblem> problem;
        bool single = false;
    };

    [[nodiscard]] Inspected inspect(const Candidate& candidate) const
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

    [[nodiscard]] static FieldFiles wholeField(const Candidate& candidate, const fs::path& path, const ImageFileInfo& info)
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
        std::size_t next = 0;
        for (std::size_t p = 0; p < used.size(); ++p) { // the rest in the order red, green, blue, yellow
            while (next < kChannelCount && field.channels[next])
                ++next;
            if (next == kChannelCount)
                break;
            if (used[p])
                continue;
            field.channels[next] = ChannelFile{path, static_cast<int>(p)};
            if (hinted)
                field.notices.push_back("Plane " + std::to_string(p + 1) + " of " + quoted(candidate.name) +
                                        " has a name that tells no channel; it is taken as " + std::string(nameOf(kChannels[next])) + ".");
        }
        if (info.planes > int(kChannelCount))
            field.notices.push_back(quoted(candidate.name) + " holds " + std::to_string(info.planes) + " planes; four of them are used.");
        return field;
    }

    fs::path m_folder;
    FieldScan& m_result;
    const base::CancelToken& m_cancel;
    std::map<std::string, Slots> m_fields;
    std::vector<Candidate> m_whole;
    std::vector<Candidate> m_ambiguous;
};

class TreeScanner
{
public:
    TreeScanner(fs::path root, const base::CancelToken& cancel, const base::Progress& progress)
        : m_root(std::move(root)), m_cancel(cancel), m_progress(progress)
    {
    }

    [[nodiscard]] FieldScan run()
    {
        std::error_code failure;
        if (!fs::is_directory(m_root, failure))
            throw base::Error(quoted(m_root) + " cannot be opened: " +
                              (failure && failure != std::errc::no_such_file_or_directory ? failure.message()
                               : fs::exists(m_root, failure)                              ? "it is not a folder"
                                                                                          : "it does not exist") +
                              ".");
        m_waiting.push_back(m_root);
        while (!m_waiting.empty()) {
            fs::path folder = std::move(m_waiting.back());
            m_waiting.pop_back();
            scan(folder);
        }
        if (m_result.fields.empty() && m_result.problems.empty())
            m_result.problems.push_back(
                {m_root, quoted(m_root) + " holds no images named <id>_red, _green, _blue or _yellow, and none with all channels in one file."});
        std::ranges::sort(m_result.fields, [](const FieldFiles& a, const FieldFiles& b) { return naturalLess(a.id, b.id); });
        m_progress.report(1.0, "files found");
        return std::move(m_result);
    }

private:
    void scan(const fs::path& folder)
    {
        struct stat info = {};
        if (::stat(folder.c_str(), &info) == 0 && !m_visited.emplace(info.st_dev, info.st_ino).second)
            return;
        std::error_code failure;
        fs::directory_iterator entry(folder, failure);
        if (failure) {
            const std::string message =
                quoted(folder) + " cannot be opened: " + (failure == std::errc::permission_denied ? "you have no permission for it" : failure.message()) + ".";
            if (folder == m_root)
                throw base::Error(message);
            m_result.problems.push_back({folder, message});
            return;
        }
        FolderReader reader(folder, m_result, m_cancel);
        std::vector<fs::path> below;
        while (entry != fs::directory_iterator()) {
            if (++m_entries % kEntriesBetweenChecks == 0) {
                m_cancel.throwIfCancelled();
                m_progress.report(0.0, "looking for images");
            }
            std::error_code ignored; // a link that leads nowhere is neither
            const fs::path& path = entry->path();
            if (entry->is_directory(ignored)) {
                if (!path.filename().native().starts_with('.'))
                    below.push_back(path);
            } else if (entry->is_regular_file(ignored)) {
                reader.add(path.filename());
            }
            entry.increment(failure);
            if (failure) {
                m_result.problems.push_back({folder, quoted(folder) + " cannot be read to its end: " + failure.message() + "."});
                break;
            }
        }
        take(folder, reader.finish());
        std::ranges::sort(below, [](const fs::path& a, const fs::path& b) { return naturalLess(b.native(), a.native()); });
        m_waiting.insert(m_waiting.end(), below.begin(), below.end()); // the last is taken next
    }

    void take(const fs::path& folder, std::vector<FieldFiles> fields)
    {
        std::string prefix = base::toUtf8(folder.lexically_relative(m_root));
        std::ranges::replace(prefix, '/', '_');
        std::ranges::sort(fields, [](const FieldFiles& a, const FieldFiles& b) { return naturalLess(a.id, b.id); });
        for (FieldFiles& field : fields) {
            if (!m_ids.insert(field.id).second) {
                const std::string wanted = field.id;
                field.id = prefix + "_" + wanted;
                for (int n = 2; !m_ids.insert(field.id).second; ++n)
                    field.id = prefix + "_" + wanted + "_" + std::to_string(n);
                field.notices.push_back("Another folder has a field called \"" + wanted + "\"; this one is called \"" + field.id + "\".");
            }
            m_result.fields.push_back(std::move(field));
        }
    }

    fs::path m_root;
    const base::CancelToken& m_cancel;
    const base::Progress& m_progress;
    FieldScan m_result;
    std::vector<fs::path> m_waiting;
    std::set<std::pair<dev_t, ino_t>> m_visited;
    std::unordered_set<std::string> m_ids;
    std::size_t m_entries = 0;
};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

} // namespace

bool naturalLess(std::string_view a, std::string_view b)
{
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (!isDigit(a[i]) || !isDigit(b[j])) {
            if (a[i] != b[j])
                return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
            ++i;
            ++j;
            continue;
        }
        const auto number = [](std::string_view text, std::size_t& at) {
            while (at < text.size() && text[at] == '0')
                ++at;
            const std::size_t first = at;
            while (at < text.size() && isDigit(text[at]))
                ++at;
            return text.substr(first, at - first);
        };
        const std::string_view x = number(a, i);
        const std::string_view y = number(b, j);
        if (x.size() != y.size())
            return x.size() < y.size();
        if (x != y)
            return x < y;
    }
    if (i < a.size() || j < b.size())
        return j < b.size();
    return a < b; // differ in leading zeros only
}

FieldScan scanFolder(const fs::path& folder, const base::CancelToken& cancel, const base::Progress& progress)
{
    cancel.throwIfCancelled();
    return TreeScanner(folder, cancel, progress).run();
}

} // namespace cellproof::image
