# Serves one page on each port that it was given: PORT, every PORT_NAME, and 8080.
# First of all: who is process 1 and has no trap for it is deaf to SIGTERM.
trap 'echo bye; exit 0' TERM INT

busybox() { /bin/busybox "$@"; }
serve() {
  busybox mkdir -p "/www/$1"
  echo "$GREETING ($VERSION) on $1=$2" >"/www/$1/index.html"
  busybox httpd -f -p "$2" -h "/www/$1" &
  echo "serving $1=$2"
}

serve FIXED 8080
for name in $(busybox env | busybox sed -n 's/^\(PORT[A-Z0-9_]*\)=.*/\1/p'); do
  eval "serve $name \$$name"
done

wait
