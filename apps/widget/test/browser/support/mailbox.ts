/** What a person would find in their mail, read from the demo's `/mailbox`. */

import { vi } from "vitest";

const ARTICLE = /<article>(.*?)<\/article>/gs;

/** Give the newest code mailed to an address, waiting for the worker to deliver another than the one `before`. */
export async function mailedCode(baseUrl: string, address: string, before?: string): Promise<string> {
  const look = async () => {
    const code = codeIn(await (await fetch(`${baseUrl}/mailbox`)).text(), address);
    return code === before ? undefined : code;
  };
  return vi.waitUntil(look, { timeout: 20_000, interval: 100 });
}

function codeIn(page: string, address: string): string | undefined {
  const letter = [...page.matchAll(ARTICLE)]
    .map(([, body = ""]) => body)
    .find((body) => body.includes(address));
  return letter && /\b\d{6}\b/.exec(letter)?.[0];
}
