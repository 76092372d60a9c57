/** What a person would find in their mail, read from the demo's `/mailbox`. */

import { vi } from "vitest";

const ARTICLE = /<article>(.*?)<\/article>/gs;

/** Give the newest sign-in code mailed to an address, waiting for the worker to deliver it. */
export async function mailedCode(baseUrl: string, address: string): Promise<string> {
  return vi.waitUntil(async () => codeIn(await (await fetch(`${baseUrl}/mailbox`)).text(), address), {
    timeout: 20_000,
    interval: 100,
  });
}

function codeIn(page: string, address: string): string | undefined {
  const letter = [...page.matchAll(ARTICLE)]
    .map(([, body = ""]) => body)
    .find((body) => body.includes(address));
  return letter && /\b\d{6}\b/.exec(letter)?.[0];
}
