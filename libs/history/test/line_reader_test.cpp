#include "remora/history/line_reader.hpp"

#include "recorded_files.hpp"

using namespace remora;
using history::line_reader;

namespace {

struct content {
  std::vector<std::string> lines;
  std::vector<error> errors;
};

content read_all(const std::string& path) {
  auto reader = line_reader::open(path);
  REQUIRE_MESSAGE(reader.has_value(), (reader ? "" : reader.error().text));
  content result;
  while (true) {
    const auto line = reader->next();
    if (!line) result.errors.push_back(line.error());
    else if (*line) result.lines.emplace_back(**line);
    else break;
  }
  CHECK(reader->bytes_read() == reader->bytes_total());
  CHECK(reader->line_number() == result.lines.size() + (result.errors.empty() || result.errors[0].code != errc::limit ? 0 : 1));
  return result;
}

error refusal_of(const std::string& path) {
  const auto reader = line_reader::open(path);
  REQUIRE_FALSE(reader.has_value());
  CHECK(says(reader.error().text, path));
  return reader.error();
}

}  // namespace

TEST_CASE("lines come without their ends, the last one also without a newline") {
  const recorded_files files;
  CHECK(read_all(files.write("a", "one\ntwo\r\n\nfour")).lines == std::vector<std::string>{"one", "two", "", "four"});
  CHECK(read_all(files.write("b", "one\n")).lines == std::vector<std::string>{"one"});
}

TEST_CASE("gzip files of several members read as one text") {
  const recorded_files files;
  CHECK(read_all(files.write_gz("a.gz", {"one\ntw", "o\nthree\n"})).lines == std::vector<std::string>{"one", "two", "three"});
}

TEST_CASE("what follows the last gzip member is told; zeros that pad it are not") {
  const recorded_files files;
  for (const std::string& rest : {std::string("plain text\n"), std::string("x"), std::string("\x1f\x8b\x07 odd method", 14), std::string("\0\0late", 6)}) {
    CAPTURE(rest);
    const std::string path = files.write_gz("a.gz", {"one\n", "two\n"});
    const auto packed = std::filesystem::file_size(path);
    std::ofstream(path, std::ios::binary | std::ios::app) << rest;
    const content found = read_all(path);
    CHECK(found.lines == std::vector<std::string>{"one", "two"});
    REQUIRE(found.errors.size() == 1);
    CHECK(found.errors[0].code == errc::damaged);
    const auto from = packed + rest.find_first_not_of('\0');
    CHECK(says(found.errors[0].text, "goes on behind its compressed data: from byte " + std::to_string(from)));
    std::filesystem::remove(path);
  }
  const std::string padded = files.write_gz("padded.gz", {"one\n"});
  std::ofstream(padded, std::ios::binary | std::ios::app) << std::string(100'000, '\0');
  CHECK(read_all(padded).lines == std::vector<std::string>{"one"});
  CHECK(read_all(padded).errors.empty());
}

TEST_CASE("members that end at any byte of what is read at once come back whole") {
  const recorded_files files;
  std::vector<std::string> parts, lines;
  for (int i = 0; i < 5'000; ++i) {
    lines.push_back(std::to_string(i * 7919));
    parts.push_back(lines.back() + "\n");
  }
  const content found = read_all(files.write_gz("a.gz", parts));
  CHECK(found.errors.empty());
  CHECK(found.lines == lines);
}

TEST_CASE("lines longer than the buffer are read, lines over the limit are told and passed over") {
  const recorded_files files;
  const std::string longer(1'000'000, 'x');
  CHECK(read_all(files.write("a", "one\n" + longer + "\nthree\n")).lines == std::vector<std::string>{"one", longer, "three"});
  const content found = read_all(files.write_gz("b.gz", {"one\n" + std::string(line_reader::line_bytes_max + 700'000, 'x') + "\nthree\n"}));
  CHECK(found.lines == std::vector<std::string>{"one", "three"});
  REQUIRE(found.errors.size() == 1);
  CHECK(found.errors[0].code == errc::limit);
  CHECK(says(found.errors[0].text, "b.gz:2"));
}

TEST_CASE("a truncated gzip file gives its whole lines and then says that it is cut off") {
  const recorded_files files;
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919) + "\n";
  const std::string path = files.write_gz("a.gz", {text});
  recorded_files::cut(path, 0.6);
  const content found = read_all(path);
  REQUIRE(found.errors.size() == 1);
  CHECK(found.errors[0].code == errc::damaged);
  CHECK(says(found.errors[0].text, "cut off"));
  REQUIRE(found.lines.size() > 1000);
  for (std::size_t i = 0; i < found.lines.size(); ++i) CHECK(found.lines[i] == std::to_string(i * 7919));
}

TEST_CASE("a corrupt gzip file ends with an error") {
  const recorded_files files;
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += std::to_string(i * 7919) + "\n";
  const std::string path = files.write_gz("a.gz", {text});
  const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(path) / 2);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(middle);
  file.write("\xff\xff\xff\xff\xff\xff\xff\xff", 8);
  file.close();
  const content found = read_all(path);
  REQUIRE(found.errors.size() == 1);
  CHECK(found.errors[0].code == errc::damaged);
}

TEST_CASE("what is no readable text is refused at once, with the reason") {
  const recorded_files files;
  CHECK(refusal_of(files.directory() + "/absent").code == errc::not_found);
  CHECK(says(refusal_of(files.directory()).text, "is a directory"));
  CHECK(says(refusal_of(files.write("empty", "")).text, "is empty"));
  CHECK(says(refusal_of(files.write_gz("empty.gz", {""})).text, "is empty"));
  CHECK(says(refusal_of(files.write("binary", std::string("\x7f" "ELF\0\1\2", 7))).text, "binary"));
  CHECK(says(refusal_of(files.write_gz("binary.gz", {std::string("abc\0def", 7)})).text, "binary"));
  CHECK(says(refusal_of(files.write("a.zip", "PK\3\4rest")).text, "compressed"));
  CHECK(says(refusal_of("/dev/null").text, "ordinary file"));
}
