// The starting and stopping of nghttpx, and the reader of its access log.
#include "support/nghttpx.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace support {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A port that was free a moment ago.
int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  bind(fd, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  close(fd);
  return ntohs(address.sin_port);
}

bool listens(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = loopback(port);
  const bool yes = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return yes;
}

const char* program() {
  for (const char* path : {"/usr/sbin/nghttpx", "/usr/bin/nghttpx"}) {
    if (std::filesystem::exists(path)) return path;
  }
  return nullptr;
}

}  // namespace

bool Nghttpx::installed() {
  return program() != nullptr;
}

Nghttpx::Nghttpx(const FakeApiServer& backend) : port_(free_port()) {
  const Identity& identity = backend.identity();
  const std::vector<std::string> arguments = {
      program(),
      "--single-process",
      "--workers=1",
      "--no-ocsp",
      "--insecure",
      "--conf=/dev/null",
      "--frontend=127.0.0.1," + std::to_string(port_),
      "--backend=127.0.0.1," + std::to_string(backend.port()) + ";/;tls",
      "--backend-read-timeout=120s",
      "--accesslog-file=" + folder_.file("access"),
      "--accesslog-format=$remote_port $alpn $request",
      "--errorlog-file=" + folder_.file("error"),
      folder_.write("key.pem", identity.key_pem),
      folder_.write("cert.pem", identity.certificate_pem)};
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int null = open("/dev/null", O_RDWR);
    dup2(null, 1);
    dup2(null, 2);
    execv(argv[0], argv.data());
    _exit(127);
  }
  for (int i = 0; i < 500 && !listens(port_); ++i) {
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      throw std::runtime_error("nghttpx ended at once");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

Nghttpx::~Nghttpx() {
  kill();
}

void Nghttpx::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::vector<Nghttpx::Access> Nghttpx::log() const {
  std::vector<Access> out;
  std::ifstream file(folder_.file("access"));
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    Access access;
    words >> access.peer_port >> access.protocol;
    std::getline(words >> std::ws, access.request);
    out.push_back(access);
  }
  return out;
}

std::size_t Nghttpx::connections() const {
  std::set<std::string> ports;
  for (const Access& access : log()) ports.insert(access.peer_port);
  return ports.size();
}

}  // namespace support
