// The only file that includes curl.h: its handles, owned.
#pragma once
#include <curl/curl.h>

#include <memory>

namespace kube::curl {

struct EasyCleanup {
  using pointer = CURL*;
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiCleanup {
  using pointer = CURLM*;
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyCleanup>;
using Multi = std::unique_ptr<CURLM, MultiCleanup>;
using List = std::unique_ptr<curl_slist, ListCleanup>;

}  // namespace kube::curl
