#!/usr/bin/env bash
# Regenerates the certificates of test/tls with OpenSSL 3. They are for tests on the loopback interface only.
# The keys are public on purpose, and those of the authorities are deleted.
set -euo pipefail
cd "$(dirname "$0")/../test/tls"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

authority() { # name, common name
  key "$work/$1.key"
  openssl req -new -key "$work/$1.key" -subj "/CN=$2" -out "$work/$1.csr"
  settings "$1" "basicConstraints = critical,CA:TRUE" "keyUsage = critical,keyCertSign,cRLSign"
  openssl ca -batch -notext -config "$work/$1.conf" -selfsign -keyfile "$work/$1.key" \
    -startdate "$from" -enddate "$to" -in "$work/$1.csr" -out "$work/$1.crt"
}

server() { # name, authority, names, last day
  key "$1.key"
  openssl req -new -key "$1.key" -subj "/CN=$1" -out "$work/$1.csr"
  settings "$1" "basicConstraints = CA:FALSE" "extendedKeyUsage = serverAuth" "subjectAltName = $3"
  openssl ca -batch -notext -config "$work/$1.conf" -cert "$work/$2.crt" -keyfile "$work/$2.key" \
    -startdate "$from" -enddate "$4" -in "$work/$1.csr" -out "$1.crt"
}

settings() { # name, extension...
  local name="$1"
  shift
  cat >"$work/$name.conf" <<CONF
[ca]
default_ca = own
[own]
new_certs_dir = $work
database = $work/$name.db
serial = $work/$name.serial
policy = any
default_md = sha256
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
$(printf '%s\n' "$@")
CONF
  : >"$work/$name.db"
  openssl rand -hex 16 >"$work/$name.serial"
}

from=20200101000000Z
to=21200101000000Z
authority known "Volvo Charging test authority"
authority unknown "Volvo Charging unknown authority"
local="DNS:localhost,DNS:api.volvo.test,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1"
server good known "$local" "$to"
server expired known "$local" 20210101000000Z
server wrong-host known "DNS:elsewhere.volvo.test" "$to"
server stranger unknown "$local" "$to"
cp "$work/known.crt" authority.crt
