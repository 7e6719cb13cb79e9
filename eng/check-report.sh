#!/usr/bin/env bash
# usage: eng/check-report.sh REPORT.html [FOLDER]
# Opens a report in headless Chromium at desktop and phone width and fails on console messages (refused requests among them) and on
# horizontal page scroll. Exits with 2 where there is no Chromium to use.
# With FOLDER, pictures of the page go there: report-1280.png, report-1280-dark.png, report-390.png.
set -euo pipefail

report=${1:?usage: eng/check-report.sh REPORT.html [FOLDER]}
pictures=${2:-}
[[ -r "$report" ]] || { echo "check-report: $report cannot be read" >&2; exit 1; }
browser=""
for name in google-chrome chromium chromium-browser; do
    found=$(command -v "$name") || continue
    # A snap may not read files outside the home folder.
    if [[ "$(readlink -f "$found")" != *snap* ]] && ! head -c 4096 "$found" | grep -aq '/snap/'; then
        browser=$found
        break
    fi
done
if [[ -z "$browser" ]]; then
    echo "check-report: no Chromium found that may read temporary files; install it, on Debian with: apt-get install chromium" >&2
    exit 2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

browse() { # ARGUMENTS...: one page in a profile of its own, with no traffic but the page's
    timeout 90 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$work/profile" --enable-logging=stderr "$@"
}

# A window cannot be as narrow as a phone, a frame can.
frame() { # WIDTH HEIGHT OPEN: a page with the report in a frame of that size, details open or not, which writes what it measured
    cat <<HTML
<!doctype html><html><head><meta charset="utf-8"></head><body style="margin:0">
<iframe id="frame" style="display:block;border:0;width:${1}px;height:${2}px" srcdoc="$(sed 's/&/\&amp;/g; s/"/\&quot;/g' "$report")"></iframe>
<pre id="measured" hidden></pre>
<script>
addEventListener("load", () => {
  const page = document.getElementById("frame").contentDocument, root = page.documentElement;
  const height = root.scrollHeight;
  for (const details of page.querySelectorAll("details")) details.open = ${3};
  const wide = [...page.body.querySelectorAll("*")].filter(e => !e.closest(".scroll") && e.getBoundingClientRect().right > root.clientWidth + 1);
  document.getElementById("measured").textContent =
    "width " + root.scrollWidth + " of " + root.clientWidth + " height " + height + " sections " + page.querySelectorAll("section").length +
    " outside " + (wide.map(e => e.tagName + "." + (e.className.baseVal ?? e.className)).slice(0, 5).join(" ") || "none");
});
</script></body></html>
HTML
}

failed=0
for width in 1280 390; do
    frame "$width" 900 true >"$work/frame.html"
    browse --dump-dom "file://$work/frame.html" >"$work/dom" 2>"$work/log" || { tail -n 5 "$work/log" >&2; echo "check-report: Chromium failed" >&2; exit 1; }
    measured=$(grep -o 'width [0-9]* of [0-9]* height [0-9]* sections [0-9]* outside [^<]*' "$work/dom") ||
        { echo "check-report: the page was not laid out in time" >&2; exit 1; }
    echo "$width px: $measured"
    read -r _ content _ visible _ height _ sections _ outside <<<"$measured"
    if ((content > visible)) || [[ "$outside" != none ]]; then
        echo "check-report: at $width px the page is $content px wide; outside: $outside" >&2
        failed=1
    fi
    if ((sections == 0)); then
        echo "check-report: the page has no section" >&2
        failed=1
    fi
    if grep ':CONSOLE' "$work/log" >&2; then
        echo "check-report: messages on the console at $width px (above)" >&2
        failed=1
    fi
    if [[ -n "$pictures" ]]; then
        mkdir -p "$pictures"
        frame "$width" "$height" false >"$work/frame.html"
        browse --window-size="$width,$height" --screenshot="$pictures/report-$width.png" "file://$work/frame.html" 2>/dev/null
        if ((width == 1280)); then
            browse --window-size="$width,$height" --blink-settings=preferredColorScheme=0 --screenshot="$pictures/report-$width-dark.png" "file://$work/frame.html" 2>/dev/null
        fi
    fi
done
exit "$failed"
