// SPDX-License-Identifier: GPL-3.0-or-later
// A project of 10,000 fields and about 250,000 cells: what opening, loading and the file itself cost. The project is made in
// CELLPROOF_BENCH_FOLDER, else in the temporary folder, and removed at the end; where CELLPROOF_BIG_PROJECT names a file it
// is made there once and stays, so that it can be opened in the window. CELLPROOF_BIG_PROJECT_FIELDS is another number of
// fields. The first CELLPROOF_BIG_PROJECT_IMAGES fields (4) have images beside it; those of the others are missing.
#include "core/annotation/LabelEdits.h"
#include "core/annotation/MaskEdit.h"
#include "core/base/Threads.h"
#include "core/pipeline/Simulate.h"
#include "core/store/Project.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QVariant>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <malloc.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

using namespace cellproof;
namespace fs = std::filesystem;

constexpr int kSide = 2048;
constexpr int kSimulated = 16; // fields; each comes turned and mirrored too
constexpr int kOrientations = 8;
constexpr int kReviewedEvery = 5; // fields of which a person has seen some cells

const annotation::Provenance kModel{annotation::Source::Model, "classical", "4", 1000};
const annotation::Provenance kPerson{annotation::Source::Person, "Ada", {}, 2000};

int numberOr(const char* variable, int otherwise)
{
    const char* const given = std::getenv(variable);
    return given && *given ? std::atoi(given) : otherwise;
}

mask::LabelMask turned(const mask::LabelMask& mask, int orientation)
{
    mask::LabelMask result(mask.size());
    const int last = mask.width() - 1;
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            const base::Point mirrored = {orientation & 1 ? last - x : x, orientation & 2 ? last - y : y};
            result.set({x, y}, mask.at(orientation & 4 ? base::Point{mirrored.y, mirrored.x} : mirrored));
        }
    }
    return result;
}

simulate::SimulationOptions simulation()
{
    simulate::SimulationOptions options;
    options.size = {kSide, kSide};
    return options;
}

/// Segmented fields to be taken again and again.
void makePatterns(store::Project& project)
{
    std::vector<simulate::SimulatedField> simulated(kSimulated);
    base::parallelFor(kSimulated, [&](std::size_t i) {
        simulated[i] = simulate::simulateField(simulation(), int(i));
        simulated[i].image = {};
    });
    std::vector<image::FieldFiles> files(kSimulated * kOrientations);
    for (std::size_t i = 0; i < files.size(); ++i)
        files[i].id = std::to_string(i);
    project.addFields(files);
    for (std::size_t i = 0; i < files.size(); ++i) {
        const simulate::SimulatedField& field = simulated[i % kSimulated];
        const int orientation = int(i) / kSimulated;
        project.setFieldContent(i, {{kSide, kSide}, 0.0801, {}, {}});
        project.apply(i, annotation::replaceSegmentation(project.annotation(i), turned(field.cells, orientation), turned(field.nuclei, orientation), kModel));
        if (i % kReviewedEvery != 0)
            continue;
        std::vector<mask::CellId> seen;
        for (const auto& [id, cell] : project.annotation(i).cells()) {
            if (seen.size() < 10)
                seen.push_back(id);
        }
        project.apply(i, annotation::setClass(project.annotation(i), project.scheme(), seen, int(i % 18), true, kPerson));
        project.apply(i, annotation::setReview(project.annotation(i), project.scheme(), seen, annotation::ReviewState::Accepted, kPerson));
    }
}

void makeBigProject(const fs::path& path)
{
    const fs::path folder = path.parent_path();
    fs::create_directories(folder);
    const int fields = numberOr("CELLPROOF_BIG_PROJECT_FIELDS", 10000);
    const int withImages = std::min(numberOr("CELLPROOF_BIG_PROJECT_IMAGES", 4), std::min(fields, kSimulated));
    if (withImages > 0)
        pipeline::writeSimulation(folder / "images", simulation(), withImages);
    const fs::path patternPath = folder / "patterns.cellproof";
    fs::remove(patternPath);
    std::vector<store::WeakLabelRow> weak;
    {
        store::Project patterns = store::Project::create(patternPath, {});
        makePatterns(patterns);
        store::Project project = store::Project::create(path, {});
        int next = 0;
        project.addContents([&](store::FieldContents& contents) {
            if (next == fields)
                return false;
            const int pattern = next % (kSimulated * kOrientations);
            contents = patterns.contents(std::size_t(pattern));
            const std::string number = std::to_string(next + 1);
            const std::string id = "simulated-" + std::string(number.size() < 4 ? 4 - number.size() : 0, '0') + number;
            contents.record.id = id;
            contents.record.files.id = id;
            for (const image::Channel channel : image::kChannels)
                contents.record.files.channels[image::indexOf(channel)] =
                    image::ChannelFile{folder / "images" / (id + "_" + std::string(image::nameOf(channel)) + ".png"), -1};
            weak.push_back({id, {next % 7, 7 + next % 11}});
            ++next;
            return true;
        });
        project.importWeakLabels(weak);
    }
    fs::remove(patternPath);
}

/// The project, made when it is first asked for.
const fs::path& bigProject()
{
    static const struct Made
    {
        fs::path path;
        fs::path folder; // to be removed

        Made()
        {
            if (const char* const kept = std::getenv("CELLPROOF_BIG_PROJECT"); kept && *kept) {
                path = fs::absolute(kept);
            } else {
                const char* const given = std::getenv("CELLPROOF_BENCH_FOLDER");
                folder = (given && *given ? fs::path(given) : fs::temp_directory_path()) / ("cellproof-scale-" + std::to_string(::getpid()));
                path = folder / "scale.cellproof";
            }
            if (!fs::exists(path))
                makeBigProject(path);
        }
        ~Made()
        {
            std::error_code ignored;
            if (!folder.empty())
                fs::remove_all(folder, ignored);
        }
    } made;
    return made.path;
}

/// Memory of this process that is in use, in MB.
double residentMegabytes()
{
    ::malloc_trim(0);
    std::ifstream status("/proc/self/statm");
    double total = 0, resident = 0;
    status >> total >> resident;
    return resident * double(::sysconf(_SC_PAGESIZE)) / 1e6;
}

void bigProjectOpen(benchmark::State& state)
{
    const fs::path& path = bigProject();
    for (auto _ : state)
        benchmark::DoNotOptimize(store::Project::open(path));
    const double before = residentMegabytes();
    const store::Project project = store::Project::open(path);
    state.counters["MB"] = residentMegabytes() - before;
    state.counters["fields"] = double(project.fields().size());
    int cells = 0;
    for (const store::FieldRecord& record : project.fields())
        cells += record.cellCount;
    state.counters["cells"] = cells;
}
BENCHMARK(bigProjectOpen)->Unit(benchmark::kMillisecond);

/// A field that is not in memory: each time another one.
void bigProjectLoadField(benchmark::State& state)
{
    store::Project project = store::Project::open(bigProject());
    std::size_t field = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(project.annotation(field));
        field = (field + 7) % project.fields().size();
    }
    state.counters["MB"] = residentMegabytes();
}
BENCHMARK(bigProjectLoadField)->Unit(benchmark::kMillisecond);

/// Where the bytes go: a counter for each table with its indices, in bytes a cell. The time means nothing.
void bigProjectBytesACell(benchmark::State& state)
{
    const fs::path& path = bigProject();
    double cells = 0;
    {
        const store::Project project = store::Project::open(path);
        for (const store::FieldRecord& record : project.fields())
            cells += record.cellCount;
    }
    for (auto _ : state)
        benchmark::DoNotOptimize(cells);
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("scale"));
        database.setDatabaseName(QString::fromStdString(path.string()));
        database.open();
        QSqlQuery query(database);
        if (!query.exec(QStringLiteral("SELECT m.tbl_name, SUM(s.pgsize) FROM dbstat AS s JOIN sqlite_master AS m ON m.name = s.name"
                                       " WHERE s.aggregate = TRUE GROUP BY m.tbl_name")))
            state.SkipWithError("this SQLite does not tell the size of tables");
        while (query.next()) {
            const double bytes = query.value(1).toDouble() / cells;
            if (bytes >= 0.1)
                state.counters[query.value(0).toString().toStdString()] = bytes;
            if (query.value(0).toString() != QStringLiteral("edit"))
                state.counters["without_history"] += bytes;
        }
    }
    QSqlDatabase::removeDatabase(QStringLiteral("scale"));
    state.counters["file"] = double(fs::file_size(path)) / cells;
}
BENCHMARK(bigProjectBytesACell)->Iterations(1);

} // namespace
