// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/ArchiveFolder.h"

#include <QtTest/QtTest>

#include <QElapsedTimer>
#include <QTemporaryDir>

#include <algorithm>
#include <set>

using namespace cellproof;
using namespace cellproof::exchange;
namespace fs = std::filesystem;

namespace {

/// The id behind a name, where it is whole.
std::string decoded(const std::string& name)
{
    std::string id;
    for (std::size_t i = 0; i < name.size() && name[i] != '~'; ++i) {
        id += name[i] == '%' ? static_cast<char>(std::stoi(name.substr(i + 1, 2), nullptr, 16)) : name[i];
        i += name[i] == '%' ? 2 : 0;
    }
    return id;
}

} // namespace

class TestArchiveFolder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesAreSafeAndCanBeReadBack()
    {
        ArchiveNames names;
        QCOMPARE(names.add("89_B5_1"), std::string("89_B5_1"));
        QCOMPARE(names.add("plate 1/B"), std::string("plate%201%2FB"));
        QCOMPARE(names.add("Plate 1/b"), std::string("Plate%201%2Fb~2"));
        QCOMPARE(names.add("../x"), std::string("%2E.%2Fx"));
        QCOMPARE(names.add("end."), std::string("end%2E"));
        QCOMPARE(names.add("nul.png"), std::string("%6Eul.png"));
        QCOMPARE(names.add("COM1"), std::string("%43OM1"));
        QCOMPARE(names.add("a~2%41"), std::string("a%7E2%2541"));
        QCOMPARE(names.add("ü"), std::string("%C3%BC"));
        for (const std::string id : {"a", "A", "x/y", "..", "...", "-", "~", "%", "\x01", "con", "CON", "Con", "a b", "b.c.d."}) {
            const std::string name = names.add(id);
            QVERIFY2(isArchivePath(name), name.c_str());
            QCOMPARE(decoded(name), id);
        }
    }

    void namesAreUniqueAndShort()
    {
        ArchiveNames names;
        std::set<std::string> seen;
        for (int i = 0; i < 30; ++i) {
            std::string name = names.add(std::string(500, 'x') + std::to_string(i));
            QVERIFY(name.size() <= 120);
            QVERIFY(seen.insert(std::move(name)).second);
        }
    }

    void manyNamesThatBeginAlikeAreNumberedOn()
    {
        ArchiveNames names;
        const std::string start(200, 'x');
        std::set<std::string> seen;
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 20000; ++i)
            seen.insert(names.add(start + std::to_string(i)));
        QCOMPARE(seen.size(), std::size_t(20000));
        QVERIFY(std::ranges::all_of(seen, [](const std::string& name) { return name.size() <= 120; }));
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed()))); // trying all numbers each time takes minutes
    }

    void pathsStayInside()
    {
        for (const char* const path : {"project.json", "fields/a/cells.png", "fields/%2E%2E/field.json"})
            QVERIFY(isArchivePath(path));
        for (const char* const path : {"", "/", "/etc/passwd", "..", "a/../b", "a//b", "a/", "./a", "a\\b", "C:", "a b", ".hidden", "a/.b"})
            QVERIFY2(!isArchivePath(path), path);
    }

    void whatIsNotCommittedLeavesNothing()
    {
        const QTemporaryDir temporary;
        const fs::path folder = temporary.path().toStdString();
        {
            const ArchiveWriter archive(folder / "a");
            (void)archive.write("fields/x/field.json", "{}");
        }
        QVERIFY(fs::is_empty(folder));
        {
            ArchiveWriter archive(folder / "a");
            archive.list(archive.write("fields/x/field.json", "{}"));
            QVERIFY(!fs::exists(folder / "a"));
            archive.commit();
        }
        const ArchiveReader reader(folder / "a");
        QVERIFY(reader.has("fields/x/field.json"));
        QCOMPARE(reader.read("fields/x/field.json", 100).size(), std::size_t(2));
        QVERIFY(reader.faults().empty());
        QVERIFY_EXCEPTION_THROWN((void)reader.read("fields/x/field.json", 1), base::Error);
        QVERIFY_EXCEPTION_THROWN((void)reader.read("manifest-sha256.txt", 100), ArchiveDamaged);
        base::writeFile(folder / "a" / "fields" / "x" / "field.json", std::string_view("[]"));
        QVERIFY_EXCEPTION_THROWN((void)reader.read("fields/x/field.json", 100), ArchiveDamaged);
        QCOMPARE(reader.faults().size(), std::size_t(1));
        // What came under the name meanwhile stays.
        ArchiveWriter late(folder / "b");
        base::writeFile(folder / "b" / "mine", std::string_view("mine"));
        QVERIFY_EXCEPTION_THROWN(late.commit(), base::Error);
        QVERIFY(fs::exists(folder / "b" / "mine"));
    }
};

QTEST_APPLESS_MAIN(TestArchiveFolder)
#include "tst_ArchiveFolder.moc"
