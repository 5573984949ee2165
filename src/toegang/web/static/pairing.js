// Lets a page go on by itself when the app has done something, and shows when a code is too old. Without
// this script, or where it fails, the person presses a button.
"use strict";

(() => {
  const { stage, state, seconds } = document.getElementById("pairing").dataset;
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  // Pages that were cut off together, as when a server starts anew, come back one after the other.
  const roughly = (milliseconds) => pause(milliseconds * (1 + Math.random()));

  const goOn = (told) => {
    const button = document.querySelector('main form button[value="on"]');
    if (told === "confirmed" && button) {
      button.form.requestSubmit(button);
    } else {
      location.reload();
    }
  };

  const listen = async () => {
    for (;;) {
      try {
        const answer = await fetch(`${state}?stage=${stage}`, { cache: "no-store", redirect: "error" });
        if (answer.status === 503) {
          // Too busy, or starting: that passes.
          await roughly(10000);
          continue;
        }
        if (!answer.ok) {
          return;
        }
        const told = (await answer.json()).stage;
        if (told !== stage) {
          goOn(told);
          return;
        }
        // Too many pages wait: this one asks again later instead of being held.
        await roughly(Number(answer.headers.get("retry-after") ?? 0) * 1000);
      } catch {
        await roughly(3000);
      }
    }
  };

  if (Number(seconds) > 0) {
    setTimeout(() => location.reload(), Number(seconds) * 1000 + 500);
  }
  listen();
})();
