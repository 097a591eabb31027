// The exit codes of faults, and foreign exceptions as errors of ours.
#include "base/error.hpp"

#include <csignal>
#include <new>
#include <utility>

namespace base {

int exit_code(Fault fault) {
  switch (fault) {
    case Fault::blocked: return 1;
    case Fault::usage: return 2;
    case Fault::unavailable: return 3;
    case Fault::unconfirmed: return 5;
    case Fault::partial: return 6;
    case Fault::unverified: return 7;
    case Fault::internal: return 70;
    case Fault::interrupted: return 130;
    case Fault::terminated: return 143;
  }
  return 70;
}

Error::Error(Fault f, std::string r, const std::string& message, std::string h)
    : std::runtime_error(message), fault(f), reason(std::move(r)), hint(std::move(h)) {}

namespace {

Error out_of_memory() {
  return {Fault::unavailable, "OutOfMemory", "out of memory",
          "limit what is read (-n, --only), or set a lower --max-memory"};
}

}  // namespace

Error current_error() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  } catch (const std::length_error&) {
    return out_of_memory();
  } catch (const std::exception& error) {
    return {Fault::internal, "InternalError", std::string("internal error: ") + error.what(),
            "please report it, together with the command line that caused it"};
  }
}

Error stopped_by(int signal) {
  if (signal == SIGTERM) return {Fault::terminated, "Terminated", "terminated"};
  return {Fault::interrupted, "Interrupted", "interrupted"};
}

}  // namespace base
