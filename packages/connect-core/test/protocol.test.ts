/** The addresses of frame and app page, and the samples of all messages as others read them. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { appUrl, frameUrl, PROTOCOL_VERSION } from "../src/index.js";
import { SAMPLES } from "./samples.js";

const FROZEN = new URL("./frozen/", import.meta.url);

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

test("samples.json holds the typed samples", () => expect(read("./samples.json")).toEqual(SAMPLES));

test("no variant of a released version has gone", () => {
  const versions = readdirSync(FROZEN);
  expect(versions).toContain(`v${PROTOCOL_VERSION}.json`);
  for (const version of versions) {
    const frozen = read(`./frozen/${version}`) as typeof SAMPLES;
    for (const [side, variants] of Object.entries(frozen)) {
      expect(Object.keys(SAMPLES[side as keyof typeof SAMPLES])).toEqual(
        expect.arrayContaining(Object.keys(variants)),
      );
    }
  }
});

test("a frame's address names version, origin and client", () => {
  const url = frameUrl({
    baseUrl: "https://connect.example/",
    origin: "https://app.example",
    clientId: "client_1",
    theme: "dark",
    language: "sv",
  });
  expect(url).toBe(
    "https://connect.example/connect?v=1&origin=https%3A%2F%2Fapp.example&client_id=client_1&theme=dark&lang=sv",
  );
});

test("without a client it names the link token's digest", () => {
  expect(
    frameUrl({ baseUrl: "https://c.example", origin: "https://a.example", linkTokenDigest: "ab12" }),
  ).toBe("https://c.example/connect?v=1&origin=https%3A%2F%2Fa.example&s=ab12");
});

test("an app's page has no origin in its address", () => {
  expect(
    appUrl({ baseUrl: "https://c.example/base/", clientId: "client_1", theme: "auto", language: "de" }),
  ).toBe("https://c.example/base/connect/app?v=1&client_id=client_1&theme=auto&lang=de");
  expect(appUrl({ baseUrl: "https://c.example", linkTokenDigest: "ab12" })).toBe(
    "https://c.example/connect/app?v=1&s=ab12",
  );
});

test("nothing of what is given can leave its place in the address", () => {
  expect(appUrl({ baseUrl: "https://c.example", clientId: "a&b=c#d e/\u00e9" })).toBe(
    "https://c.example/connect/app?v=1&client_id=a%26b%3Dc%23d%20e%2F%C3%A9",
  );
});
