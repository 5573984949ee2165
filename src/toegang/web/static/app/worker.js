// Keeps the shell of the app for when there is no network: its page in both languages and the files of that
// page. Nothing that the hub answers to the app is ever kept. It also shows that a login waits, or that there is
// news. Before this text stands, made by web/app.py: `const KEPT = {mark, pages: {nl, en}, files, notices: {nl, en}}`
// (notices by their kind), so that a new version of any of them is a new worker.
"use strict";

const CACHE = `app-${KEPT.mark}`;
const WAITS = "login-waits";
const NEWS = "account-news";

self.addEventListener("install", (event) => {
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers());
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin, searchParams } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) {
    return;
  }
  if (event.request.mode === "navigate" && pathname === "/app/") {
    event.respondWith(fromHub(event.request, searchParams.get("ui_locales")));
  } else if (KEPT.files.includes(pathname)) {
    event.respondWith(fromHere(event.request));
  }
});

// Whatever is pushed, this is all that is shown: what waits the app asks the hub, after the number.
self.addEventListener("push", (event) => {
  const kind = kindOf(event.data);
  const { title, body } = KEPT.notices[languageOf(navigator.languages)][kind];
  event.waitUntil(self.registration.showNotification(title, { body, tag: kind, renotify: true }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(event.notification.tag === NEWS ? self.clients.openWindow("/account") : openWaiting());
});

function kindOf(data) {
  try {
    return data.json().kind === NEWS ? NEWS : WAITS;
  } catch {
    return WAITS;
  }
}

async function openWaiting() {
  const windows = await self.clients.matchAll({ type: "window" });
  const own = windows.find((each) => new URL(each.url).pathname === "/app/");
  if (own) {
    await own.focus();
    await own.navigate("/app/#waiting");
  } else {
    await self.clients.openWindow("/app/#waiting");
  }
}

async function keep() {
  const cache = await caches.open(CACHE);
  // Without cookies: fetching the page in a language would otherwise be a choice of that language.
  const wanted = [...Object.values(KEPT.pages), ...KEPT.files].map(
    (path) => new Request(path, { credentials: "omit", cache: "no-cache" }),
  );
  await cache.addAll(wanted);
}

async function forgetOthers() {
  const others = (await caches.keys()).filter((name) => name.startsWith("app-") && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
}

async function fromHub(request, wished) {
  try {
    const response = await fetch(request);
    if (response.status < 500) {
      return response;
    }
  } catch {
    // no network: the page that is kept says so when it needs the hub
  }
  const language = languageOf([wished, ...navigator.languages]);
  return (await caches.match(KEPT.pages[language])) ?? Response.error();
}

function languageOf(wished) {
  const tags = wished.map((tag) => tag?.slice(0, 2));
  return tags.find((tag) => tag in KEPT.pages) ?? Object.keys(KEPT.pages)[0];
}

async function fromHere(request) {
  return (await caches.match(request)) ?? fetch(request);
}
