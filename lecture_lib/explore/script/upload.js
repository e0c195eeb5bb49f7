// A picture that somebody opens, as bytes to send. More than 10 MB a server of Jupyter drops without a word: large ones are made smaller before.
const SIDE = 1280; // pixels; more than any explorer shows
const SMALL = 2_000_000; // bytes that are sent as they are
const MOST = 8_000_000; // bytes that are sent at all

// Whether its first bytes say that it is HEIC, which few browsers read and Python does not.
const isHeic = async (file) => /^ftyp(hei|hev|mif1|msf1)/.test(new TextDecoder("latin1").decode(await file.slice(4, 12).arrayBuffer()));

// The same picture with at most SIDE pixels a side, upright, as bytes of a PNG.
export async function smaller(source, width, height) {
  const scale = Math.min(1, SIDE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const ctx = canvas.getContext("2d");
  ctx.imageSmoothingQuality = "high";
  Object.assign(ctx, { fillStyle: "#fff" }).fillRect(0, 0, canvas.width, canvas.height); // as Python, transparent pixels on white
  ctx.drawImage(source, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  return blob.arrayBuffer();
}

// The bytes to send of a file. `say`: hears in words that it takes a while. Raises an Error in words where nothing can be sent.
export async function shrunk(file, say = () => {}) {
  const heic = await isHeic(file);
  if (file.size <= SMALL && !heic) return file.arrayBuffer();
  const size = `${(file.size / 1e6).toFixed(1)} MB`;
  say(`Making ${size} smaller …`);
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const content = await smaller(picture, picture.width, picture.height);
    picture.close();
    return content;
  } catch {
    // No picture that this browser knows. Python knows others, and says of HEIC what to do; its beginning is enough for that.
    if (heic) return file.slice(0, SMALL).arrayBuffer();
    if (file.size <= MOST) return file.arrayBuffer();
    throw new Error(`${file.name}: ${size} are too many to send, and this browser cannot make them smaller: it does not read the file as a picture. Save a smaller copy as JPEG or PNG, and open that.`);
  }
}
