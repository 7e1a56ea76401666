#!/usr/bin/env bash
# Runs a command beside Kannel and its fake SMSC, in a network namespace of their own, since Kannel's port for SMSCs can't be
# bound to loopback alone: kannel.sh DIRECTORY MESSAGES COMMAND… Writes what the SMSC got into DIRECTORY/smsc.log.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
directory=$1 messages=$2
shift 2
cd "$directory"
ip link set lo up
cat >kannel.conf <<'CONF'
group = core
admin-port = 13000
admin-password = x
smsbox-port = 13001
box-allow-ip = 127.0.0.1

group = smsc
smsc = fake
port = 10000
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = 13013
global-sender = Kalanit

group = sendsms-user
username = tester
password = not-a-secret
concatenation = true
max-messages = 5

group = sms-service
keyword = default
text = none
max-messages = 0
CONF
stop() { kill $(jobs -p) 2>/dev/null || true; }
trap stop EXIT
is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
wait_for() {
    for _ in $(seq 100); do
        "$@" && return
        sleep 0.1
    done
    echo "kannel.sh: waited in vain for: $*" >&2
    exit 1
}
/usr/sbin/bearerbox -v 4 kannel.conf >bearerbox.log 2>&1 &
wait_for is_open 13001
wait_for is_open 10000
/usr/lib/kannel/test/fakesmsc -H 127.0.0.1 -r 10000 -m 0 "100 200 text nop" >smsc.log 2>&1 &
/usr/sbin/smsbox -v 4 kannel.conf >smsbox.log 2>&1 &
wait_for is_open 13013
status=0
"$@" || status=$?
arrived() { [ "$(grep -c 'Got message' smsc.log)" -ge "$messages" ]; }
wait_for arrived
exit $status
