# Sourced by demo.sh and test.sh:  . scripts/engine-env.sh; engine_env FOLDER
#
# Finds out, by running a container, whether podman works here with its defaults. Where it does not (kernels whose
# cgroups crun refuses, machines that may not raise their limits) it writes FOLDER/containers.conf, exports
# CONTAINERS_CONF and says so. Returns 1, with the reason in ENGINE_ENV_REASON, when podman works neither way.
# The verdict is kept in FOLDER, for this version of podman, so that only the first call takes a second or two.

engine_env() {
    engine_env_dir=$1
    ENGINE_ENV_REASON=
    if ! command -v podman >/dev/null 2>&1; then
        ENGINE_ENV_REASON="podman is not installed"
        return 1
    fi
    mkdir -p "$engine_env_dir" || return 1
    engine_env_dir=$(cd "$engine_env_dir" && pwd)
    engine_env_key="$(podman --version 2>/dev/null) $(uname -r) uid=$(id -u) conf=${CONTAINERS_CONF:-}"

    engine_env_verdict=$(sed -n "s|^$engine_env_key: ||p" "$engine_env_dir/engine-verdict" 2>/dev/null | tail -n 1)
    if [ -z "$engine_env_verdict" ]; then
        engine_env_verdict=$(engine_env_find)
        case $engine_env_verdict in
            none*) ;; # what is missing may be installed before the next call
            *) printf '%s: %s\n' "$engine_env_key" "$engine_env_verdict" >>"$engine_env_dir/engine-verdict" ;;
        esac
    fi

    case $engine_env_verdict in
        defaults) ;;
        conf)
            CONTAINERS_CONF=$engine_env_dir/containers.conf
            export CONTAINERS_CONF
            echo "podman cannot run containers with its defaults here: using CONTAINERS_CONF=$CONTAINERS_CONF (runc, lower limits)" >&2
            ;;
        *)
            ENGINE_ENV_REASON=${engine_env_verdict#none: }
            return 1
            ;;
    esac
}

# Prints defaults, conf or "none: reason".
engine_env_find() {
    engine_env_busybox=$(command -v busybox) || {
        echo "none: busybox (package busybox-static), needed for a trial container, is not installed"
        return
    }
    engine_env_tmp=$(mktemp -d) || return
    if engine_env_try; then
        echo defaults
    else
        printf '%s\n' '[engine]' 'runtime = "runc"' '[containers]' \
            'default_ulimits = ["nofile=20000:20000","nproc=16384:16384"]' >"$engine_env_dir/containers.conf"
        if CONTAINERS_CONF=$engine_env_dir/containers.conf engine_env_try; then
            echo conf
        else
            echo "none: podman cannot run a container: $(tail -n 1 "$engine_env_tmp/error")"
        fi
    fi
    # What is still mounted below must not be walked into by the deletion.
    sed -n "s|^[^ ]* \($engine_env_tmp/[^ ]*\) .*|\1|p" /proc/self/mounts | sort -r | while read -r engine_env_mount; do
        umount -l "$engine_env_mount"
    done
    rm -rf "${engine_env_tmp:?}"
}

# One real run in a storage of its own, which leaves nothing behind in the user's.
engine_env_try() {
    set -- podman --root "$engine_env_tmp/root" --runroot "$engine_env_tmp/run" --tmpdir "$engine_env_tmp/tmp"
    {
        if ! "$@" image exists localhost/trial; then
            mkdir -p "$engine_env_tmp/fs/bin" &&
                cp "$engine_env_busybox" "$engine_env_tmp/fs/bin/busybox" &&
                tar -C "$engine_env_tmp/fs" -c . | "$@" import - localhost/trial
        fi &&
            "$@" run --rm --network none localhost/trial /bin/busybox true
    } </dev/null >/dev/null 2>"$engine_env_tmp/error"
}
