/** The app's logo as the widget takes it: an `https:` address, or a picture as a data URL. */

import type { ReactNode } from "react";

const LONGEST = 200_000;

/** Return the logo; a node is looked up in the button, where it is rendered out of sight. */
export function logoOf(logo: ReactNode, button: Element | null): string | undefined {
  if (typeof logo === "string") return sendable(new URL(logo, location.href).href);
  const picture = button?.querySelector("[data-kc-logo] img, [data-kc-logo] svg");
  if (!picture) return undefined;
  return sendable(picture instanceof HTMLImageElement ? sourceOf(picture) : svgOf(picture));
}

function sendable(url: string): string | undefined {
  return /^(https:|data:image\/)/.test(url) && url.length <= LONGEST ? url : undefined;
}

function svgOf(picture: Element): string {
  return `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(picture))}`;
}

/** A picture that the server cannot fetch (a page on localhost, a blob) is drawn. */
function sourceOf(picture: HTMLImageElement): string {
  if (sendable(picture.src)) return picture.src;
  const canvas = document.createElement("canvas");
  canvas.width = picture.naturalWidth;
  canvas.height = picture.naturalHeight;
  try {
    canvas.getContext("2d")?.drawImage(picture, 0, 0);
    return canvas.toDataURL();
  } catch {
    return ""; // of another origin, or not loaded
  }
}
