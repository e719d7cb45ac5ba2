# shellcheck shell=bash
# ./dev kafka: one real Apache Kafka broker (KRaft, both roles) on 127.0.0.1, from Maven's artifacts, without Docker.

kafka_help() {
  cat <<'HELP'
usage: ./dev kafka start [--port N] [--dir D]
       ./dev kafka stop [--dir D]
       ./dev kafka status [--dir D]

start   brings up Apache Kafka and returns when it answers; where it runs already, says so and does nothing.
        --port N   client port (default 9092); the next port up is the controller's. 0 picks a free pair.
        --dir D    where its data, log and process id are kept (default .kafka/broker)
stop    ends it by its process id, and returns when it has gone; its data stay in D.
status  prints address and process id; exit status 0: it answers, 1: it does not.

examples:
  ./dev kafka start
  ./dev kafka start --port 29092 --dir /tmp/another-broker
  ./dev kafka stop
HELP
}

kafka_jars=${root:?}/.kafka/jars

# Copies the broker's jars (43 MB) once per version of the pom.
kafka_fetch() {
  if [ -f "$kafka_jars/complete" ] && cmp -s tools/kafka/pom.xml "$kafka_jars/complete"; then return; fi
  say "fetching Apache Kafka with Maven"
  rm -rf "$kafka_jars"
  mkdir -p "$kafka_jars"
  mvn -q -B -ntp -f tools/kafka/pom.xml dependency:copy-dependencies \
    -DincludeScope=runtime "-DoutputDirectory=$kafka_jars" >&2 || fail "Maven could not fetch Apache Kafka"
  cp tools/kafka/pom.xml "$kafka_jars/complete"
}

# kafka_port_is_free PORT: nothing listens there.
kafka_port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Prints a port that is free and whose successor is free as well.
kafka_free_port() {
  local port
  for _ in $(seq 100); do
    port=$((20000 + RANDOM % 10000))
    if kafka_port_is_free "$port" && kafka_port_is_free $((port + 1)); then
      echo "$port"
      return
    fi
  done
  fail "no free port between 20000 and 30000"
}

# kafka_answers PORT: sends an ApiVersions request (key 18, version 0, correlation 7, no client id) and reads its answer.
kafka_answers() {
  local answer
  answer=$(
    exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
    printf '\x00\x00\x00\x0a\x00\x12\x00\x00\x00\x00\x00\x07\xff\xff' >&3
    timeout 5 head -c 8 <&3 | od -An -tx1 -j4 | tr -d ' \n'
  ) || return 1
  [ "$answer" = 00000007 ]
}

# kafka_pid DIR: the process id of a living broker of that folder, or nothing.
kafka_pid() {
  local pid
  [ -f "$1/pid" ] || return 0
  pid=$(<"$1/pid")
  # After a restart of the machine the number may be another program's.
  if [ -r "/proc/$pid/cmdline" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF "$1/server.properties"; then echo "$pid"; fi
}

kafka_start() {
  local dir=$1 port=$2 pid
  pid=$(kafka_pid "$dir")
  if [ -n "$pid" ]; then
    say "Kafka runs already on 127.0.0.1:$(<"$dir/port"), process $pid"
    kafka_answers "$(<"$dir/port")" || fail "…but does not answer; see $dir/broker.log"
    [ "$port" = 0 ] || [ "$port" = default ] || [ "$port" = "$(<"$dir/port")" ] || fail "stop it to move it to port $port"
    return
  fi
  [ "$port" = default ] && port=9092
  [ "$port" = 0 ] && port=$(kafka_free_port)
  kafka_port_is_free "$port" || fail "port $port is taken; choose another with --port"
  kafka_port_is_free $((port + 1)) || fail "port $((port + 1)), the controller's, is taken; choose another with --port"
  kafka_fetch
  mkdir -p "$dir/data"
  sed -e "s|@PORT@|$port|g" -e "s|@CONTROLLER_PORT@|$((port + 1))|g" -e "s|@DIR@|$dir|g" \
    tools/kafka/server.properties >"$dir/server.properties"
  local java=(java -Xmx1g "-Dlog4j2.configurationFile=$root/tools/kafka/log4j2.properties" -cp "$kafka_jars/*")
  if [ ! -f "$dir/data/meta.properties" ]; then
    "${java[@]}" kafka.tools.StorageTool format -t RWRkeS1sb2NhbC1icm9rZQ -c "$dir/server.properties" >"$dir/format.log" 2>&1 || {
      cat "$dir/format.log" >&2
      fail "Kafka could not format $dir/data"
    }
  fi
  setsid nohup "${java[@]}" kafka.Kafka "$dir/server.properties" </dev/null >"$dir/broker.log" 2>&1 3>&- &
  pid=$!
  disown "$pid"
  echo "$pid" >"$dir/pid"
  echo "$port" >"$dir/port"
  # The port opens a little before the broker may serve; the log line says that it may.
  local until=$((SECONDS + 90))
  until grep -qs 'Kafka Server started' "$dir/broker.log" && kafka_answers "$port"; do
    if ! kill -0 "$pid" 2>/dev/null || [ $SECONDS -ge $until ]; then
      tail -n 20 "$dir/broker.log" >&2
      kill "$pid" 2>/dev/null || true
      rm -f "$dir/pid"
      fail "Kafka did not start; the whole log is $dir/broker.log"
    fi
    sleep 0.2
  done
  say "Kafka answers on 127.0.0.1:$port, process $pid"
}

kafka_stop() {
  local dir=$1 pid
  pid=$(kafka_pid "$dir")
  if [ -z "$pid" ]; then
    say "no Kafka runs from $dir"
    rm -f "$dir/pid"
    return
  fi
  kill "$pid"
  local until=$((SECONDS + 60))
  while [ -n "$(kafka_pid "$dir")" ]; do
    if [ $SECONDS -ge $until ]; then
      say "Kafka (process $pid) does not end by itself: killing it"
      kill -9 "$pid"
      until=$((SECONDS + 60))
    fi
    sleep 0.1
  done
  rm -f "$dir/pid"
  say "Kafka, process $pid, has stopped"
}

kafka_status() {
  local dir=$1 pid
  pid=$(kafka_pid "$dir")
  if [ -z "$pid" ]; then
    echo "stopped"
    return 1
  fi
  if ! kafka_answers "$(<"$dir/port")"; then
    echo "process $pid does not answer on 127.0.0.1:$(<"$dir/port"); see $dir/broker.log"
    return 1
  fi
  echo "running on 127.0.0.1:$(<"$dir/port"), process $pid"
}

dev_kafka() {
  if want_help "$@" || [ $# -eq 0 ]; then
    kafka_help
    return
  fi
  local action=$1 port=default dir=$root/.kafka/broker
  shift
  while [ $# -gt 0 ]; do
    case $1 in
      --port)
        port=${2:?--port needs a number}
        if [[ ! $port =~ ^[0-9]+$ ]] || [ "$port" -ge 65535 ]; then fail "kafka: --port takes a number from 0 to 65534"; fi
        shift 2
        ;;
      --dir)
        mkdir -p "${2:?--dir needs a folder}"
        dir=$(cd "$2" && pwd)
        shift 2
        ;;
      *) fail "kafka: unknown option '$1'; see ./dev kafka --help" ;;
    esac
  done
  case $action in
    start)
      require kafka
      kafka_start "$dir" "$port"
      ;;
    stop) kafka_stop "$dir" ;;
    status) kafka_status "$dir" ;;
    *) fail "kafka: '$action' is none of start, stop, status" ;;
  esac
}
