#!/bin/sh
# Installs what some tests need from the system, where that is allowed. Never fails: a test whose tool is
# missing skips and says so, and fails instead when CI=true.
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v age >/dev/null 2>&1 || missing="$missing age"
command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
command -v go >/dev/null 2>&1 || missing="$missing golang-go"
[ -d /usr/share/gocode/src/golang.org/x/mod/sumdb ] || missing="$missing golang-golang-x-mod-dev"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
command -v zip >/dev/null 2>&1 || missing="$missing zip"
command -v unzip >/dev/null 2>&1 || missing="$missing unzip"
command -v 7z >/dev/null 2>&1 || command -v 7zz >/dev/null 2>&1 || missing="$missing 7zip"
command -v bsdtar >/dev/null 2>&1 || missing="$missing libarchive-tools"
command -v nginx >/dev/null 2>&1 || missing="$missing nginx-light"
command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing for the tests:$missing"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >/dev/null 2>&1 \
            || echo "Could not install all of:$missing"
    else
        echo "Some tests will be skipped; they need:$missing"
    fi
fi
if [ -f tests/browser/package-lock.json ] && { [ ! -d tests/browser/node_modules/axe-core ] || [ ! -d tests/browser/node_modules/html-validate ]; }; then
    if command -v npm >/dev/null 2>&1; then
        npm ci --prefix tests/browser --silent --no-audit --no-fund || echo "Could not install axe-core and html-validate for the browser tests"
    else
        echo "Accessibility tests will be skipped; they need npm"
    fi
fi
exit 0
