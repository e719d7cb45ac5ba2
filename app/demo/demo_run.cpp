#include "app/demo/demo_run.h"

#include <filesystem>
#include <iostream>
#include <utility>

#include "app/commands/train.h"
#include "app/demo/demo_data.h"
#include "app/demo/demo_stage.h"
#include "model/torch_runtime.h"

namespace eddy {
namespace {

/// Takes what an earlier demo left, and only that, out of the way.
Result<void> prepare_directory(const std::filesystem::path& directory) {
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  if (code) return external_error("cannot be made: " + code.message(), directory.string());
  for (const char* name :
       {"state", "bundle", "training.jsonl", "live.jsonl", "recommendations.jsonl", "dead-letters.jsonl"}) {
    std::filesystem::remove_all(directory / name, code);
    if (code) return external_error("cannot be removed: " + code.message(), (directory / name).string());
  }
  return {};
}

Result<void> train_demo(const DemoOptions& options, const DemoData& data, const std::string& bundle) {
  TrainOptions training;
  training.events = {data.training};
  training.out = bundle;
  training.training.epochs = options.epochs;
  training.training.seed = options.seed;
  // Single words, and no rare ones: pairs of words would need more examples than a demo has time for. One
  // thread, since two that wait for each other are slower than one on a busy machine.
  training.features.max_ngram = 1;
  training.training.threads = 1;
  return train(std::move(training));
}

}  // namespace

Result<void> run_demo(const DemoOptions& options) {
  const std::filesystem::path directory = options.directory;
  EDDY_TRY(prepare_directory(directory));
  std::cout << "Eddy at work. Files are in " << directory.string() << ".\n\n1. Events\n" << std::flush;
  EDDY_ASSIGN(DemoData data, options.events.empty() ? simulate_demo(directory, options.users, options.seed)
                                                    : split_demo(directory, options.events));
  std::cout << (data.is_simulated ? "simulated" : "real") << " events; " << data.live.size()
            << " of them are kept to be played live\n\n2. Training\n"
            << std::flush;
  const std::string bundle = (directory / "bundle").string();
  EDDY_TRY(train_demo(options, data, bundle));
  use_one_torch_thread();
  std::cout << "\n3. Live\n" << std::flush;
  EDDY_ASSIGN(const auto stage, DemoStage::make(options, std::move(data), bundle));
  return stage->play();
}

}  // namespace eddy
