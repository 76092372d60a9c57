/** From the click to the dialog, and to a first screen that can be used: the widget beside its floor and its peers. */

import { setTimeout } from "node:timers/promises";

import type { Browser } from "playwright-core";

import { type Mark, watch } from "./marks.js";
import type { Pages } from "./pages.js";
import { throttle } from "./throttle.js";

/** Milliseconds from the click, sample by sample. */
interface Opening {
  readonly dialog: number[];
  readonly usable: number[];
}

/** The widget; an empty page; React's first screen after the same two calls, and with nothing to ask. */
const NAMES = ["widget", "empty", "react", "static"] as const;
type Name = (typeof NAMES)[number];
export type Openings = Readonly<Record<Name, Opening>>;

interface Subject {
  readonly url: string;
  /** What there is to press on the first screen. */
  readonly control: string;
}

type Marks = Readonly<Record<Mark, number>>;

const PATIENCE = 60_000;

/** Open each in turn, so that a busy machine is busy for all of them; the first turn only warms the servers up. */
export async function measureOpenings(browser: Browser, pages: Pages, samples: number): Promise<Openings> {
  const subjects: Readonly<Record<Name, Subject>> = {
    widget: { url: pages.app, control: ".screen-foot .button-primary" },
    empty: { url: pages.bare("/empty"), control: "body" },
    react: { url: pages.bare("/peer?asks"), control: ".button-primary" },
    static: { url: pages.bare("/peer"), control: ".button-primary" },
  };
  const openings: Openings = { widget: none(), empty: none(), react: none(), static: none() };
  for (let sample = 0; sample <= samples; sample += 1) {
    for (const name of NAMES) {
      const at = await open(browser, subjects[name]);
      if (sample === 0) continue;
      openings[name].dialog.push(at.dialog - at.click);
      openings[name].usable.push(at.usable - at.click);
    }
  }
  return openings;
}

function none(): Opening {
  return { dialog: [], usable: [] };
}

/** Open once in a context of its own: nothing is cached, no process is reused. */
async function open(browser: Browser, { url, control }: Subject): Promise<Marks> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const marks: { -readonly [mark in Mark]?: number } = {};
    await page.exposeFunction("tellBench", (mark: Mark, at: number) => {
      marks[mark] = at;
    });
    await page.addInitScript(watch, control);
    await throttle(page);
    await page.goto(url, { waitUntil: "networkidle" });
    await page.click("button");
    return await untilAll(marks, url);
  } finally {
    await context.close();
  }
}

/** Wait without touching the page, which is busy with what is measured. */
async function untilAll(marks: Partial<Marks>, url: string): Promise<Marks> {
  const latest = Date.now() + PATIENCE;
  while (Date.now() < latest) {
    const { click, dialog, usable } = marks;
    if (click !== undefined && dialog !== undefined && usable !== undefined) return { click, dialog, usable };
    await setTimeout(20);
  }
  throw new Error(`${url} was not usable within ${PATIENCE / 1000} s; it reached: ${Object.keys(marks)}`);
}
