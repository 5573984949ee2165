// Installing the app, and its shell for when there is no network.

const WORKER = "/app/worker.js";
let offer = null;

// Offers to install where the browser does; the offer comes whenever the browser sees fit.
export function offerToInstall() {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
    showOffer();
  });
  addEventListener("appinstalled", () => {
    offer = null;
    showOffer();
  });
}

export async function install() {
  const asked = offer;
  offer = null;
  showOffer();
  await asked?.prompt();
}

// The page's policy lets nothing but this one address become a script by a name made of text.
export function keepShell() {
  const policy = globalThis.trustedTypes?.createPolicy("app", { createScriptURL: () => WORKER });
  const address = policy ? policy.createScriptURL("") : WORKER;
  // Without it the app works too, only not the words that say that there is no network.
  navigator.serviceWorker?.register(address, { scope: "/app/" }).catch(() => {});
}

function showOffer() {
  for (const each of document.querySelectorAll("[data-install]")) {
    each.hidden = offer === null;
  }
}
