// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/base/Threads.h"
#include "tests/support/TestData.h"

#include <QTemporaryDir>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <dlfcn.h>
#include <set>
#include <unistd.h>

namespace {

std::atomic<bool> closingFails{false};

} // namespace

/// Taken over from the system, to fail as on a network disk that tells only on closing that it is full.
extern "C" int fclose(std::FILE* file)
{
    static const auto real = reinterpret_cast<int (*)(std::FILE*)>(::dlsym(RTLD_NEXT, "fclose"));
    const int result = real(file);
    if (!closingFails)
        return result;
    errno = ENOSPC;
    return EOF;
}

using namespace cellproof::base;
namespace fs = std::filesystem;

class TestFile : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    [[nodiscard]] fs::path path(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }
    static std::size_t entries(const fs::path& folder)
    {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
    }

private Q_SLOTS:
    void appearsOnlyWhenWhole()
    {
        const fs::path file = path("new folder/data ü.csv");
        {
            AtomicFile abandoned(file);
            abandoned.write(std::string_view("half"));
        }
        QVERIFY(!fs::exists(file));
        QCOMPARE(entries(file.parent_path()), std::size_t(0));
        writeFile(file, std::string_view("first"));
        {
            AtomicFile second(file);
            second.write(std::string_view("second"));
            QCOMPARE(readFile(file).size(), std::size_t(5));
            second.commit();
        }
        QCOMPARE(readFile(file).size(), std::size_t(6));
        QCOMPARE(entries(file.parent_path()), std::size_t(1));
    }

    void namesFileAndReason()
    {
        const auto messageOf = [](const auto& action) {
            try {
                action();
            } catch (const Error& error) {
                return QString::fromUtf8(error.what());
            }
            return QString();
        };
        QVERIFY(messageOf([&] { std::ignore = readFile(path("none.png")); }).contains(QStringLiteral("none.png\" cannot be read: it does not exist")));
        QVERIFY(messageOf([&] { std::ignore = readFile(path("")); }).contains(QStringLiteral("folder")));
        writeFile(path("big"), std::string_view("0123456789"));
        QVERIFY(messageOf([&] { std::ignore = readFile(path("big"), 9); }).contains(QStringLiteral("limit")));
        QCOMPARE(readFile(path("big"), 10).size(), std::size_t(10));
        QCOMPARE(readFileStart(path("big"), 4).size(), std::size_t(4));
        QCOMPARE(readFileStart(path("big"), 40).size(), std::size_t(10));
        if (geteuid() != 0) {
            fs::permissions(path("big"), fs::perms::none);
            QVERIFY(messageOf([&] { std::ignore = readFile(path("big")); }).contains(QStringLiteral("permission")));
        }
    }

    void whatIsLostOnClosingDoesNotAppear()
    {
        const fs::path file = path("closed.csv");
        writeFile(file, std::string_view("before"));
        const AtomicFolder folder(path("closed"));
        closingFails = true;
        QVERIFY_THROWS_EXCEPTION(Error, writeFile(file, std::string_view("after, longer")));
        QVERIFY_THROWS_EXCEPTION(Error, folder.write("a.txt", std::string_view("text")));
        closingFails = false;
        QCOMPARE(readFile(file).size(), std::size_t(6));
    }

    void parallelForCallsEachIndexOnce()
    {
        for (const int threads : {1, 2, 7}) {
            std::vector<std::atomic<int>> calls(1000);
            parallelFor(
                calls.size(), [&](std::size_t i) { ++calls[i]; }, threads);
            QVERIFY(std::ranges::all_of(calls, [](const auto& count) { return count == 1; }));
        }
        parallelFor(0, [](std::size_t) { QFAIL("called"); });
    }

    void parallelForPassesTheFirstFailureOn()
    {
        std::atomic<int> calls{0};
        QVERIFY_THROWS_EXCEPTION(Error, parallelFor(
                                            100000,
                                            [&](std::size_t i) {
                                                ++calls;
                                                if (i == 5)
                                                    throw Error("five");
                                            },
                                            4));
        QVERIFY(calls < 100000);
    }
};

QTEST_APPLESS_MAIN(TestFile)
#include "tst_File.moc"
