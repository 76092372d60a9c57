/** The address of the frame, and the samples of all messages as others read them. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { frameUrl, PROTOCOL_VERSION } from "../src/index.js";
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
