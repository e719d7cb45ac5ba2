#pragma once

#include "app/command.h"

namespace eddy {

/// `eddy topics create | show (FILE | --brokers B --topic NAME …)`: makes the topics that a configuration
/// names, or says which of them exist. Topics that exist with another partition count are refused.
RunCommand declare_topics_command(CLI::App& command);

}  // namespace eddy
