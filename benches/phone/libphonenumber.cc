// Google's C++ library on a list of cells, as a peer for `cargo bench --bench phone`.
//
//   c++ -O2 -o libphonenumber benches/phone/libphonenumber.cc -lphonenumber
//   ./libphonenumber CELLS ROUNDS
//
// CELLS has a line `REGION<TAB>cell` per cell. For each cell it does what a check of a list needs: parse, validity, type
// and E.164. Prints the CPU seconds of each round, and how many cells were valid.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <phonenumbers/phonenumberutil.h>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

static double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s CELLS ROUNDS\n", argv[0]);
    return 2;
  }
  std::vector<std::pair<std::string, std::string>> cells;
  std::ifstream file(argv[1]);
  for (std::string line; std::getline(file, line);) {
    const size_t tab = line.find('\t');
    cells.emplace_back(line.substr(0, tab), line.substr(tab + 1));
  }
  const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  for (int round = 0; round < std::atoi(argv[2]); ++round) {
    size_t valid = 0, written = 0;
    const double start = CpuSeconds();
    for (const auto& cell : cells) {
      PhoneNumber number;
      if (util.Parse(cell.second, cell.first, &number) != PhoneNumberUtil::NO_PARSING_ERROR) continue;
      if (!util.IsValidNumber(number)) continue;
      std::string e164;
      util.Format(number, PhoneNumberUtil::E164, &e164);
      valid += 1;
      written += e164.size() + util.GetNumberType(number);
    }
    std::printf("%.6f\t%zu\t%zu\t%zu\n", CpuSeconds() - start, cells.size(), valid, written);
  }
}
