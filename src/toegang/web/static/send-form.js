// Sends the page's form by itself, on the way back to a service. Without this script, or where it fails,
// the person presses the button.
"use strict";

document.querySelector("main form")?.requestSubmit();
