// The flood of HTTP/2 frames over TLS.
#include "support/flood_server.hpp"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <stdexcept>

#include "support/certificates.hpp"

namespace support {
namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Context = std::unique_ptr<SSL_CTX, Deleter<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Deleter<SSL_free>>;

Bio reader(const std::string& pem) {
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

int choose_http2(SSL*, const unsigned char** out, unsigned char* size, const unsigned char*,
                 unsigned, void*) {
  static constexpr unsigned char name[] = {'h', '2'};
  *out = name;
  *size = sizeof name;
  return SSL_TLSEXT_ERR_OK;
}

Context make_context(const std::string& certificate_pem, const std::string& key_pem) {
  Context context(SSL_CTX_new(TLS_server_method()));
  const Certificate certificate(
      PEM_read_bio_X509(reader(certificate_pem).get(), nullptr, nullptr, nullptr));
  const Key key(PEM_read_bio_PrivateKey(reader(key_pem).get(), nullptr, nullptr, nullptr));
  SSL_CTX_use_certificate(context.get(), certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), key.get());
  SSL_CTX_set_alpn_select_cb(context.get(), choose_http2, nullptr);
  return context;
}

std::string frame(char type, char stream, const std::string& payload) {
  std::string out(9, '\0');
  out[2] = static_cast<char>(payload.size());
  out[3] = type;
  out[8] = stream;
  return out + payload;
}

bool write_all(SSL* session, const std::string& data) {
  return SSL_write(session, data.data(), static_cast<int>(data.size())) > 0;
}

}  // namespace

std::string FloodServer::ping() {
  return frame(6, 0, "12345678");
}
std::string FloodServer::priority() {
  return frame(2, 1, std::string("\0\0\0\0\1", 5));
}

FloodServer::FloodServer(std::string frame) : frame_(std::move(frame)) {
  std::signal(SIGPIPE, SIG_IGN);
  const Identity authority = make_authority("flood-ca");
  const Identity own = make_certificate(authority, {.name = "flood", .sans = {"IP:127.0.0.1"}});
  authority_pem_ = authority.certificate_pem;
  certificate_pem_ = own.certificate_pem;
  key_pem_ = own.key_pem;
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, generic, &size) != 0)
    throw std::runtime_error("the flood server cannot listen");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

FloodServer::~FloodServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
  for (const int fd : open_) ::close(fd);
  ::close(listener_);
}

void FloodServer::accept_all() {
  while (!stopping_) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const std::lock_guard lock(mutex_);
    open_.push_back(fd);
    threads_.emplace_back([this, fd] { serve(fd); });
  }
}

void FloodServer::serve(int fd) {
  const Context context = make_context(certificate_pem_, key_pem_);
  const Session session(SSL_new(context.get()));
  SSL_set_fd(session.get(), fd);
  if (SSL_accept(session.get()) != 1) return;
  char heard[4096];
  if (SSL_read(session.get(), heard, sizeof heard) <= 0) return;
  if (!write_all(session.get(), frame(4, 0, ""))) return;
  std::string many;
  for (int i = 0; i < 1000; ++i) many += frame_;
  while (!stopping_ && write_all(session.get(), many)) {
    // What the client answers to a PING would else fill both sides' buffers.
    while (::recv(fd, heard, sizeof heard, MSG_DONTWAIT) > 0) {
    }
  }
}

}  // namespace support
