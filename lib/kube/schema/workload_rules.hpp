// The rules of kinds that run pods.
#pragma once
#include "kube/schema/tell.hpp"

namespace kube {

void look_at_deployment(const Value& object, Teller& tell);
void look_at_stateful_set(const Value& object, Teller& tell);
void look_at_daemon_set(const Value& object, Teller& tell);
void look_at_job(const Value& object, Teller& tell);
void look_at_cron_job(const Value& object, Teller& tell);
void look_at_bare_pod(const Value& object, Teller& tell);
void look_at_budget(const Value& object, Teller& tell);

}  // namespace kube
