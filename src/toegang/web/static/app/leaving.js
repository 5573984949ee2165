// This device gives up its app: it is removed, or another takes its place. Then the hub stops it too.

import { post } from "./api.js";
import { challenged } from "./waiting.js";

// `record` is the app as it was kept; one without keys can state nothing any more.
export async function leave(record) {
  if (record?.device) {
    const { session, device } = await challenged("stop", {}, record);
    await post(`challenges/${session}/stop`, { device });
  }
}
