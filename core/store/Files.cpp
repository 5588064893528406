// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Files.h"

#include "core/base/Error.h"
#include "core/base/File.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace fs = std::filesystem;

namespace cellproof::store {

fs::path behindLink(const fs::path& path)
{
    std::error_code failure;
    if (!fs::is_symlink(path, failure))
        return path;
    const fs::path file = fs::weakly_canonical(path, failure);
    return failure ? path : file;
}

fs::path withEnding(const fs::path& file, std::string_view ending)
{
    fs::path path = file;
    path += ending;
    return path;
}

bool haveSameContent(const fs::path& a, const fs::path& b)
{
    std::error_code failure;
    const std::uintmax_t bytes = fs::file_size(a, failure);
    if (failure || bytes != fs::file_size(b, failure) || failure)
        return false;
    std::ifstream left(a, std::ios::binary);
    std::ifstream right(b, std::ios::binary);
    return left && right && std::equal(std::istreambuf_iterator<char>(left), {}, std::istreambuf_iterator<char>(right));
}

void RemovedAtEnd::removeNow() const
{
    std::error_code ignored;
    for (const char* const ending : {"", "-wal", "-shm", "-journal"}) {
        if (!path.empty())
            fs::remove(withEnding(path, ending), ignored);
    }
}

TemporaryFolder::TemporaryFolder()
{
    std::error_code failure;
    const fs::path root = fs::temp_directory_path(failure);
    std::string name = (root / "cellproof-XXXXXX").string();
    if (failure || !::mkdtemp(name.data()))
        throw base::Error("The folder for temporary files \"" + base::toUtf8(root) +
                          "\" cannot be written: " + (failure ? failure : std::error_code(errno, std::generic_category())).message() + ".");
    m_path = name;
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
}

} // namespace cellproof::store
