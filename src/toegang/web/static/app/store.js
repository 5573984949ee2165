// What this browser keeps of the app, in IndexedDB, which holds keys as objects that cannot be read: {app,
// status, device, pinHalf, turn}, where it is told also {told}, and once it can do nothing any more {status}
// alone. Never the PIN, nor anything that a PIN can be tried on.

const DATABASE = "toegang-app";
const SHELF = "app";
const PLACE = "this";
const DRAFT = "draft";

export const load = () => request("readonly", (shelf) => shelf.get(PLACE));

export const save = (record) => request("readwrite", (shelf) => shelf.put(record, PLACE));

export const erase = () => request("readwrite", (shelf) => shelf.clear());

// Sees that this browser can keep such keys, before the hub is told of them.
export const saveDraft = (keys) => request("readwrite", (shelf) => shelf.put(keys, DRAFT));

export const dropDraft = () => request("readwrite", (shelf) => shelf.delete(DRAFT));

// One at a time, also of two tabs: a statement made with a turn that the other just used up would tell the
// hub that the device was copied.
export const alone = (work) => navigator.locks.request(DATABASE, work);

async function request(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(SHELF, mode, { durability: "strict" });
      const asked = work(transaction.objectStore(SHELF));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(SHELF);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
