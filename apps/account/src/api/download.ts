/** Fetches a file of unknown length piece by piece, and tells how far it is. */

import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import { type Fetch, refusal } from "@kryptos_connect/ui/http/request.js";

export interface Downloaded {
  readonly name: string;
  readonly file: Blob;
}

/** A file may take longer than a call: there is no time limit, but an end that comes too early is an error. */
export async function download(
  path: string,
  onProgress: (bytes: number) => void,
  fetch: Fetch,
): Promise<Downloaded> {
  let response: Response;
  const parts: BlobPart[] = [];
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", redirect: "error" });
    if (!response.ok) throw refusal(response, await response.text());
    let bytes = 0;
    const reader = response.body?.getReader();
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      parts.push(read.value as BlobPart);
      bytes += read.value.byteLength;
      onProgress(bytes);
    }
  } catch (failure) {
    throw failure instanceof ApiError ? failure : new ApiError({ code: "OFFLINE" });
  }
  const type = response.headers.get("Content-Type") ?? "application/json";
  return { name: nameIn(response.headers), file: new Blob(parts, { type }) };
}

function nameIn(headers: Headers): string {
  return (
    /filename="?([\w.-]+)"?/.exec(headers.get("Content-Disposition") ?? "")?.[1] ?? "kryptos-export.json"
  );
}

/** Have the browser save a file, as if a link to it had been pressed. */
export function save(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function saveJson(name: string, content: unknown): void {
  save(name, new Blob([`${JSON.stringify(content, null, 2)}\n`], { type: "application/json" }));
}
