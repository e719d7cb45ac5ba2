#include "app/commands/encode.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "app/encoded_examples.h"
#include "app/event_input.h"
#include "app/progress.h"
#include "app/record_target.h"
#include "model/text/text_encoder.h"
#include "model/torch_runtime.h"
#include "simulate/event_json.h"

namespace eddy {
namespace {

struct EncodeOptions {
  std::string encoder;
  std::vector<std::string> events;
  RecordTarget target;
};

Result<void> write(std::span<const Event> events, RecordWriter& writer) {
  std::string line;
  for (const Event& event : events) {
    line.clear();
    append_json(event, line);
    EDDY_TRY(writer.write(channel_of(event.body), event.user.value(), line));
  }
  return {};
}

Result<void> encode(const EncodeOptions& options) {
  use_one_torch_thread();
  EDDY_ASSIGN(const auto encoder, TextEncoder::load(options.encoder));
  EDDY_ASSIGN(EventInput input, read_events(options.events));
  EDDY_ASSIGN(const auto writer, open_record_target(options.target, {InputChannel::kWeb, InputChannel::kCalls,
                                                                     InputChannel::kPurchases}));
  Progress progress("encoding texts", count_utterances(input.events));
  for (std::size_t begin = 0; begin < input.events.size(); begin += kEventsAtOnce) {
    const auto part =
        std::span(input.events).subspan(begin, std::min(kEventsAtOnce, input.events.size() - begin));
    EDDY_TRY(encode_events(part, *encoder, progress));
    EDDY_TRY(write(part, *writer));
    for (Event& event : part) event.body = CallStarted{};  // lets the vectors go
  }
  EDDY_TRY(writer->finish());
  progress.finish();
  std::ostream& out = options.target.is_standard_output() ? std::cerr : std::cout;
  out << input.events.size() << " events, with vectors of " << encoder->name() << '\n';
  if (input.refused > 0)
    std::cerr << input.refused
              << " records are no events and were left out, the first: " << input.first_refusal << '\n';
  return {};
}

}  // namespace

RunCommand declare_encode_command(CLI::App& command) {
  auto options = std::make_shared<EncodeOptions>();
  command
      .add_option("--encoder", options->encoder,
                  "Directory of the text encoder: config.json, vocab.txt, model.safetensors")
      ->required();
  command
      .add_option("--events", options->events,
                  "Files of events (.jsonl, .jsonl.gz), or kafka://HOST:PORT/TOPIC,TOPIC")
      ->required();
  declare_record_target(command, options->target);
  command.footer(
      "Writes the events again, each final utterance with the vector of its text. `eddy train --text bert`, "
      "`eddy\n"
      "evaluate` and the operator `encode` take such vectors as they are if they are of the same encoder.\n"
      "\n"
      "Examples:\n"
      "  eddy encode --encoder all-MiniLM-L6-v2 --events calls.jsonl.gz --single encoded.jsonl\n"
      "  eddy train --events encoded.jsonl --text bert --text-encoder all-MiniLM-L6-v2 --out bundle");
  return [options] { return encode(*options); };
}

}  // namespace eddy
