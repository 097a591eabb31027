// A long, narrow line on the loopback: what a client meets over a VPN, for bench/run.
//
//   bench-relay PORT ROUND_TRIP_MS MBIT_PER_SECOND
//
// Listens on a free port of 127.0.0.1, prints it, and passes bytes to and from PORT of 127.0.0.1
// until SIGTERM, or until its parent ends. SIGUSR1 prints what passed since the last time: bytes to
// the server, bytes to the client, connections.
//
// There is one line in each direction for all connections. Bytes take half of the round trip, after
// those before them have passed at the line's rate. A new connection waits one round trip, as for
// TCP's handshake. What does not fit stays with the sender, but for 5 ms. TCP's slow start, losses
// and the headers of packets are left out: they would be the same for all.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <csignal>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <list>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
constexpr auto queue_in_line = std::chrono::milliseconds(5);
constexpr auto late_at_most = std::chrono::milliseconds(50);
constexpr auto never = Time::max();

// One direction.
struct Line {
  double bytes_per_second = 0;
  Clock::duration delay{};
  Time free = Time::min();  // when all that was sent so far has passed
  std::uint64_t passed = 0;

  // A quarter of a millisecond's worth, so that bytes do not wait for those behind them.
  std::size_t portion() const {
    return std::clamp(static_cast<std::size_t>(bytes_per_second / 4000), std::size_t{1500},
                      std::size_t{65536});
  }

  // When bytes that were ready since `ready` arrive.
  Time send(std::size_t bytes, Time ready) {
    const std::chrono::duration<double> takes{static_cast<double>(bytes) / bytes_per_second};
    free = std::max(free, ready) + std::chrono::duration_cast<Clock::duration>(takes);
    passed += bytes;
    return free + delay;
  }
};

struct Portion {
  Time arrives;
  std::string bytes;
};

// What one end of a connection sends to the other.
struct Stream {
  int from = -1;
  int to = -1;
  Line* line = nullptr;
  Time opens;  // nothing is read before
  std::deque<Portion> on_the_way = {};
  std::size_t sent_of_first = 0;
  bool more = false;     // waited for the line when it was last read
  bool blocked = false;  // the receiver takes no more at the moment
  bool ended = false;    // the sender has closed; arrives behind the bytes
  Time end_arrives = never;
  bool closed = false;

  // A receiver that stands still must not fill the memory.
  bool is_full() const { return on_the_way.size() > 4096; }
  Time reads_from() const {
    if (ended || is_full()) return never;
    return std::max(opens, line->free == Time::min() ? Time::min() : line->free - queue_in_line);
  }
  Time writes_from() const {
    if (closed || blocked) return never;
    return on_the_way.empty() ? end_arrives : on_the_way.front().arrives;
  }

  // False: the connection is broken.
  bool read(Time now) {
    std::string bytes(line->portion(), '\0');
    const ssize_t got = recv(from, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got < 0) {
      more = false;
      return errno == EAGAIN || errno == EINTR;
    }
    if (got == 0) {
      ended = true;
      end_arrives = std::max(line->free, now) + line->delay;
      return true;
    }
    // On a busy machine the relay may come late to what was there all the time; the line was not.
    const Time ready = more ? now - late_at_most : now;
    more = static_cast<std::size_t>(got) == bytes.size();
    bytes.resize(static_cast<std::size_t>(got));
    const Time arrives = line->send(bytes.size(), ready);
    on_the_way.push_back({arrives, std::move(bytes)});
    return true;
  }

  bool write(Time now) {
    blocked = false;
    while (!on_the_way.empty() && on_the_way.front().arrives <= now) {
      const std::string& bytes = on_the_way.front().bytes;
      const ssize_t put = send(to, bytes.data() + sent_of_first, bytes.size() - sent_of_first,
                               MSG_DONTWAIT | MSG_NOSIGNAL);
      if (put < 0) {
        blocked = errno == EAGAIN || errno == EINTR;
        return blocked;
      }
      sent_of_first += static_cast<std::size_t>(put);
      if (sent_of_first < bytes.size()) continue;
      sent_of_first = 0;
      on_the_way.pop_front();
    }
    if (on_the_way.empty() && end_arrives <= now && !closed) {
      closed = true;
      shutdown(to, SHUT_WR);
    }
    return true;
  }
};

struct Connection {
  Stream up, down;

  bool is_over() const { return up.closed && down.closed; }
  void close() const {
    ::close(up.from);
    ::close(up.to);
  }
};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int socket_without_delay() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);  // what is accepted inherits it
  return fd;
}

// Prints its port; -1 when there is none.
int listen_on_free_port() {
  const int fd = socket_without_delay();
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(fd, 64) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return -1;
  }
  std::printf("%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return fd;
}

volatile std::sig_atomic_t asked_for_counts = 0;

class Relay {
 public:
  Relay(int listener, int port, Clock::duration round_trip, double bytes_per_second)
      : listener_(listener), port_(port), round_trip_(round_trip) {
    up_.bytes_per_second = down_.bytes_per_second = bytes_per_second;
    up_.delay = down_.delay = round_trip / 2;
  }

  [[noreturn]] void run(const sigset_t& while_waiting) {
    for (;;) {
      wait(while_waiting);
      if (asked_for_counts != 0) print_counts();
      const Time now = Clock::now();
      if ((polled_[0].revents & POLLIN) != 0) accept_one(now);
      for (auto it = connections_.begin(); it != connections_.end();) {
        if (move_bytes(*it, now) && !it->is_over()) {
          ++it;
        } else {
          it->close();
          it = connections_.erase(it);
        }
      }
    }
  }

 private:
  // Until bytes can be read, or arrive, or a receiver takes more.
  void wait(const sigset_t& while_waiting) {
    polled_ = {{listener_, POLLIN, 0}};
    const Time now = Clock::now();
    Time next = never;
    for (const Connection& connection : connections_) {
      for (const Stream* stream : {&connection.up, &connection.down}) {
        const Time reads = stream->reads_from();
        if (reads <= now) polled_.push_back({stream->from, POLLIN, 0});
        if (reads > now) next = std::min(next, reads);
        next = std::min(next, stream->writes_from());
        if (stream->blocked) polled_.push_back({stream->to, POLLOUT, 0});
      }
    }
    timespec timeout{};
    if (next > now && next != never) {
      const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(next - now).count();
      timeout = {left / 1'000'000'000, left % 1'000'000'000};
    }
    if (ppoll(polled_.data(), polled_.size(), next == never ? nullptr : &timeout, &while_waiting) <
        0) {
      polled_[0].revents = 0;
    }
  }

  bool move_bytes(Connection& connection, Time now) {
    for (Stream* stream : {&connection.up, &connection.down}) {
      if (stream->reads_from() <= now && !stream->read(now)) return false;
      if (!stream->write(now)) return false;
    }
    return true;
  }

  void accept_one(Time now) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    const int server = socket_without_delay();
    const sockaddr_in address = loopback(port_);
    if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(client);
      ::close(server);
      return;
    }
    ++accepted_;
    connections_.push_back(
        {{client, server, &up_, now + round_trip_}, {server, client, &down_, now}});
  }

  void print_counts() {
    asked_for_counts = 0;
    std::printf("%llu %llu %llu\n", static_cast<unsigned long long>(up_.passed),
                static_cast<unsigned long long>(down_.passed),
                static_cast<unsigned long long>(accepted_));
    std::fflush(stdout);
    up_.passed = down_.passed = accepted_ = 0;
  }

  int listener_;
  int port_;
  Clock::duration round_trip_;
  Line up_, down_;
  std::list<Connection> connections_;
  std::vector<pollfd> polled_;
  std::uint64_t accepted_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int port = argc == 4 ? std::atoi(argv[1]) : 0;
  const double round_trip = argc == 4 ? std::atof(argv[2]) : -1;
  const double megabits = argc == 4 ? std::atof(argv[3]) : 0;
  if (port <= 0 || port > 65535 || round_trip < 0 || megabits <= 0) {
    std::fputs("usage: bench-relay PORT ROUND_TRIP_MS MBIT_PER_SECOND\n", stderr);
    return 2;
  }
  // The signal comes only while it waits.
  sigset_t blocked;
  sigset_t while_waiting;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  sigprocmask(SIG_BLOCK, &blocked, &while_waiting);
  struct sigaction action {};
  action.sa_handler = [](int) { asked_for_counts = 1; };
  sigaction(SIGUSR1, &action, nullptr);
  const int listener = listen_on_free_port();
  if (listener < 0) {
    std::perror("bench-relay");
    return 1;
  }
  const std::chrono::duration<double, std::milli> milliseconds{round_trip};
  Relay(listener, port, std::chrono::duration_cast<Clock::duration>(milliseconds),
        megabits * 1e6 / 8)
      .run(while_waiting);
}
