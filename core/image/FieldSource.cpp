// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/FieldSource.h"

#include "core/base/File.h"
#include "core/image/FolderReader.h"

#include <algorithm>
#include <set>
#include <sys/stat.h>
#include <tuple>
#include <unordered_set>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::image {

namespace {

constexpr std::size_t kEntriesBetweenChecks = 1024;

/// The folder as an absolute path without dots, to be used from any working directory later on; links in it are kept.
fs::path absoluteFolder(const fs::path& folder)
{
    std::error_code failure;
    const fs::path whole = fs::absolute(folder, failure);
    if (failure)
        return folder;
    fs::path plain = whole.lexically_normal();
    if (!fs::equivalent(whole, plain, failure)) // ".." behind a link leads elsewhere
        plain = fs::canonical(whole, failure);
    if (failure)
        return folder;
    return plain.has_filename() || !plain.has_relative_path() ? plain : plain.parent_path();
}

/// Whether the folder holds what a run of ours wrote.
bool isResultFolder(const fs::path& folder)
{
    std::error_code ignored;
    return fs::exists(folder / "submission.csv", ignored) && fs::exists(folder / "contact-sheet.png", ignored);
}

class TreeScanner
{
public:
    TreeScanner(const fs::path& root, const base::CancelToken& cancel, const base::Progress& progress)
        : m_root(absoluteFolder(root)), m_cancel(cancel), m_progress(progress)
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
        if (!isUtf8(m_root.native()))
            throw base::Error(quoted(m_root) + " cannot be opened: the name is not UTF-8; rename the folder.");
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
        std::ranges::sort(m_result.problems, {}, [](const FileProblem& problem) { return std::tie(problem.path, problem.message); });
        m_progress.report(1.0, "files found");
        return std::move(m_result);
    }

private:
    void scan(const fs::path& folder)
    {
        struct stat info = {};
        if (::stat(folder.c_str(), &info) == 0 && !m_visited.emplace(info.st_dev, info.st_ino).second)
            return;
        if (folder != m_root && isResultFolder(folder))
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
        FolderReader reader(folder, m_result.problems, m_cancel);
        std::vector<fs::path> below;
        while (entry != fs::directory_iterator()) {
            if (++m_entries % kEntriesBetweenChecks == 0) {
                m_cancel.throwIfCancelled();
                m_progress.report(0.0, "looking for images");
            }
            std::error_code ignored; // a link that leads nowhere is neither
            const fs::path& path = entry->path();
            if (entry->is_directory(ignored)) {
                const std::string name = path.filename().native();
                if (!isUtf8(name))
                    m_result.problems.push_back({folder, "The folder " + quoted(path) + " has a name that is not UTF-8; rename it."});
                else if (!name.starts_with('.'))
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
