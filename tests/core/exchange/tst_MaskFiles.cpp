// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/exchange/MaskFiles.h"
#include "core/image/Codec.h"
#include "tests/core/mask/Masks.h"
#include "tests/support/TestData.h"

#include <QTemporaryDir>

using namespace cellproof;
using mask::LabelMask;

namespace {

template <typename Call>
QByteArray messageOf(const Call& call)
{
    try {
        call();
    } catch (const base::Error& error) {
        return error.what();
    }
    return {};
}

} // namespace

class MaskFilesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsAPair()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = std::filesystem::path(folder.path().toStdString()) / "new folder";
        LabelMask cells = testing::randomMask({61, 43}, 9, 0.05, 1);
        cells.set({0, 0}, exchange::kMaxMaskFileId);
        const LabelMask nuclei = testing::randomMask({61, 43}, 9, 0.05, 2);
        exchange::writeMaskPair(path, "z\u00fcrich 1", cells, nuclei);
        QVERIFY(exchange::readMaskFile(path / u8"z\u00fcrich 1_cellmask.png") == cells);
        const base::CancelToken cancelled;
        cancelled.cancel();
        QVERIFY_THROWS_EXCEPTION(base::Cancelled, std::ignore = exchange::readMaskFile(path / u8"z\u00fcrich 1_cellmask.png", cancelled));
        QVERIFY(exchange::readMaskFile(path / u8"z\u00fcrich 1_nucleimask.png") == nuclei);
        const image::ImageFileInfo info = image::inspectImage(path / u8"z\u00fcrich 1_cellmask.png");
        QCOMPARE(info.sampleBits, 16);
        QCOMPARE(info.planes, 1);
    }

    void refusesWhatAFileCannotHold()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        LabelMask cells({3, 2});
        const LabelMask good = cells;
        cells.set({1, 1}, 65536);
        QVERIFY(messageOf([&] { exchange::writeMaskPair(path, "a", good, cells); }).contains("65536"));
        cells.set({1, 1}, -1);
        QVERIFY(messageOf([&] { exchange::writeMaskPair(path, "a", cells, good); }).contains("-1"));
        QVERIFY(messageOf([&] { exchange::writeMaskPair(path, "a", good, LabelMask({2, 3})); }).contains("3 x 2"));
        QVERIFY(messageOf([&] { exchange::writeMaskPair(path, "a", LabelMask(), LabelMask()); }).contains("no pixels"));
        for (const std::string id : {"", "../a", "a\\b"})
            QVERIFY(messageOf([&] { exchange::writeMaskPair(path, id, good, good); }).contains("its id"));
        QVERIFY(std::filesystem::is_empty(path));
    }

    void refusesWhatIsNoMask()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        image::writePng(path / "colour.png", image::RgbImage({4, 4}, 0xff336699U));
        QVERIFY(messageOf([&] { (void)exchange::readMaskFile(path / "colour.png"); }).contains("colour"));
        base::writeFile(path / "text.png", std::string_view("no image"));
        QVERIFY(!messageOf([&] { (void)exchange::readMaskFile(path / "text.png"); }).isEmpty());
        QVERIFY(!messageOf([&] { (void)exchange::readMaskFile(path / "missing.png"); }).isEmpty());
    }

    void readsRealMasks()
    {
        CELLPROOF_SHARED_PATH(folder, "data/masks");
        int masks = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().extension() != ".png")
                continue;
            const LabelMask mask = exchange::readMaskFile(entry.path());
            const std::size_t cells = mask::extentsOf(mask).size();
            QVERIFY2(cells >= 8 && cells <= 46, entry.path().c_str());
            ++masks;
        }
        QCOMPARE(masks, 7);
    }
};

QTEST_APPLESS_MAIN(MaskFilesTest)
#include "tst_MaskFiles.moc"
