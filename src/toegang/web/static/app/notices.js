// Being told that a login waits (PushAPI): the hub learns where, and its notice says nothing but that.

import { post, Refused } from "./api.js";
import { load, save } from "./store.js";
import { challenged } from "./waiting.js";

const KEY = document.getElementById("main").dataset.pushKey;

// What the start shows of it: {notices} where they can be turned on, {told} where they are.
export async function noticesOf(record) {
  if (!KEY || !("PushManager" in window) || !("Notification" in window)) {
    return {};
  }
  if (record.told && Notification.permission === "granted") {
    return { told: "yes" };
  }
  return Notification.permission === "denied" ? {} : { notices: "yes" };
}

// Asks the browser, then tells the hub.
export async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") {
    throw new Refused("no-notices");
  }
  const { pushManager } = await navigator.serviceWorker.ready;
  const wanted = { userVisibleOnly: true, applicationServerKey: KEY };
  const subscription = await pushManager.subscribe(wanted).catch(() => {
    throw new Refused("no-notices");
  });
  await tellHub(subscription);
}

// A browser may change where it can be told; the hub hears of it at the next start.
export async function keepTold(record) {
  const registration = await navigator.serviceWorker?.getRegistration("/app/");
  const subscription = await registration?.pushManager?.getSubscription();
  if (record.told && subscription && subscription.endpoint !== record.told) {
    await tellHub(subscription);
  }
}

// The app is removed: its push service then tells the hub that nobody listens there.
export async function turnOff() {
  const registration = await navigator.serviceWorker?.getRegistration("/app/");
  const subscription = await registration?.pushManager?.getSubscription();
  await subscription?.unsubscribe();
}

async function tellHub(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  const members = { endpoint, p256dh: keys.p256dh, auth: keys.auth };
  const { session, device } = await challenged("subscribe", members);
  await post(`challenges/${session}/subscription`, { device });
  await save({ ...(await load()), told: endpoint });
}
