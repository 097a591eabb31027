// Secrets in names, URLs, arguments and texts, hidden.
#include "kube/redact/redact.hpp"
#include "kube/redact/secret_names.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

#include "catch.hpp"

using kube::redact_argument;
using kube::redact_named;
using kube::redact_text;
using kube::redact_url;
using kube::secret_like;

TEST_CASE("names of secrets are known, names that only look like them are not taken for one") {
  for (const std::string_view name : {"PASSWORD",
                                      "DB_PASSWORD",
                                      "dbpassword",
                                      "HF_TOKEN",
                                      "HUGGING_FACE_HUB_TOKEN",
                                      "HFTOKEN",
                                      "--api-key",
                                      "apiKey",
                                      "api-key",
                                      "OPENAI_API_KEY",
                                      "OPENAIKEY",
                                      "AWS_SECRET_ACCESS_KEY",
                                      "AWS_ACCESS_KEY_ID",
                                      "Authorization",
                                      "BEARER",
                                      "X-Auth-Token",
                                      "clientSecret",
                                      "key",
                                      "REDIS_PASS",
                                      "redis-password",
                                      "credentials",
                                      "Cookie",
                                      "PRIVATE_KEY",
                                      "access_tokens",
                                      "authn",
                                      "PGPWD",
                                      "x-amz-signature"}) {
    INFO(name);
    CHECK(secret_like(name));
  }
  for (const std::string_view name :
       {"--max-num-batched-tokens", "--tokenizer", "TOKENIZERS_PARALLELISM", "max_tokens",
        "--max-model-len", "AUTHOR", "MONKEYS", "keyboard", "bypass", "model", "port",
        "VLLM_ALLOW_RUNTIME_LORA_UPDATING", "tokens-per-second", "--served-model-name", "",
        "--enable-lora", "REDIS_HOST", "passthrough", "routing-strategy"}) {
    INFO(name);
    CHECK_FALSE(secret_like(name));
  }
}

TEST_CASE("URLs lose credentials and secret parameters, nothing else") {
  CHECK(redact_url("https://user:pa:ss@host:6443/path?x=1") ==
        "https://<redacted>@host:6443/path?x=1");
  CHECK(redact_url("redis://:pw@redis:6379/0") == "redis://<redacted>@redis:6379/0");
  CHECK(redact_url("s3://bucket/lora?token=abc&region=eu#f") ==
        "s3://bucket/lora?token=<redacted>&region=eu#f");
  CHECK(redact_url("https://h/p?X-Amz-Signature=abc") == "https://h/p?X-Amz-Signature=<redacted>");
  CHECK(redact_url("https://host/a@b") == "https://host/a@b");
  CHECK(redact_url("no url") == "no url");
}

TEST_CASE("arguments lose what follows a secret flag") {
  CHECK(redact_argument("--api-key=sk 1") == "--api-key=<redacted>");
  CHECK(redact_argument("hunter2", "--api-key") == "<redacted>");
  CHECK(redact_argument("hunter2", "--port") == "hunter2");
  CHECK(redact_argument("--port", "--enable-auth") == "--port");
  CHECK(redact_argument("8000", "--api-key=x") == "8000");
  CHECK(redact_argument("--max-num-batched-tokens=4096") == "--max-num-batched-tokens=4096");
  CHECK(redact_argument("--api-key=$(API_KEY)") == "--api-key=$(API_KEY)");
  CHECK(redact_argument("HF_TOKEN=abc") == "HF_TOKEN=<redacted>");
  CHECK(redact_argument("--redis=redis://u:p@h:1") == "--redis=redis://<redacted>@h:1");
}

TEST_CASE("scripts and messages lose secrets and keep their words") {
  CHECK(redact_text("vllm serve m --api-key hunter2 --port 8000") ==
        "vllm serve m --api-key <redacted> --port 8000");
  CHECK(redact_text("export HF_TOKEN=\"hunter2\"; python x.py") ==
        "export HF_TOKEN=\"<redacted>\"; python x.py");
  CHECK(redact_text("curl -H 'Authorization: Bearer hunter2' http://x") ==
        "curl -H 'Authorization: <redacted>' http://x");
  CHECK(redact_text("sent Bearer hunter2, got 401") == "sent Bearer <redacted>, got 401");
  CHECK(redact_text("{\"apiKey\": \"hunter2\", \"port\": 1}") ==
        "{\"apiKey\": \"<redacted>\", \"port\": 1}");
  CHECK(redact_text("{\\\"token\\\":\\\"hunter2\\\"}") == "{\\\"token\\\":\\\"<redacted>\\\"}");
  CHECK(redact_text("password = hunter2\nport = 1") == "password = <redacted>\nport = 1");
  CHECK(redact_text("api_key: hunter2\n") == "api_key: <redacted>\n");
  CHECK(redact_text("key hf_abcdefghijklmnopqrstuvWXYZ12 seen") == "key <redacted> seen");
  CHECK(redact_text("x -----BEGIN RSA PRIVATE KEY-----\nabc") == "x <redacted>");
  for (const std::string_view message :
       {"secret \"aibrix-webhook-server-cert\" not found", "failed to get token: unauthorized",
        "0/3 nodes are available: 3 Insufficient nvidia.com/gpu.", "a key: value pair",
        "Back-off pulling image \"vllm/vllm-openai:v0.7.1\"", "--max-num-batched-tokens 4096",
        "http://aibrix-redis-master.aibrix-system.svc:6379/0", "Bearer"}) {
    INFO(message);
    CHECK(redact_text(message) == message);
  }
}

TEST_CASE("redacting twice changes nothing more") {
  for (const std::string_view text :
       {"--api-key hunter2 x", "https://u:p@h/?token=a&b=c", "Authorization: Bearer abc",
        "HF_TOKEN='a b' && x", "{\"token\":\"a\\\"b\"}", "password = x", "key=\"", "--token ''",
        "token=", "token", "https://", "Bearer ", "token:x:y", "-key -key -key",
        "https://u:p@aaa>@host"}) {
    INFO(text);
    const std::string once = redact_text(text);
    CHECK(redact_text(once) == once);
    CHECK(redact_argument(redact_argument(text)) == redact_argument(text));
    CHECK(redact_url(redact_url(text)) == redact_url(text));
  }
}

TEST_CASE("a named value is hidden by its name, else by what it looks like") {
  CHECK(redact_named("HF_TOKEN", "hunter2") == "<redacted>");
  CHECK(redact_named("HF_TOKEN", "") == "");
  CHECK(redact_named("REDIS_URL", "redis://:p@h:1") == "redis://<redacted>@h:1");
  CHECK(redact_named("PORT", "8000") == "8000");
}
