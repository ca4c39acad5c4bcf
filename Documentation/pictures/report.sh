#!/usr/bin/env bash
# Makes report.png, a part of the page that the quickstart exports, with headless Chromium: `Documentation/pictures/report.sh`.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$folder/../../Scripts/pixelbytes" run "$folder/../../Notebooks/quickstart.pxb" --export page.html
chromium --headless --no-sandbox --hide-scrollbars --window-size=900,5200 --screenshot=page.png page.html
"$folder/../../Scripts/pixelbytes" -e 'save crop(read_image("page.png"), 0, 1620, 900, 1160), "report.png"'
cp report.png "$folder/report.png"
