#include "event/event_time.h"

namespace eddy {
namespace {

/// Reads exactly `count` digits; -1 if one is missing.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

/// The last `count` digits.
void append_digits(std::string& out, unsigned value, std::size_t count) {
  const std::size_t begin = out.size();
  out.resize(begin + count);
  for (std::size_t at = begin + count; at > begin; value /= 10)
    out[--at] = static_cast<char>('0' + value % 10);
}

Error bad_time(std::string_view text) {
  return {
      Fault::kUser,
      Remedy::kDeadLetter,
      "time is not RFC 3339 (such as 2026-03-01T09:30:00.250Z): '" + std::string(text.substr(0, 64)) + "'",
      {}};
}

/// Minutes east of UTC for "Z", "+01:00", "-05:30"; false for anything else.
bool read_offset(std::string_view text, int& minutes) {
  if (text == "Z" || text == "z") {
    minutes = 0;
    return true;
  }
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return false;
  const int hours = digits(text, 1, 2);
  const int rest = digits(text, 4, 2);
  if (hours < 0 || hours > 23 || rest < 0 || rest > 59) return false;
  minutes = (hours * 60 + rest) * (text[0] == '-' ? -1 : 1);
  return true;
}

}  // namespace

Result<EventTime> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':' ||
      (text[10] != 'T' && text[10] != 't' && text[10] != ' ')) {
    return bad_time(text);
  }
  const int y = digits(text, 0, 4);
  const int mo = digits(text, 5, 2);
  const int d = digits(text, 8, 2);
  const int h = digits(text, 11, 2);
  const int mi = digits(text, 14, 2);
  const int s = digits(text, 17, 2);
  if (y < 0 || mo < 0 || d < 0 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 60)
    return bad_time(text);
  std::size_t at = 19;
  int milli = 0;
  if (text[at] == '.') {
    int unit = 100;
    const std::size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
      milli += (text[at] - '0') * unit;
    if (at == first) return bad_time(text);
  }
  int offset_minutes = 0;
  if (!read_offset(text.substr(at), offset_minutes)) return bad_time(text);
  const year_month_day date{year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d))};
  if (!date.ok()) return bad_time(text);
  const milliseconds since_epoch = sys_days(date).time_since_epoch() + hours(h) +
                                   minutes(mi - offset_minutes) + seconds(s) + milliseconds(milli);
  const EventTime time{since_epoch.count()};
  if (time < EventTime{0} || time > kLatestEventTime) return bad_time(text);
  return time;
}

std::string to_rfc3339(EventTime time) {
  using namespace std::chrono;
  const sys_time<milliseconds> point{milliseconds(time.milliseconds)};
  const auto midnight = floor<days>(point);
  const year_month_day date(midnight);
  const hh_mm_ss<milliseconds> clock(point - midnight);
  std::string out;
  out.reserve(24);
  const auto append = [&out](auto value, std::size_t digits, char after) {
    append_digits(out, static_cast<unsigned>(value), digits);
    out.push_back(after);
  };
  append(static_cast<int>(date.year()), 4, '-');
  append(static_cast<unsigned>(date.month()), 2, '-');
  append(static_cast<unsigned>(date.day()), 2, 'T');
  append(clock.hours().count(), 2, ':');
  append(clock.minutes().count(), 2, ':');
  append(clock.seconds().count(), 2, '.');
  append(clock.subseconds().count(), 3, 'Z');
  return out;
}

}  // namespace eddy
