#include "app/command_line.h"
#include "app/logging.h"

int main(int argc, char** argv) {
  // The standard output is for what the commands print.
  eddy::start_logging({});
  return eddy::run_command_line(argc, argv);
}
