#!/usr/bin/env bash
# scripts/failed-tests.sh GROUP TRX: every failed test of a trx file with the first lines of its message and the place in
# our sources where it failed. Plain awk: the machines that run the tests need not have anything that reads XML.
set -u
group=$1 trx=$2
[ -f "$trx" ] || exit 0

awk -v group="$group" -v most=8 '
  function text(s) {
    gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&quot;/, "\"", s); gsub(/&apos;/, "\047", s)
    gsub(/&#xD;|\r/, "", s); gsub(/&#xA;/, " ", s); gsub(/&amp;/, "\\&", s)
    return s
  }
  function say(s) { if (s ~ /[^ \r]/ && lines++ < most) print "    " text(s) }
  /<UnitTestResult / {
    failed = /outcome="Failed"/
    lines = 0
    if (failed) {
      name = $0
      sub(/.* testName="/, "", name); sub(/".*/, "", name)
      print group ": " text(name)
    }
  }
  !failed { next }
  /<Message>/ { inside = 1; sub(/.*<Message>/, "") }
  /<StackTrace>/ { stack = 1 }
  inside {
    last = /<\/Message>/
    sub(/<\/Message>.*/, "")
    say($0)
    if (last) inside = 0
  }
  stack && / in .*:line [0-9]+/ {
    line = $0
    sub(/^ *(<StackTrace>)? */, "", line); sub(/<\/StackTrace>.*/, "", line)
    print "    " text(line)
    stack = 0
  }
  /<\/StackTrace>/ { stack = 0 }
' "$trx"
