// The hub, as the app speaks to it (docs/protocols/app.md): JSON by POST, without cookies.

const LONGEST = 15_000; // milliseconds

// The hub said no; `code` is stable, `reference` is for the help desk.
export class Refused extends Error {
  constructor(code, { tries_left: triesLeft, reference } = {}) {
    super(code);
    this.code = code;
    this.triesLeft = triesLeft;
    this.reference = reference;
  }
}

// What was asked about was used before, or its time is over.
export const isGone = (error) =>
  error instanceof Refused && ["one-time-gone", "step-out-of-order"].includes(error.code);

// No answer: no network, or none of the hub.
export class Unreachable extends Error {}

export async function post(path, body) {
  const response = await sent(path, body);
  const content = response.status === 204 ? {} : await response.json().catch(() => null);
  if (response.ok && content) {
    return content;
  }
  if (response.ok || (response.status >= 500 && !content?.code)) {
    throw new Unreachable(); // the answer broke off half way, or what stands before the hub answered
  }
  throw new Refused(content?.code ?? "other", content ?? {});
}

async function sent(path, body) {
  try {
    return await fetch(`/app/v1/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(LONGEST),
    });
  } catch {
    throw new Unreachable();
  }
}
