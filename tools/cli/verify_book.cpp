#include "commands.hpp"
#include "configuration.hpp"
#include "terminal.hpp"

#include "remora/history/verify_book.hpp"
#include "remora/stack/sources.hpp"

#include <fmt/format.h>

namespace remora::cli {

int verify_book(const std::vector<std::string>& files, const configuration_options& config, bool json) {
  const auto settings = load_configuration(config);
  if (!settings) return 2;
  progress_bar bar("reading");
  history::recording_options options;
  options.on_survey = [&](const source_progress& at) {
    if (at.bytes_total > 0) bar.show(static_cast<double>(at.bytes_read) / static_cast<double>(at.bytes_total));
  };
  const auto report = history::verify_book(files, stack::instruments_of(*settings), options);
  if (!report) {
    fmt::print(stderr, "remora verify-book: {}\n", report.error().text);
    return 2;
  }
  if (json)
    fmt::print("{{\"compared\": {}, \"equal\": {}, \"different\": {}, \"crossed\": {}, \"gaps\": {}, \"bridged\": {}, \"updates\": {}, \"skipped\": {}}}\n",
               report->compared, report->equal, report->different, report->crossed, report->gaps, report->bridged, report->updates, report->skipped);
  else
    fmt::print("compared   {}  (book against bookTicker at the same update id)\nequal      {}\ndifferent  {}\ncrossed    {}\ngaps       {}\nbridged    {}\n"
               "updates    {}\nskipped    {}\n",
               report->compared, report->equal, report->different, report->crossed, report->gaps, report->bridged, report->updates, report->skipped);
  if (report->compared == 0) fmt::print(stderr, "nothing was compared: the files hold no bookTicker of an update that the book reached\n");
  for (const auto& difference : report->first_differences) fmt::print(stderr, "{}: {}\n", difference.where, difference.text);
  for (const std::string& skip : report->first_skips) fmt::print(stderr, "skipped {}\n", skip);
  if (report->skipped > 0) fmt::print(stderr, "the files were not compared whole: {} lines could not be used\n", report->skipped);
  return report->compared > 0 && report->skipped == 0 && report->different == 0 && report->crossed == 0 && report->gaps == 0 ? 0 : 1;
}

}  // namespace remora::cli
