#include "pipeline/kafka/group_members.h"

#include <array>

#include "pipeline/kafka/admin_client.h"

namespace eddy {
namespace {

constexpr const char* kFailure = "the consumer group cannot be described";

std::string text_of(const char* text) {
  return text != nullptr ? text : "";
}

GroupMember describe(const rd_kafka_MemberDescription_t* described) {
  GroupMember member;
  member.id = text_of(rd_kafka_MemberDescription_consumer_id(described));
  member.client = text_of(rd_kafka_MemberDescription_client_id(described));
  member.instance = text_of(rd_kafka_MemberDescription_group_instance_id(described));
  member.host = text_of(rd_kafka_MemberDescription_host(described));
  const auto* const assignment = rd_kafka_MemberDescription_assignment(described);
  const auto* const list = rd_kafka_MemberAssignment_partitions(assignment);
  for (int i = 0; list != nullptr && i < list->cnt; ++i) member.shards.insert(list->elems[i].partition);
  return member;
}

bool is_at_rest(rd_kafka_consumer_group_state_t state) {
  switch (state) {
    case RD_KAFKA_CONSUMER_GROUP_STATE_STABLE:
    case RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY:
    case RD_KAFKA_CONSUMER_GROUP_STATE_DEAD:
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<GroupDescription> describe_group(AdminClient& admin, const std::string& group) {
  std::array<const char*, 1> groups = {group.c_str()};
  EDDY_ASSIGN(const RdEvent event,
              admin.answer(RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, kFailure,
                           [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                             rd_kafka_DescribeConsumerGroups(admin.client(), groups.data(), groups.size(),
                                                             options, queue);
                           }));
  std::size_t count = 0;
  const auto* const* const described = rd_kafka_DescribeConsumerGroups_result_groups(
      rd_kafka_event_DescribeConsumerGroups_result(event.get()), &count);
  if (count != 1) return internal_error("the cluster told of another group", group);
  if (const auto* const error = rd_kafka_ConsumerGroupDescription_error(described[0]); error != nullptr) {
    const auto code = rd_kafka_error_code(error);
    if (code == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND) return GroupDescription{true, {}};
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
      return kafka_error(code, kFailure, group, rd_kafka_error_string(error));
  }
  GroupDescription description;
  description.is_at_rest = is_at_rest(rd_kafka_ConsumerGroupDescription_state(described[0]));
  const std::size_t members = rd_kafka_ConsumerGroupDescription_member_count(described[0]);
  for (std::size_t i = 0; i < members; ++i) {
    description.members.push_back(describe(rd_kafka_ConsumerGroupDescription_member(described[0], i)));
  }
  return description;
}

}  // namespace eddy
