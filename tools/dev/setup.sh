#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs Debian packages and fetches the pinned third-party sources. Idempotent; quick when nothing is missing.
#   setup.sh               bring the machine and build/deps to what deps.lock says
#   setup.sh deps update   move deps.lock to the newest version of the same minor series
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
deps=$root/build/deps
packages="build-essential cmake ninja-build gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm device-tree-compiler
libfdt-dev libyaml-dev clang-14 libclang-rt-14-dev clang-format-14 dpkg-dev xz-utils bzip2 patch openssl python3 python3-venv git
ca-certificates libp11-kit-dev"

as_root() {
	if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

say() { echo "setup: $*" >&2; }

install_packages() {
	missing=""
	for package in $packages; do
		dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -q '^installed$' || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	say "installing$missing"
	mkdir -p "$deps"
	as_root apt-get -q update >"$deps/apt.log" 2>&1 || { cat "$deps/apt.log" >&2; exit 2; }
	# shellcheck disable=SC2086
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install $missing >>"$deps/apt.log" 2>&1 ||
		{ tail -n 20 "$deps/apt.log" >&2; say "try: read $deps/apt.log"; exit 2; }
}

# A private apt configuration: suite trixie, sources only; apt checks the suite's signature.
apt_options="-q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=$deps/apt/parts -o Dir::State::Lists=$deps/apt/lists
-o Dir::Cache=$deps/apt/cache -o APT::Sandbox::User=root -o Acquire::Languages=none"

private_apt() {
	mkdir -p "$deps/apt/parts" "$deps/apt/lists/partial" "$deps/apt/cache/archives/partial" "$deps/download"
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
	cat >"$deps/apt/parts/merlon.sources" <<EOF
Types: deb-src
URIs: ${mirror:-http://deb.debian.org/debian}
Suites: trixie trixie-updates bookworm
Components: main
Signed-By: ${MERLON_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
EOF
	# shellcheck disable=SC2086
	apt-get $apt_options update >"$deps/apt.log" 2>&1 || { cat "$deps/apt.log" >&2; exit 2; }
	if grep -q '^[WE]:' "$deps/apt.log"; then cat "$deps/apt.log" >&2; exit 2; fi
}

# newest NAME SERIES: the highest version of SERIES (x.y) that the mirror offers.
newest() {
	# shellcheck disable=SC2086
	apt-cache $apt_options showsrc --only-source "$1" | sed -n 's/^Version: //p' | grep "^$2\." | sort -V | tail -n 1
}

# extract_only DSC NAME PATTERN...: some files out of a large archive; checked against the hashes in the .dsc first.
extract_only() {
	sed -n '/^Checksums-Sha256:/,/^Files:/s/^ \([0-9a-f]*\) [0-9]* \(.*\.orig\.tar\..*\)$/\1  \2/p' "$1" >"$deps/orig.sha256"
	(cd "$deps/download" && sha256sum --check --status "$deps/orig.sha256") ||
		{ say "$2: the archive's SHA-256 differs from its .dsc"; exit 2; }
	mkdir -p "$deps/$2"
	archive=$deps/download/$(cut -d' ' -f3 "$deps/orig.sha256")
	into=$deps/$2
	shift 2
	for pattern do
		tar -xf "$archive" -C "$into" --wildcards --transform 's|.*/||' "*/$pattern"
	done
}

fetch_source() {
	name=$1 version=$2 digest=$3 only=${4:-}
	(cd "$deps/download" &&
		# shellcheck disable=SC2086
		apt-get $apt_options source --download-only --only-source "$name=$version") >>"$deps/apt.log" 2>&1 || return 1
	dsc=$deps/download/${name}_${version#*:}.dsc
	[ "$digest" = any ] || echo "$digest  $dsc" | sha256sum --check --status ||
		{ say "$dsc: SHA-256 differs from deps.lock; nothing was unpacked"; exit 2; }
	rm -rf "${deps:?}/$name"
	if [ -n "$only" ]; then
		set -f # the patterns are for tar
		# shellcheck disable=SC2086
		extract_only "$dsc" "$name" $only
		set +f
	else
		dpkg-source --no-check -x "$dsc" "$deps/$name" >>"$deps/apt.log" 2>&1
	fi
	echo "$version $(sha256sum <"$dsc" | cut -d' ' -f1)${only:+ $only}" >"$deps/$name.fetched"
}

fetch_sources() {
	listed=""
	grep -v '^#' deps.lock | while read -r name version suite digest only; do
		[ "$(cut -d' ' -f1,3- "$deps/$name.fetched" 2>/dev/null)" != "$version${only:+ $only}" ] || continue
		# A version that was accepted in place of the locked one stays until the lock moves.
		[ "$(cat "$deps/$name.instead_of" 2>/dev/null)" != "$version" ] || continue
		if [ -z "$listed" ]; then private_apt; listed=yes; fi
		say "fetching $name $version ($suite)"
		rm -f "$deps/$name.instead_of"
		fetch_source "$name" "$version" "$digest" "$only" && continue
		series=$(echo "$version" | sed 's/^\([0-9]*\.[0-9]*\).*/\1/')
		other=$(newest "$name" "$series")
		if [ -z "$other" ]; then say "$name: the mirror offers no version $series.x"; exit 2; fi
		say "WARNING: $name $version is gone from the mirror; taking $other of the same series"
		say "  try: ./dev deps update, and commit deps.lock"
		fetch_source "$name" "$other" any "$only" || { tail -n 5 "$deps/apt.log" >&2; exit 2; }
		echo "$version" >"$deps/$name.instead_of"
	done
}

update_lock() {
	private_apt
	cp deps.lock "$deps/deps.lock.new"
	grep -v '^#' deps.lock | while read -r name version suite digest only; do
		other=$(newest "$name" "$(echo "$version" | sed 's/^\([0-9]*\.[0-9]*\).*/\1/')")
		fetch_source "$name" "$other" any "$only"
		new=$(cut -d' ' -f2 "$deps/$name.fetched")
		sed -i "s|^$name .*|$(printf '%-10s %-19s %-8s %s %s' "$name" "$other" "$suite" "$new" "$only" | sed 's/ *$//')|" "$deps/deps.lock.new"
		rm -f "$deps/$name.instead_of"
		say "$name $version -> $other"
	done
	cp "$deps/deps.lock.new" deps.lock
}

# unpack NAME PROGRAM PACKAGE...: Debian packages that are unpacked, not installed: installing nginx would start a daemon.
unpack() {
	name=$1 program=$2
	shift 2
	[ ! -e "$deps/$name/$program" ] || return 0
	say "fetching $name"
	mkdir -p "$deps/download/$name"
	(cd "$deps/download/$name" && apt-get -q download "$@") >>"$deps/apt.log" 2>&1 ||
		{ as_root apt-get -q update >>"$deps/apt.log" 2>&1 && cd "$deps/download/$name" && apt-get -q download "$@" >>"$deps/apt.log" 2>&1; } ||
		{ tail -n 5 "$deps/apt.log" >&2; exit 2; }
	for package in "$deps/download/$name"/*.deb; do dpkg-deb -x "$package" "$deps/$name"; done
	cd "$root"
}

python_venv() {
	lock=tests/requirements.txt
	stamp=build/venv/requirements.txt
	if [ -f "$lock" ] && ! cmp -s "$lock" "$stamp"; then
		say "Python packages of the tests into build/venv"
		rm -rf build/venv
		/usr/bin/python3 -m venv build/venv
		build/venv/bin/pip -q --disable-pip-version-check install --require-hashes -r "$lock"
		cp "$lock" "$stamp"
	fi
}

case ${1:-} in
"")
	mkdir -p "$deps"
	install_packages
	fetch_sources
	unpack nginx usr/sbin/nginx nginx nginx-common
	unpack softhsm usr/bin/softhsm2-util softhsm2 softhsm2-common libsofthsm2
	python_venv
	;;
deps)
	if [ "${2:-}" = update ]; then install_packages && update_lock; else echo "usage: ./dev deps update" >&2; exit 2; fi
	;;
*) echo "usage: ./dev setup" >&2; exit 2 ;;
esac
