// The flood of HTTP/2 frames over TLS.
#include "support/flood_server.hpp"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <csignal>
#include <memory>

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

Context make_context(const Identity& own) {
  Context context(SSL_CTX_new(TLS_server_method()));
  const Certificate certificate(
      PEM_read_bio_X509(reader(own.certificate_pem).get(), nullptr, nullptr, nullptr));
  const Key key(PEM_read_bio_PrivateKey(reader(own.key_pem).get(), nullptr, nullptr, nullptr));
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

FloodServer::FloodServer(std::string frame, const Identity& authority)
    : frame_(std::move(frame)),
      authority_pem_(authority.certificate_pem),
      own_(make_certificate(authority, {.name = "flood", .sans = {"IP:127.0.0.1"}})),
      server_([this](int fd, const auto& stopping) { serve(fd, stopping); }) {
  std::signal(SIGPIPE, SIG_IGN);
}

void FloodServer::serve(int fd, const std::atomic<bool>& stopping) const {
  const Context context = make_context(own_);
  const Session session(SSL_new(context.get()));
  SSL_set_fd(session.get(), fd);
  if (SSL_accept(session.get()) != 1) return;
  char heard[4096];
  if (SSL_read(session.get(), heard, sizeof heard) <= 0) return;
  if (!write_all(session.get(), frame(4, 0, ""))) return;
  std::string many;
  for (int i = 0; i < 1000; ++i) many += frame_;
  while (!stopping && write_all(session.get(), many)) {
    // What the client answers to a PING would else fill both sides' buffers.
    while (::recv(fd, heard, sizeof heard, MSG_DONTWAIT) > 0) {
    }
  }
}

}  // namespace support
