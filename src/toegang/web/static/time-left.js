// Warns two and a half minutes before the page's time is over, and moves no focus (WCAG22-2.2.1,
// WCAG22-4.1.3). Without this script the page still says until when it can be used.
"use strict";

(() => {
  const box = document.getElementById("time-left");
  if (!box) {
    return;
  }
  const start = performance.now();
  const seconds = Number(box.dataset.seconds);
  const timer = setInterval(() => {
    const left = seconds - (performance.now() - start) / 1000;
    if (left > 150) {
      return;
    }
    const over = left <= 0;
    document.getElementById(over ? "time-over" : "time-warning").hidden = false;
    document.getElementById(over ? "time-warning" : "time-over").hidden = true;
    box.classList.add("urgent");
    if (over) {
      clearInterval(timer);
    }
  }, 1000);
})();
