// A picture that somebody opens, as bytes to send: large ones are made smaller before.
const SIDE = 1280; // pixels; more than any explorer shows
const SMALL = 2_000_000; // bytes that are sent as they are

export async function shrunk(file) {
  if (file.size <= SMALL) return file.arrayBuffer();
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    return blob.arrayBuffer();
  } catch {
    return file.slice(0, SMALL).arrayBuffer(); // no picture that this browser knows: its beginning says to Python what it is
  }
}
