// Reading a QR code with the camera: by the browser where it can, else by a reader of our own house.

const WIDEST = 640; // pixels; enough for a small code, light enough for an old telephone
const PAUSE = 120; // milliseconds between two looks

// Looks through the camera until `wanted` returns something for a code, or `signal` aborts; null then.
export async function scan(video, wanted, signal) {
  const wish = { facingMode: "environment", width: { ideal: 1280 } };
  const stream = await navigator.mediaDevices.getUserMedia({ video: wish });
  try {
    video.srcObject = stream;
    await video.play();
    const read = (await byBrowser()) ?? (await byHouse());
    while (!signal.aborted) {
      const found = wanted(await read(video));
      if (found) {
        return found;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    return null;
  } finally {
    stream.getTracks().forEach((track) => track.stop());
    if (video.srcObject === stream) {
      video.srcObject = null; // and not that of who looks again already
    }
  }
}

async function byBrowser() {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats()) ?? [];
  if (!formats.includes("qr_code")) {
    return null;
  }
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
}

async function byHouse() {
  await import("./jsqr.js"); // large, so only when it is needed
  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    brush.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = brush.getImageData(0, 0, canvas.width, canvas.height);
    return globalThis.jsQR(data, width, height, { inversionAttempts: "dontInvert" })?.data ?? "";
  };
}
